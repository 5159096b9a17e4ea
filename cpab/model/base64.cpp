#include "cpab/model/base64.h"

#include <algorithm>
#include <cstdint>

namespace cpab {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

std::string without_line_breaks(std::string_view text) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
               [](char c) { return c != '\r' && c != '\n'; });
  return kept;
}

/// How many `=` end the text; none when there are more than two or the length does not fit.
std::optional<std::size_t> padding(std::string_view text) {
  const std::size_t last = text.find_last_not_of('=');
  const std::size_t count = text.size() - (last == std::string_view::npos ? 0 : last + 1);
  if (text.size() % 4 != 0 || count > 2) return std::nullopt;
  return count;
}

}  // namespace

std::string base64_encode(std::string_view bytes) {
  std::string text;
  for (std::size_t at = 0; at < bytes.size(); at += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = at; k < at + 3; ++k) {
      group = group << 8 | (k < bytes.size() ? static_cast<unsigned char>(bytes[k]) : 0u);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += at + k <= bytes.size() ? alphabet[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

std::optional<std::string> base64_decode(std::string_view text) {
  const std::string digits = without_line_breaks(text);
  const auto padded = padding(digits);
  if (!padded) return std::nullopt;
  std::string bytes;
  std::uint32_t pending = 0;
  int bits = 0;
  for (const char digit : std::string_view(digits).substr(0, digits.size() - *padded)) {
    const std::size_t value = alphabet.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    pending = (pending << 6 | static_cast<std::uint32_t>(value)) & 0xFFFFu;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<char>(pending >> bits & 0xFFu));
  }
  return bytes;
}

}  // namespace cpab
