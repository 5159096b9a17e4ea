#pragma once

#include <cstdint>
#include <string_view>

namespace cpab {

/// The CRC-32 of zlib, PNG and Ethernet (polynomial 0x04C11DB7, reflected). Finds out that bytes
/// were damaged, not that somebody has forged them.
std::uint32_t crc32(std::string_view bytes);

}  // namespace cpab
