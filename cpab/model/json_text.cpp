#include "cpab/model/json_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr int max_depth = 512;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether a character of a string stands for itself and needs no further look. By table: most of
/// a pod list is such characters.
constexpr auto plain_characters = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

bool is_plain(char c) { return plain_characters[static_cast<unsigned char>(c)]; }

/// The same for eight characters at once. May say no when it is true, never the other way round:
/// a byte of `word - n * ones` has its highest bit when that of `word` has it or is less than n.
bool are_plain(const char* eight) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t word = 0;
  std::memcpy(&word, eight, sizeof word);
  const std::uint64_t below_space = word - 0x20 * ones;
  const std::uint64_t quote = (word ^ ('"' * ones)) - ones;
  const std::uint64_t backslash = (word ^ ('\\' * ones)) - ones;
  return ((word | below_space | quote | backslash) & (0x80 * ones)) == 0;
}

int hex_value(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

/// Walks over a document, checking every byte against RFC 8259.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  std::size_t position() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  char peek() const { return at_end() ? '\0' : text_[at_]; }

  void skip_space() {
    while (!at_end() && is_space(text_[at_])) ++at_;
  }

  void expect(char c) {
    if (at_end() || text_[at_] != c) fail(std::string("expected '") + c + "'");
    ++at_;
  }

  bool accept(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  std::string_view value(int depth = 0) {
    const std::size_t start = at_;
    if (at_end()) fail("unexpected end of JSON");
    switch (text_[at_]) {
      case '{':
        object(depth);
        break;
      case '[':
        array(depth);
        break;
      case '"':
        string();
        break;
      case 't':
        literal("true");
        break;
      case 'f':
        literal("false");
        break;
      case 'n':
        literal("null");
        break;
      default:
        number();
    }
    return text_.substr(start, at_ - start);
  }

  /// A string, quotes included.
  std::string_view string() {
    const std::size_t start = at_;
    expect('"');
    for (;;) {
      while (text_.size() - at_ >= 8 && are_plain(text_.data() + at_)) at_ += 8;
      while (!at_end() && is_plain(text_[at_])) ++at_;
      if (at_end()) fail("unexpected end of JSON in a string");
      const char c = text_[at_];
      if (c == '"') break;
      if (static_cast<unsigned char>(c) < 0x20) fail("control character in a string");
      if (c == '\\') {
        escape();
      } else {
        multi_byte_character();
      }
    }
    ++at_;
    return text_.substr(start, at_ - start);
  }

  [[noreturn]] void fail(const std::string& what) const {
    throw JsonError(what + " at byte " + std::to_string(at_));
  }

 private:
  void object(int depth) {
    enter(depth);
    expect('{');
    skip_space();
    if (accept('}')) return;
    do {
      skip_space();
      string();
      skip_space();
      expect(':');
      skip_space();
      value(depth + 1);
      skip_space();
    } while (accept(','));
    expect('}');
  }

  void array(int depth) {
    enter(depth);
    expect('[');
    skip_space();
    if (accept(']')) return;
    do {
      skip_space();
      value(depth + 1);
      skip_space();
    } while (accept(','));
    expect(']');
  }

  void enter(int depth) const {
    if (depth >= max_depth) fail("nested too deeply");
  }

  void escape() {
    ++at_;
    const char kind = peek();
    if (kind == 'u') {
      ++at_;
      for (int i = 0; i < 4; ++i, ++at_) {
        if (hex_value(peek()) < 0) fail("bad \\u escape");
      }
    } else if (kind != '\0' &&
               std::string_view("\"\\/bfnrt").find(kind) != std::string_view::npos) {
      ++at_;
    } else {
      fail("bad escape");
    }
  }

  void multi_byte_character() {
    const std::size_t length = utf8_length(text_.substr(at_));
    if (length == 0) fail("invalid UTF-8");
    at_ += length;
  }

  void literal(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) fail("unexpected character");
    at_ += word.size();
  }

  void number() {
    accept('-');
    if (!is_digit(peek())) fail("unexpected character");
    if (!accept('0')) digits();
    if (accept('.')) digits();
    if (accept('e') || accept('E')) {
      if (!accept('+')) accept('-');
      digits();
    }
  }

  void digits() {
    if (!is_digit(peek())) fail("expected a digit");
    while (is_digit(peek())) ++at_;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t value) { out.push_back(static_cast<char>(value)); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0u | (code >> 6));
    byte(0x80u | (code & 0x3Fu));
  } else if (code < 0x10000) {
    byte(0xE0u | (code >> 12));
    byte(0x80u | ((code >> 6) & 0x3Fu));
    byte(0x80u | (code & 0x3Fu));
  } else {
    byte(0xF0u | (code >> 18));
    byte(0x80u | ((code >> 12) & 0x3Fu));
    byte(0x80u | ((code >> 6) & 0x3Fu));
    byte(0x80u | (code & 0x3Fu));
  }
}

std::uint32_t hex4(std::string_view digits) {
  std::uint32_t code = 0;
  for (const char digit : digits.substr(0, 4)) {
    code = code << 4 | static_cast<std::uint32_t>(hex_value(digit));
  }
  return code;
}

bool is_high_surrogate(std::uint32_t code) { return code >= 0xD800 && code < 0xDC00; }
bool is_low_surrogate(std::uint32_t code) { return code >= 0xDC00 && code < 0xE000; }

/// Reads the `\u` escape whose four digits start at `at`, and a second one that completes a
/// surrogate pair. A surrogate on its own becomes U+FFFD. Returns the position behind it.
std::size_t unescape_unicode(std::string_view content, std::size_t at, std::string& out) {
  std::uint32_t code = hex4(content.substr(at));
  at += 4;
  if (is_high_surrogate(code) && content.substr(at, 2) == "\\u" &&
      is_low_surrogate(hex4(content.substr(at + 2)))) {
    code = 0x10000 + ((code - 0xD800) << 10) + (hex4(content.substr(at + 2)) - 0xDC00);
    at += 6;
  }
  append_utf8(out, is_high_surrogate(code) || is_low_surrogate(code) ? 0xFFFD : code);
  return at;
}

char simple_escape(char kind) {
  switch (kind) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return kind;
  }
}

/// `quoted` is a checked JSON string, quotes included.
std::string unescape(std::string_view quoted) {
  const std::string_view content = quoted.substr(1, quoted.size() - 2);
  std::string out;
  out.reserve(content.size());
  for (std::size_t at = 0; at < content.size();) {
    if (content[at] != '\\') {
      out.push_back(content[at++]);
    } else if (content[at + 1] == 'u') {
      at = unescape_unicode(content, at + 2, out);
    } else {
      out.push_back(simple_escape(content[at + 1]));
      at += 2;
    }
  }
  return out;
}

/// Calls `visit(quoted key, value)` for each member of the object; `visit` returns false to stop.
template <typename Visit>
void for_each_member(std::string_view text, Visit visit) {
  Scanner scanner(text);
  scanner.skip_space();
  scanner.expect('{');
  scanner.skip_space();
  if (scanner.accept('}')) return;
  do {
    scanner.skip_space();
    const std::string_view key = scanner.string();
    scanner.skip_space();
    scanner.expect(':');
    scanner.skip_space();
    const std::string_view value = scanner.value(1);
    if (!visit(key, value)) return;
    scanner.skip_space();
  } while (scanner.accept(','));
  scanner.expect('}');
}

void append_escaped(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (static_cast<unsigned char>(c) >= 0x20) {
    out.push_back(c);
    return;
  }
  std::array<char, 8> text{};
  std::snprintf(text.data(), text.size(), "\\u%04x", static_cast<unsigned>(c));
  out += text.data();
}

}  // namespace

std::string_view json_value(std::string_view text) {
  Scanner scanner(text);
  scanner.skip_space();
  const std::string_view value = scanner.value();
  scanner.skip_space();
  if (!scanner.at_end()) scanner.fail("unexpected text after the JSON value");
  return value;
}

std::vector<std::pair<std::string, std::string_view>> json_members(std::string_view text) {
  std::vector<std::pair<std::string, std::string_view>> members;
  for_each_member(text, [&members](std::string_view key, std::string_view value) {
    members.emplace_back(unescape(key), value);
    return true;
  });
  return members;
}

std::optional<std::string_view> json_member(std::string_view text, std::string_view key) {
  std::optional<std::string_view> found;
  for_each_member(text, [&found, key](std::string_view quoted, std::string_view value) {
    const bool plain = quoted.find('\\') == std::string_view::npos;
    if (plain ? quoted.substr(1, quoted.size() - 2) == key : unescape(quoted) == key) found = value;
    return !found.has_value();
  });
  return found;
}

std::vector<std::string_view> json_elements(std::string_view text) {
  std::vector<std::string_view> elements;
  Scanner scanner(text);
  scanner.skip_space();
  scanner.expect('[');
  scanner.skip_space();
  if (scanner.accept(']')) return elements;
  do {
    scanner.skip_space();
    elements.push_back(scanner.value(1));
    scanner.skip_space();
  } while (scanner.accept(','));
  scanner.expect(']');
  return elements;
}

std::optional<std::string> json_string(std::string_view text) {
  if (text.empty() || text.front() != '"') return std::nullopt;
  Scanner scanner(text);
  const std::string_view quoted = scanner.string();
  return unescape(quoted);
}

std::string json_quote(std::string_view value) {
  std::string out;
  out.reserve(value.size() + 2);
  out.push_back('"');
  while (!value.empty()) {
    const std::size_t length = utf8_length(value);
    if (length == 1) {
      append_escaped(out, value.front());
    } else if (length > 1) {
      out += value.substr(0, length);
    } else {
      out += "\xEF\xBF\xBD";  // U+FFFD
    }
    value.remove_prefix(length == 0 ? 1 : length);
  }
  out.push_back('"');
  return out;
}

std::string json_one_line(std::string_view text) {
  if (text.find('\n') == text.npos && text.find('\r') == text.npos) return std::string(text);
  std::string out;
  out.reserve(text.size());
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (!in_string && is_space(c)) continue;
    out.push_back(c);
    if (in_string && c == '\\') out.push_back(text[++at]);
    if (c == '"') in_string = !in_string;
  }
  return out;
}

}  // namespace cpab
