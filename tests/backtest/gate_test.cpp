#include "cpab/backtest/gate.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

const NamedSummary base{"base.yaml", {{"podHours", 12}, {"reversals", 3}}};
const NamedSummary change{"change.yaml", {{"podHours", 15}, {"reversals", 0}}};

using Sentences = std::vector<std::string>;

bool trips(const std::string& gate) { return !beyond_limits({parse_gate(gate)}, {base}).empty(); }

Sentences compared(const std::string& gate) {
  return beyond_limits({parse_gate(gate)}, {base, change});
}

}  // namespace

TEST_CASE("gate: trips beyond its limit", "[backtest]") {
  CHECK(trips("podHours>11"));
  CHECK_FALSE(trips("podHours>12"));
  CHECK(trips("podHours >= 12"));
  CHECK(trips("reversals<3.5"));
  CHECK(trips("reversals<=3"));
  CHECK_FALSE(trips("reversals<3"));
  CHECK(trips("config.reversals>2"));
}

TEST_CASE("gate: of two configurations each has to keep it, or the one it names", "[backtest]") {
  CHECK(compared("podHours>11") ==
        Sentences{"base.yaml is beyond the limit podHours>11: it is 12",
                  "change.yaml is beyond the limit podHours>11: it is 15"});
  CHECK(compared("podHours>12") ==
        Sentences{"change.yaml is beyond the limit podHours>12: it is 15"});
  CHECK(compared("config.podHours>12").empty());
  CHECK(compared("compare.reversals>2").empty());
}

TEST_CASE("gate: the second one in relation to the first", "[backtest]") {
  CHECK(
      compared("podHours>1.2x") ==
      Sentences{"change.yaml is beyond the limit podHours>1.2x: it is 15, and 12 with base.yaml"});
  CHECK(compared("podHours>=1.25x").size() == 1);
  CHECK(compared("compare.podHours>1.25x").empty());
  CHECK(compared("reversals>1x").empty());
}

TEST_CASE("gate: says what is wrong", "[backtest]") {
  for (const char* text : {"", "podHours", ">3", "podHours>", "podHours>x", "podHours>nan",
                           "podHours", "podHours>1%", "podHours>1xx", "config.podHours>1x"}) {
    CAPTURE(text);
    CHECK_THROWS_WITH(parse_gate(text), Catch::Contains("write such as sloViolationShare>0.01"));
  }
  CHECK_THROWS_WITH(trips("hours>1"), "the summary has no hours, but: podHours, reversals");
  CHECK_THROWS_WITH(trips("podHours>1.1x"),
                    "the limit podHours>1.1x is about --compare; give that too");
  CHECK_THROWS_WITH(trips("compare.podHours>1"),
                    "the limit compare.podHours>1 is about --compare; give that too");
}
