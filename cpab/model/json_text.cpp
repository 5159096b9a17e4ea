#include "cpab/model/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "cpab/model/replaced.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

/// What stands for a character that cannot stand for itself; empty: it can.
std::string_view escaped(char c, std::array<char, 6>& room) {
  switch (c) {
    case '"':
      return "\\\"";
    case '\\':
      return "\\\\";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  if (code >= 0x20) return {};
  constexpr std::string_view digits = "0123456789abcdef";
  room = {'\\', 'u', '0', '0', digits[code >> 4], digits[code & 15]};
  return {room.data(), room.size()};
}

/// Hands `value` as the inside of a JSON string to `take`, piece by piece.
template <typename Take>
void each_quoted_piece(std::string_view value, Take take) {
  std::array<char, 6> room{};
  std::size_t plain = 0;  // bytes at the start of `value` that stand for themselves
  while (plain < value.size()) {
    const std::size_t length = utf8_length(value.substr(plain));
    std::string_view instead = "\xEF\xBF\xBD";  // U+FFFD
    if (length > 0) instead = length == 1 ? escaped(value[plain], room) : std::string_view();
    if (instead.empty()) {
      plain += length;
      continue;
    }
    take(value.substr(0, plain));
    take(instead);
    value.remove_prefix(plain + 1);
    plain = 0;
  }
  take(value);
}

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t' || c == '\r'; }

/// `index` as a JSON pointer has it: decimal, no leading zeros.
std::optional<std::string_view> element_at(std::string_view array, const std::string& index) {
  std::size_t number = 0;
  const char* end = index.data() + index.size();
  const auto [last, error] = std::from_chars(index.data(), end, number);
  if (error != std::errc() || last != end || index != std::to_string(number)) return std::nullopt;
  const auto elements = json_elements(array);
  return number < elements.size() ? std::optional(elements[number]) : std::nullopt;
}

}  // namespace

std::string_view json_value(std::string_view text) {
  JsonCursor cursor(text);
  const std::string_view value = cursor.value();
  cursor.skip_space();
  if (!cursor.at_end()) cursor.fail("unexpected text after the JSON value");
  return value;
}

std::vector<std::pair<std::string, std::string_view>> json_members(std::string_view text) {
  std::vector<std::pair<std::string, std::string_view>> members;
  JsonCursor cursor(text);
  cursor.members([&](std::string_view key) {
    members.emplace_back(key, cursor.value());
    return true;
  });
  return members;
}

std::optional<std::string_view> json_member(std::string_view text, std::string_view key) {
  std::optional<std::string_view> found;
  JsonCursor cursor(text);
  cursor.members([&](std::string_view name) {
    const std::string_view value = cursor.value();
    if (name == key) found = value;
    return !found;
  });
  return found;
}

std::vector<std::string_view> json_elements(std::string_view text) {
  std::vector<std::string_view> elements;
  JsonCursor cursor(text);
  cursor.elements([&] { elements.push_back(cursor.value()); });
  return elements;
}

std::optional<std::string_view> json_at(std::string_view text, std::string_view pointer) {
  std::optional<std::string_view> value = json_value(text);
  while (value && !pointer.empty()) {
    if (pointer.front() != '/') return std::nullopt;
    const std::size_t end = std::min(pointer.find('/', 1), pointer.size());
    const std::string token(pointer.substr(1, end - 1));
    pointer.remove_prefix(end);
    if (value->front() == '{') {
      value = json_member(*value, replaced(replaced(token, "~1", "/"), "~0", "~"));
    } else {
      value = value->front() == '[' ? element_at(*value, token) : std::nullopt;
    }
  }
  return value;
}

std::optional<std::string> json_string(std::string_view text) {
  if (text.empty() || text.front() != '"') return std::nullopt;
  return json_unescaped(JsonCursor(text).string());
}

std::string json_quote(std::string_view value) {
  std::string out;
  out.reserve(value.size() + 2);
  append_json_quoted(out, value);
  return out;
}

void append_json_quoted(std::string& out, std::string_view value) {
  out.push_back('"');
  each_quoted_piece(value, [&](std::string_view piece) { out += piece; });
  out.push_back('"');
}

std::size_t json_quoted_size(std::string_view value) {
  std::size_t size = 2;
  each_quoted_piece(value, [&](std::string_view piece) { size += piece.size(); });
  return size;
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
