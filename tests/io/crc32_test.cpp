#include "cpab/io/crc32.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cpab;

TEST_CASE("crc32: is the one of zlib", "[io]") {
  CHECK(crc32("") == 0);
  CHECK(crc32("123456789") == 0xCBF43926);  // the check value of the CRC catalogue
  CHECK(crc32(std::string(32, '\xff')) == 0xFF6CAB0B);
}

TEST_CASE("crc32: notices every single bit that is turned", "[io]") {
  const std::string text = R"({"replicas":7})";
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string damaged = text;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << (bit % 8)));
    CHECK(crc32(damaged) != crc32(text));
  }
}
