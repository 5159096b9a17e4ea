#include "cpab/model/printable.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "cpab/model/utf8.h"

namespace cpab {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

constexpr std::array<Range, 10> unprintable{{
    {0x0000, 0x001F},  // C0
    {0x007F, 0x009F},  // DEL, C1
    {0x061C, 0x061C},  // direction of Arabic letters
    {0x180E, 0x180E},
    {0x200B, 0x200B},  // no width
    {0x200E, 0x200F},  // direction
    {0x2028, 0x202E},  // line, paragraph, direction
    {0x2060, 0x206F},  // no width, direction
    {0xFEFF, 0xFEFF},  // byte order mark
    {0xFFF9, 0xFFFB},  // annotations
}};

char32_t code_of(std::string_view character) {
  const auto byte = [&](std::size_t at) {
    return static_cast<char32_t>(static_cast<unsigned char>(character[at]));
  };
  if (character.size() == 1) return byte(0);
  char32_t code = byte(0) & (0x7Fu >> character.size());
  for (std::size_t at = 1; at < character.size(); ++at) code = code << 6 | (byte(at) & 0x3Fu);
  return code;
}

std::string spelled(const char* format, char32_t code) {
  std::array<char, 16> text{};
  std::snprintf(text.data(), text.size(), format, static_cast<unsigned>(code));
  return text.data();
}

/// The character at the start of `text`; a single byte when it is none.
std::string_view first_character(std::string_view text) {
  return text.substr(0, std::max<std::size_t>(1, utf8_length(text)));
}

bool is_valid(std::string_view character) { return utf8_length(character) > 0; }

}  // namespace

bool is_unprintable(char32_t code) {
  return std::any_of(unprintable.begin(), unprintable.end(), [code](const Range& range) {
    return code >= range.first && code <= range.last;
  });
}

std::string printable(std::string_view text, std::string_view indent) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::string_view character = first_character(text);
    const char32_t code = code_of(character);
    text.remove_prefix(character.size());
    if (code == '\n') {
      (result += '\n') += indent;
    } else if (!is_valid(character) || code == 0x7F || (code < 0x20 && code != '\t')) {
      result += spelled("\\x%02x", code);
    } else if (code != '\t' && is_unprintable(code)) {
      result += spelled("\\u%04x", code);
    } else {
      result += character;
    }
  }
  return result;
}

std::string printable_json(std::string json) {
  const auto may_be_unprintable = [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte == 0x7F || byte == 0xC2 || byte == 0xD8 || (byte >= 0xE1 && byte <= 0xEF);
  };
  if (std::none_of(json.begin(), json.end(), may_be_unprintable)) return json;
  std::string result;
  result.reserve(json.size());
  for (std::string_view rest = json; !rest.empty();) {
    const std::string_view character = first_character(rest);
    const char32_t code = code_of(character);
    const bool is_escaped = code >= 0x7F && is_unprintable(code);
    result += is_escaped ? spelled("\\u%04x", code) : std::string(character);
    rest.remove_prefix(character.size());
  }
  return result;
}

}  // namespace cpab
