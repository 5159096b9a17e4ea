#include "cpab/model/number.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("number_in: a number and nothing else", "[model]") {
  CHECK(number_in(" 348.25\n") == 348.25);
  CHECK(number_in("-1e3") == -1000);
  for (const char* text : {"", " ", "5 pods", "0x10", "nan", "inf", "{\"a\":1}", "1e999"}) {
    INFO(text);
    CHECK(number_in(text) == std::nullopt);
  }
}
