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

TEST_CASE("decide: nobody has to be asked about a target that is switched off", "[decision]") {
  const auto decision = decide_unasked(0, {{1, 10}, 60s}, {}, now);
  REQUIRE(decision);
  CHECK(decision->action == Action::disabled);
  CHECK(decision->replicas == 0);
  CHECK(describe(*decision, 0, std::nullopt, Tense::done) ==
        "keeping 0: autoscaling is disabled while the target has 0 replicas and minReplicas is 1");

  CHECK_FALSE(decide_unasked(0, {{0, 10}, 60s}, {}, now));
  CHECK_FALSE(decide_unasked(3, {{1, 10}, 60s}, {}, now));
}

TEST_CASE("decide: with parity, nor about a count outside the bounds", "[decision]") {
  ScalingRules rules{{2, 8}, 300s};
  rules.as_hpa = true;
  for (const std::int32_t outside : {1, 12}) CHECK_FALSE(decide_unasked(outside, rules, {}, now));

  rules.parity = Parity::current;
  const auto down = decide_unasked(12, rules, {}, now);
  REQUIRE(down);
  CHECK(down->action == Action::scaled);
  CHECK(down->replicas == 8);
  CHECK(describe(*down, 12, std::nullopt, Tense::done) ==
        "scaled 12 -> 8: the current count is above maxReplicas, which is 8");
  CHECK(decide_unasked(1, rules, {}, now)->replicas == 2);
  CHECK_FALSE(decide_unasked(8, rules, {}, now));
  CHECK_FALSE(decide_unasked(2, rules, {}, now));
}

namespace {

/// What becomes of 8 replicas when 2 are wanted 301 s after 8 were, in a window of 300 s.
std::int32_t after_a_gap(bool interrupted, ScalingRules rules) {
  RecommendationHistory history;
  history.add({now.monotonic - 301s, 8});
  if (interrupted) history.interrupt();
  return decide(8, {2, ""}, rules, history, now).replicas;
}

}  // namespace

TEST_CASE("decide: after an outage longer than the window it begins anew", "[decision]") {
  ScalingRules rules{{1, 10}, 300s};
  ScalingRules hpa = rules;
  hpa.as_hpa = true;
  ScalingRules behavior = rules;
  behavior.behavior.emplace();
  for (const ScalingRules& each : {rules, hpa, behavior}) {
    CHECK(after_a_gap(true, each) == 8);
    // An interval longer than the window is no outage.
    CHECK(after_a_gap(false, each) == 2);
  }
  hpa.parity = Parity::current;
  CHECK(after_a_gap(true, hpa) == 2);
}

TEST_CASE("decide: an outage within the window makes it no longer", "[decision]") {
  RecommendationHistory history;
  history.add({now.monotonic - 299s, 4});
  history.interrupt();
  const Decision decision = decide(8, {2, ""}, {{1, 10}, 300s}, history, now);
  CHECK(decision.replicas == 4);
  CHECK_FALSE(decision.history.interrupted());
}

TEST_CASE("decide: a window of scaling up begins anew as well", "[decision]") {
  ScalingRules rules{{1, 10}, 0s};
  rules.behavior.emplace().scale_up.stabilization_window = 60s;
  RecommendationHistory history;
  history.add({now.monotonic - 61s, 4});
  history.interrupt();
  CHECK(decide(4, {9, ""}, rules, history, now).replicas == 4);
}

TEST_CASE("decide: a hold, and being switched off, interrupt", "[decision]") {
  RecommendationHistory history;
  history.add({now.monotonic - 10s, 7});
  const ScalingRules rules{{1, 10}, 60s};
  CHECK(decide(7, {std::nullopt, ""}, rules, history, now).history.interrupted());
  CHECK(decide_unasked(0, rules, history, now)->history.interrupted());
}

TEST_CASE("decide: up at once, down only when the window allows", "[decision][contract-59]") {
  const ScalingRules rules{{1, 10}, 60s};
  const auto at = [](std::chrono::seconds later) {
    return Moment{now.monotonic + later, now.wall + later};
  };
  const Decision up = decide(3, {5, ""}, rules, {}, now);
  CHECK(up.replicas == 5);
  const Decision held = decide(5, {2, ""}, rules, up.history, at(59s));
  CHECK(held.replicas == 5);
  CHECK(held.steps.back().detail == "scale-down stabilization holds 5 until 00:01:00Z");
  const Decision released = decide(5, {2, ""}, rules, held.history, at(60s));
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
