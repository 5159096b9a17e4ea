#include "cpab/backtest/summary.h"

#include <catch2/catch.hpp>

#include "cpab/backtest/gate.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// Ten minutes a sample: needed, wanted, ready.
Timeline timeline_of(const std::vector<std::array<std::int32_t, 3>>& rows) {
  Timeline timeline;
  for (const auto& [needed, wanted, ready] : rows) {
    timeline.push_back({.time = WallTime(timeline.size() * 10min),
                        .load = needed * 50.0,
                        .wanted = wanted,
                        .pods = wanted,
                        .ready = ready,
                        .needed = needed,
                        .served = ready >= needed});
  }
  return timeline;
}

}  // namespace

TEST_CASE("summary: a day of six samples, reckoned by hand", "[backtest]") {
  const Timeline timeline =
      timeline_of({{2, 2, 2}, {4, 2, 2}, {4, 4, 2}, {4, 4, 4}, {2, 4, 4}, {2, 3, 3}});
  const Summary summary =
      summarize(timeline, 10min, {.all = 6, .failed = 3, .failed_without_fault = 1, .scaled = 2});
  const auto value = [&](const char* name) { return value_of(summary, name); };

  CHECK(value("sloViolationShare") == Approx(2.0 / 6));
  CHECK(value("sloViolationLongestSeconds") == 1200);
  CHECK(value("podHours") == Approx((2 + 2 + 4 + 4 + 4 + 3) / 6.0));
  CHECK(value("neededPodHours") == Approx((2 + 4 + 4 + 4 + 2 + 2) / 6.0));
  CHECK(value("underProvisionedShare") == Approx(2.0 / 6));
  CHECK(value("overProvisionedShare") == Approx(2.0 / 6));
  CHECK(value("underProvisioningAccuracy") == Approx((0.5 + 0.5) / 6));
  CHECK(value("overProvisioningAccuracy") == Approx((1.0 + 0.5) / 6));
  CHECK(value("underProvisionedPodHours") == Approx(4 / 6.0));
  CHECK(value("overProvisionedPodHours") == Approx(3 / 6.0));
  CHECK(value("maxReplicas") == 4);
  CHECK(value("scaleUps") == 1);
  CHECK(value("scaleDowns") == 1);
  CHECK(value("reversals") == 1);
  CHECK(value("jitterPerHour") == 0);  // ready changed twice, so did what was needed
  CHECK(value("readyLagMeanSeconds") == 600);
  CHECK(value("cyclesFailed") == 3);
  CHECK(value("cyclesFailedWithoutFault") == 1);
}

TEST_CASE("summary: where nothing is needed, and nothing gets ready", "[backtest]") {
  const Summary idle = summarize(timeline_of({{0, 1, 1}, {0, 0, 0}}), 10min, {});
  CHECK(value_of(idle, "overProvisioningAccuracy") == Approx(0.5));
  CHECK(value_of(idle, "sloViolationShare") == 0);
  const Summary stuck = summarize(timeline_of({{2, 2, 1}, {2, 2, 1}}), 10min, {});
  CHECK(value_of(stuck, "readyLagMaxSeconds") == 1200);
  CHECK(value_of(summarize({}, 10min, {}), "podHours") == 0);
}

TEST_CASE("summary: as JSON and as a table", "[backtest]") {
  const Summary one{{"podHours", 12}, {"maxReplicas", 5}, {"sloViolationShare", 0.25}};
  const Summary other{{"podHours", 10}, {"maxReplicas", 5}, {"sloViolationShare", 0.5}};
  CHECK(to_json(one) ==
        "{\n \"podHours\": 12,\n \"maxReplicas\": 5,\n \"sloViolationShare\": 0.2500\n}\n");
  CHECK(to_table({{"a.yaml", one}}) ==
        "  podHours                               12\n"
        "  maxReplicas                             5\n"
        "  sloViolationShare                  0.2500\n");
  CHECK(to_table({{"a.yaml", one}, {"a-long-name.yaml", other}}) ==
        "                                     a.yaml  a-long-name.yaml    difference\n"
        "  podHours                               12                10            -2  better\n"
        "  maxReplicas                             5                 5             0\n"
        "  sloViolationShare                  0.2500            0.5000       +0.2500  worse\n");
}
