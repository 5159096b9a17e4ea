#include <catch2/catch.hpp>

#include "cpab/io/gzip.h"
#include "tests/fakes/gzip_bytes.h"

using namespace cpab;

namespace {

// Compressed, and with everything that a header may have.
const std::string rich(
    "\x1f\x8b\x08\x1e\x00\x00\x00\x00\x02\x03\x04\x00\x65\x78\x74\x21\x6e\x61\x6d\x65\x00\x63"
    "\x6f\x6d\x6d\x65\x6e\x74\x00\x2b\xe3\x2b\x4f\x2c\x56\x48\xaf\xca\x2c\xd0\x51\x28\xc7\x60"
    "\x01\x00\x49\xb7\x4f\xb5\x1c\x00\x00\x00",
    54);
const std::string rich_content = "was gzip, was gzip, was gzip";

constexpr std::size_t limit = 100'000;

// What came out, or the kind of the failure.
std::string outcome(std::string_view bytes, std::size_t allowed = limit) {
  try {
    return gunzip(bytes, allowed);
  } catch (const GzipError& error) {
    switch (error.kind) {
      case GzipError::Kind::cut:
        return "cut";
      case GzipError::Kind::damaged:
        return error.what();
      case GzipError::Kind::too_large:
        return "too large";
    }
  }
  return "";
}

}  // namespace

TEST_CASE("gunzip: undoes whole files", "[io]") {
  const std::string large(60'000, 'x');

  CHECK(outcome(rich) == rich_content);
  CHECK(outcome(gzip_bytes("18")) == "18");
  CHECK(outcome(gzip_bytes("")) == "");
  CHECK(outcome(gzip_bytes(large)) == large);
  CHECK(outcome(gzip_bytes("1") + rich + gzip_bytes("8")) == "1" + rich_content + "8");
}

TEST_CASE("gunzip: no beginning of a file passes for the whole", "[io]") {
  for (const std::string& whole : {rich, gzip_bytes("18"), gzip_bytes("18") + rich}) {
    for (std::size_t size = 0; size < whole.size(); ++size) {
      if (size == gzip_bytes("18").size()) continue;  // which is a whole one
      INFO(size << " of " << whole.size());
      CHECK(outcome(whole.substr(0, size)) == "cut");
    }
  }
}

TEST_CASE("gunzip: no file with a bit turned passes for a good one", "[io]") {
  const std::string whole = gzip_bytes("18");
  constexpr std::size_t after_header = 11;  // there, most bits mean nothing
  for (std::size_t bit = after_header * 8; bit < whole.size() * 8; ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
    INFO(bit);
    CHECK_THROWS_AS(gunzip(damaged, limit), GzipError);
  }
}

TEST_CASE("gunzip: says what is wrong", "[io]") {
  std::string other_method = gzip_bytes("18");
  other_method[2] = 7;
  std::string wrong_content = gzip_bytes("18");
  wrong_content[15] = '2';
  std::string wrong_length = gzip_bytes("18");
  wrong_length.back() = 1;

  CHECK(outcome("18 and more") == "gzip: invalid header");
  CHECK(outcome(gzip_bytes("18") + "18") == "gzip: invalid header");
  CHECK(outcome(other_method) == "gzip: unknown compression");
  CHECK(outcome(wrong_content) == "gzip: invalid checksum");
  CHECK(outcome(wrong_length) == "gzip: invalid length");
}

TEST_CASE("gunzip: what is in it has a limit", "[io]") {
  CHECK(outcome(gzip_bytes(std::string(100, 'x')), 100).size() == 100);
  CHECK(outcome(gzip_bytes(std::string(101, 'x')), 100) == "too large");
  CHECK(outcome(gzip_bytes("1234") + gzip_bytes("5678"), 7) == "too large");
}

TEST_CASE("gunzip: counts what comes out", "[io]") {
  const std::string bytes = gzip_bytes(std::string(60'000, 'x'));
  MemoryPool pool(150'000, "maxCycleBytes");
  MemoryShare share(std::make_shared<MemoryAccount>(pool), "a metric");

  CHECK(gunzip(bytes, limit, &share).size() == 60'000);
  CHECK(share.bytes() == 60'000);
  CHECK_THROWS_AS(gunzip(bytes, limit, &share), MemoryError);
}
