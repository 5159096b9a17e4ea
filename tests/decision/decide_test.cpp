#include "cpab/decision/decide.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

const Moment now{TimePoint(1h), WallTime(Duration(1'767'225'600'000))};

Decision decide_once(std::int32_t current, std::int32_t wanted, Bounds bounds) {
  return decide(current, {wanted, ""}, {bounds, 0s}, {}, now);
}

}  // namespace

TEST_CASE("decide: bounds, minimum first", "[decision][contract-56]") {
  struct Row {
    std::int32_t wanted;
    Bounds bounds;
    std::int32_t replicas;
    std::string limited_by;
  };
  const auto row = GENERATE(values<Row>({{5, {1, 10}, 5, ""},
                                         {1, {1, 10}, 1, ""},
                                         {10, {1, 10}, 10, ""},
                                         {50, {1, 10}, 10, "maxReplicas"},
                                         {0, {2, 10}, 2, "minReplicas"},
                                         {1, {5, 3}, 5, "minReplicas"},
                                         {9, {5, 3}, 3, "maxReplicas"},
                                         {2147483647, {1, 10}, 10, "maxReplicas"}}));
  CAPTURE(row.wanted);
  const Decision decision = decide_once(3, row.wanted, row.bounds);
  CHECK(decision.replicas == row.replicas);
  CHECK(decision.limited_by == row.limited_by);
  CHECK(decision.action == (row.replicas == 3 ? Action::unchanged : Action::scaled));
}

TEST_CASE("decide: every step is told in order", "[decision]") {
  RecommendationHistory history;
  history.add({now.monotonic - 10s, 7});

  const Decision decision = decide(7, {1, ""}, {{2, 10}, 60s}, history, now);

  CHECK(decision.steps ==
        std::vector<DecisionStep>{
            {"minReplicas", 1, 2, "minReplicas is 2", "TooFewReplicas"},
            {"stabilization", 2, 7, "scale-down stabilization holds 7 until 00:00:50Z",
             "ScaleDownStabilized"}});
  CHECK(decision.limited_by == "stabilization");
  CHECK(decision.action == Action::unchanged);
}

TEST_CASE("decide: at zero replicas the target is off unless zero is allowed",
          "[decision][contract-57]") {
  const Decision off = decide_once(0, 5, {1, 10});
  CHECK(off.action == Action::disabled);
  CHECK(off.replicas == 0);
  CHECK(off.limited_by == "disabled");

  const Decision from_zero = decide_once(0, 3, {0, 10});
  CHECK(from_zero.action == Action::scaled);
  CHECK(from_zero.replicas == 3);

  const Decision to_zero = decide_once(5, 0, {0, 10});
  CHECK(to_zero.action == Action::scaled);
  CHECK(to_zero.replicas == 0);
}

TEST_CASE("decide: a disabled target leaves the history alone", "[decision]") {
  RecommendationHistory history;
  history.add({now.monotonic - 10s, 7});
  CHECK(decide(0, {5, ""}, {{1, 10}, 60s}, history, now).history == history);
}

TEST_CASE("decide: up at once, down only when the window allows", "[decision][contract-59]") {
  const ScalingRules rules{{1, 10}, 60s};
  const auto at = [](std::chrono::seconds later) {
    return Moment{now.monotonic + later, now.wall + later};
  };
  const Decision up = decide(3, {5, ""}, rules, {}, now);
  CHECK(up.replicas == 5);
  const Decision held = decide(5, {2, ""}, rules, up.history, at(60s));
  CHECK(held.replicas == 5);
  const Decision released = decide(5, {2, ""}, rules, held.history, at(61s));
  CHECK(released.replicas == 2);
}

TEST_CASE("decide: a fresh history is seeded with the current count", "[decision]") {
  CHECK(decide(7, {2, ""}, {{1, 10}, 60s}, {}, now).replicas == 7);
  CHECK(decide(7, {2, ""}, {{1, 10}, 0s}, {}, now).replicas == 2);
}

TEST_CASE("decide: what was scaled beyond the bounds by hand is not held there", "[decision]") {
  const Decision decision = decide(20, {2, ""}, {{1, 10}, 60s}, {}, now);
  CHECK(decision.replicas == 10);
  CHECK(decision.limited_by == "stabilization");
}

TEST_CASE("decide: without a window nothing is remembered", "[decision]") {
  const Decision first = decide(3, {9, ""}, {{1, 10}, 0s}, {}, now);
  CHECK(first.history.empty());
  CHECK(decide(9, {2, ""}, {{1, 10}, 0s}, first.history, now).replicas == 2);
}

TEST_CASE("decide: the longest window that can be configured does not overflow", "[decision]") {
  const Decision decision = decide(7, {2, ""}, {{1, 10}, std::chrono::seconds::max()}, {}, now);
  CHECK(decision.replicas == 7);
}

TEST_CASE("decide: hold keeps the count, outside the bounds too", "[decision]") {
  const Decision decision = decide(20, {std::nullopt, "no data"}, {{1, 10}, 0s}, {}, now);
  CHECK(decision.action == Action::held);
  CHECK(decision.replicas == 20);
  CHECK(decision.limited_by == "hold");
}

TEST_CASE("describe: one sentence a person understands", "[decision]") {
  const ScalingRules rules{{1, 10}, 60s};
  const auto sentence = [&](std::int32_t current, const Evaluation& evaluation, Tense tense) {
    return describe(decide(current, evaluation, rules, {}, now), current, evaluation, tense);
  };
  CHECK(sentence(3, {5, ""}, Tense::done) == "scaled 3 -> 5: evaluation asked for 5");
  CHECK(sentence(3, {5, ""}, Tense::planned) == "would scale 3 -> 5: evaluation asked for 5");
  CHECK(sentence(5, {5, "steady"}, Tense::done) == "keeping 5: evaluation asked for 5 (steady)");
  CHECK(sentence(3, {50, ""}, Tense::done) == "wanted 50, scaled 3 -> 10: maxReplicas is 10");
  CHECK(sentence(7, {2, ""}, Tense::done) ==
        "wanted 2, keeping 7: scale-down stabilization holds 7 until 00:01:00Z");
  CHECK(sentence(4, {std::nullopt, "no data"}, Tense::done) ==
        "keeping 4: evaluation asked to hold (no data)");
  CHECK(sentence(0, {4, ""}, Tense::done) ==
        "wanted 4, keeping 0: autoscaling is disabled while the target has 0 replicas and "
        "minReplicas is 1");
}
