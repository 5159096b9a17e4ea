#include "cpab/backtest/gate.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iterator>

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

TEST_CASE("gate: no cycle may fail without a fault, unless a limit says otherwise", "[backtest]") {
  const auto texts = [](const std::vector<std::string>& given, std::size_t configurations) {
    std::vector<Gate> gates;
    std::transform(given.begin(), given.end(), std::back_inserter(gates), parse_gate);
    std::vector<std::string> all;
    for (const Gate& gate : with_default_gates(gates, configurations)) {
      const char* scopes[] = {"", "config.", "compare."};
      all.push_back(scopes[static_cast<int>(gate.scope)] + gate.text);
    }
    return all;
  };
  const std::string limit = "cyclesFailedWithoutFault>0 (the default)";
  CHECK(texts({}, 1) == Sentences{"config." + limit});
  CHECK(texts({}, 2) == Sentences{"config." + limit, "compare." + limit});
  CHECK(texts({"podHours>1"}, 1) == Sentences{"podHours>1", "config." + limit});
  CHECK(texts({"cyclesFailed>5"}, 2) == Sentences{"cyclesFailed>5"});
  CHECK(texts({"cyclesFailedWithoutFault>5"}, 1) == Sentences{"cyclesFailedWithoutFault>5"});
  CHECK(texts({"cyclesFailed>1x"}, 2) == Sentences{"compare.cyclesFailed>1x", "config." + limit});

  const NamedSummary failing{"a.yaml", {{"cyclesFailedWithoutFault", 2}}};
  CHECK(beyond_limits(with_default_gates({}, 1), {failing}) ==
        Sentences{"a.yaml is beyond the limit cyclesFailedWithoutFault>0 (the default): it is 2"});
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
