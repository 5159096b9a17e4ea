#include "cpab/model/json_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>

#include "cpab/model/replaced.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

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
