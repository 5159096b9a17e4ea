#include "cpab/model/percent.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("percent_decoded: plus is a space only in forms", "[model]") {
  CHECK(percent_decoded("a+b%2B%c3%A9", true) == "a b+\xC3\xA9");
  CHECK(percent_decoded("a+b", false) == "a+b");
  CHECK(percent_decoded("%g0", false) == std::nullopt);
}

TEST_CASE("percent_encoded: all but what never needs it", "[model]") {
  CHECK(percent_encoded("aZ09-_.~") == "aZ09-_.~");
  CHECK(percent_encoded("a b+/\xC3\xA9") == "a%20b%2B%2F%C3%A9");
}
