#include "cpab/backtest/failed_cycles.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

DecisionRecord failed_at(Duration at, const std::string& message, const std::string& err) {
  DecisionRecord record;
  record.time = WallTime(at);
  record.failure = Failure{"metric", "exit", message, "", err};
  return record;
}

}  // namespace

TEST_CASE("failed cycles: a replay without success tells nothing", "[backtest]") {
  CHECK(describe_no_success({failed_at(5s, "x", ""), failed_at(6s, "y", "")}) ==
        "no cycle succeeded (all 2 failed); the figures tell nothing about the configuration");
  CHECK(describe_no_success({}) ==
        "no cycle succeeded (there was none: the scenario ends before startTime lets one begin); "
        "the figures tell nothing about the configuration");
  CHECK(describe_no_success({failed_at(5s, "x", ""), DecisionRecord()}).empty());
}

TEST_CASE("failed cycles: how many, and why the first one", "[backtest]") {
  CHECK(describe_failed_cycles({}).empty());
  CHECK(describe_failed_cycles({DecisionRecord()}).empty());
  CHECK(
      describe_failed_cycles({DecisionRecord(), failed_at(5s, "exit status 2", "no\x1b[2J\nway\n"),
                              failed_at(6s, "timeout", "")}) ==
      "2 of 3 cycles failed, the first at 1970-01-01T00:00:05Z: exit status 2\n"
      "  no\\x1b[2J\n"
      "  way");
  CHECK(describe_failed_cycles({failed_at(6s, "timeout", "")}) ==
        "1 of 1 cycles failed, the first at 1970-01-01T00:00:06Z: timeout");
}
