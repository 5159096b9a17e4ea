#pragma once

#include <cstddef>
#include <string>
#include <string_view>

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

}  // namespace cpab
