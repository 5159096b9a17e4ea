#include "cpab/model/base64.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

TEST_CASE("base64_decode: decodes every length and line breaks", "[model]") {
  CHECK(base64_decode("") == "");
  CHECK(base64_decode("Zg==") == "f");
  CHECK(base64_decode("Zm8=") == "fo");
  CHECK(base64_decode("Zm9v") == "foo");
  CHECK(base64_decode("Zm9vYmFy") == "foobar");
  CHECK(base64_decode("Zm9v\nYmFy\r\n") == "foobar");
  CHECK(base64_decode("AP+/") == std::string("\x00\xFF\xBF", 3));
}

TEST_CASE("base64_encode: what base64_decode reads", "[model]") {
  CHECK(base64_encode("") == "");
  CHECK(base64_encode("f") == "Zg==");
  CHECK(base64_encode("fo") == "Zm8=");
  CHECK(base64_encode("foo") == "Zm9v");
  CHECK(base64_encode(std::string("\x00\xFF\xBF", 3)) == "AP+/");
}

TEST_CASE("base64_decode: refuses what is not base64", "[model]") {
  for (const char* text : {"Zg=", "Z", "Z===", "Zm9v!", "Zm 9", "====", "Zg==Zg=="}) {
    CAPTURE(text);
    CHECK(base64_decode(text) == std::nullopt);
  }
}

}  // namespace
}  // namespace cpab
