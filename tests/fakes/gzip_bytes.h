#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "cpab/io/crc32.h"

namespace cpab {

/// `text`, up to 65,535 bytes, as a file of gzip that compresses nothing.
inline std::string gzip_bytes(std::string_view text) {
  const auto number = [](std::uint32_t value, int size) {
    std::string bytes;
    for (int i = 0; i < size; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
    return bytes;
  };
  const auto size = static_cast<std::uint32_t>(text.size());
  const std::string header("\x1f\x8b\x08\0\0\0\0\0\0\x03", 10);
  const std::string last_stored_block = '\x01' + number(size, 2) + number(~size, 2);
  return header + last_stored_block + std::string(text) + number(crc32(text), 4) + number(size, 4);
}

}  // namespace cpab
