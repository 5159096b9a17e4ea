#include "cpab/model/utf8.h"

#include <cstdint>

namespace cpab {
namespace {

bool is_continuation(unsigned char byte) { return (byte & 0xC0u) == 0x80u; }

std::size_t expected_length(unsigned char lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return 2;
  if (lead >= 0xE0 && lead <= 0xEF) return 3;
  if (lead >= 0xF0 && lead <= 0xF4) return 4;
  return 0;
}

// The second byte rules out overlong forms, surrogates and what lies beyond U+10FFFF.
bool second_byte_fits(unsigned char lead, unsigned char second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second <= 0x9F;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second <= 0x8F;
    default:
      return true;
  }
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  const auto byte = [text](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const std::size_t length = expected_length(byte(0));
  if (length < 2) return length;
  if (text.size() < length || !second_byte_fits(byte(0), byte(1))) return 0;
  for (std::size_t at = 1; at < length; ++at) {
    if (!is_continuation(byte(at))) return 0;
  }
  return length;
}

std::string utf8_repaired(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    out += length == 0 ? std::string_view("\xEF\xBF\xBD") : text.substr(0, length);
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string_view utf8_prefix(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  constexpr std::size_t longest_rest = 3;
  std::size_t end = limit;
  while (end > 0 && limit - end < longest_rest &&
         is_continuation(static_cast<unsigned char>(text[end]))) {
    --end;
  }
  // What is no character anyway may be cut anywhere.
  return text.substr(0, utf8_length(text.substr(end)) > 0 ? end : limit);
}

std::string cut_short(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return std::string(text);
  return std::string(utf8_prefix(text, limit)) + "... (" + std::to_string(text.size()) +
         " bytes)";
}

std::string nul_escaped(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (const char c : text) {
    if (c == '\0') {
      result += "\\x00";
    } else {
      result.push_back(c);
    }
  }
  return result;
}

}  // namespace cpab
