#include "cpab/io/crc32.h"

#include <boost/crc.hpp>

namespace cpab {

std::uint32_t crc32(std::string_view bytes) {
  boost::crc_32_type remainder;
  remainder.process_bytes(bytes.data(), bytes.size());
  return remainder.checksum();
}

}  // namespace cpab
