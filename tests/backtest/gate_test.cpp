#include "cpab/backtest/gate.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("gate: trips beyond its limit", "[backtest]") {
  const Summary summary{{"podHours", 12}, {"reversals", 3}};
  CHECK(parse_gate("podHours>11").trips(summary));
  CHECK_FALSE(parse_gate("podHours>12").trips(summary));
  CHECK(parse_gate("podHours >= 12").trips(summary));
  CHECK(parse_gate("reversals<3.5").trips(summary));
  CHECK(parse_gate("reversals<=3").trips(summary));
  CHECK_FALSE(parse_gate("reversals<3").trips(summary));
}

TEST_CASE("gate: says what is wrong", "[backtest]") {
  for (const char* text : {"", "podHours", ">3", "podHours>", "podHours>x", "podHours>nan"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(parse_gate(text), Catch::Contains("write such as sloViolationShare>0.01"));
  }
  CHECK_THROWS_WITH(parse_gate("hours>1").trips({{"podHours", 12}, {"reversals", 3}}),
                    "the summary has no hours, but: podHours, reversals");
}
