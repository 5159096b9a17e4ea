#include "cpab/model/json_cursor.h"

#include <array>
#include <cstdint>
#include <cstring>

#include "cpab/model/utf8.h"

namespace cpab {
namespace {

constexpr int max_depth = 512;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether a character of a string stands for itself and needs no further look. By table: most of
/// a pod list is such characters.
constexpr auto plain_table = [] {
  std::array<bool, 256> plain{};
  for (std::size_t c = 0x20; c < 0x80; ++c) plain[c] = c != '"' && c != '\\';
  return plain;
}();

bool is_plain(char c) { return plain_table[static_cast<unsigned char>(c)]; }

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

}  // namespace

std::string json_unescaped(std::string_view quoted) {
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

std::string_view JsonCursor::value() {
  const std::size_t start = at_;
  if (at_end()) fail("unexpected end of JSON");
  switch (text_[at_]) {
    case '{':
      object();
      break;
    case '[':
      array();
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

std::string_view JsonCursor::string() {
  const std::size_t start = at_;
  expect('"');
  for (;;) {
    plain_characters();
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

void JsonCursor::fail(const std::string& what) const {
  throw JsonError(what + " at byte " + std::to_string(at_));
}

/// Enters an object or array; false when it is empty, and thereby passed.
bool JsonCursor::begin(char open, char close) {
  if (depth_ >= max_depth) fail("nested too deeply");
  expect(open);
  skip_space();
  if (accept(close)) return false;
  ++depth_;
  return true;
}

/// Moves on to the next member or element; false when there is none, and the end is passed.
bool JsonCursor::next(char close) {
  skip_space();
  if (accept(',')) {
    skip_space();
    return true;
  }
  expect(close);
  --depth_;
  return false;
}

/// Steps over a key and its colon. Returns its content, from `unescaped` if need be.
std::string_view JsonCursor::key(std::string& unescaped) {
  const std::string_view quoted = string();
  skip_space();
  expect(':');
  skip_space();
  if (quoted.find('\\') == quoted.npos) return quoted.substr(1, quoted.size() - 2);
  unescaped = json_unescaped(quoted);
  return unescaped;
}

void JsonCursor::expect(char c) {
  if (!accept(c)) fail(std::string("expected '") + c + "'");
}

bool JsonCursor::accept(char c) {
  if (at_end() || text_[at_] != c) return false;
  ++at_;
  return true;
}

void JsonCursor::object() {
  for (bool more = begin('{', '}'); more; more = next('}')) {
    string();
    skip_space();
    expect(':');
    skip_space();
    value();
  }
}

void JsonCursor::array() {
  for (bool more = begin('[', ']'); more; more = next(']')) value();
}

void JsonCursor::plain_characters() {
  while (text_.size() - at_ >= 8 && are_plain(text_.data() + at_)) at_ += 8;
  while (!at_end() && is_plain(text_[at_])) ++at_;
}

void JsonCursor::escape() {
  ++at_;
  const char kind = peek();
  if (kind == 'u') {
    ++at_;
    for (int i = 0; i < 4; ++i, ++at_) {
      if (hex_value(peek()) < 0) fail("bad \\u escape");
    }
  } else if (kind != '\0' && std::string_view("\"\\/bfnrt").find(kind) != std::string_view::npos) {
    ++at_;
  } else {
    fail("bad escape");
  }
}

void JsonCursor::multi_byte_character() {
  const std::size_t length = utf8_length(text_.substr(at_));
  if (length == 0) fail("invalid UTF-8");
  at_ += length;
}

void JsonCursor::literal(std::string_view word) {
  if (text_.substr(at_, word.size()) != word) fail("unexpected character");
  at_ += word.size();
}

void JsonCursor::number() {
  accept('-');
  if (!is_digit(peek())) fail("unexpected character");
  if (!accept('0')) digits();
  if (accept('.')) digits();
  if (accept('e') || accept('E')) {
    if (!accept('+')) accept('-');
    digits();
  }
}

void JsonCursor::digits() {
  if (!is_digit(peek())) fail("expected a digit");
  while (is_digit(peek())) ++at_;
}

}  // namespace cpab
