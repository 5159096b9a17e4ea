#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

#include "cpab/model/utf8.h"

namespace cpab {

/// How much of a program's output errors, logs and decision records show.
inline constexpr std::size_t shown_bytes = 4096;

/// The last `limit` bytes of `text`, beginning with a whole character of UTF-8.
inline std::string_view tail(std::string_view text, std::size_t limit = shown_bytes) {
  if (text.size() <= limit) return text;
  text.remove_prefix(text.size() - limit);
  while (!text.empty() && (static_cast<unsigned char>(text[0]) & 0xc0) == 0x80) {
    text.remove_prefix(1);
  }
  return text;
}

/// Of a text of `total` bytes, of which `text` is all or both ends, the first and the last part,
/// `limit` bytes together, and between them how much is left out.
inline std::string excerpt(std::string_view text, std::size_t total,
                           std::size_t limit = shown_bytes) {
  if (std::max(total, text.size()) <= limit) return std::string(text);
  const std::size_t half = std::min(limit, text.size()) / 2;
  const std::string_view start = utf8_prefix(text, half);
  const std::string_view end = tail(text, half);
  const std::size_t left_out = std::max(total, text.size()) - start.size() - end.size();
  // The dots are where Redaction looks for what is left of a secret that was cut in two.
  return std::string(start) + "...\n[" + std::to_string(left_out) + " bytes left out]\n..." +
         std::string(end);
}

}  // namespace cpab
