#include "cpab/decision/behavior.h"

#include <catch2/catch.hpp>

#include "cpab/decision/decide.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

using Type = ScalingPolicy::Type;

const Moment start{TimePoint(10h), WallTime(Duration(1'767'225'600'000))};

Moment after(std::chrono::seconds time) { return {start.monotonic + time, start.wall + time}; }

/// A target that is scaled as decide() says, with what is remembered of it.
struct Target {
  std::int32_t replicas;
  ScalingRules rules;
  RecommendationHistory history = {};
  ScaleEventHistory events = {};
  Decision last = {};

  /// The count after user logic wanted `wanted` at `now`.
  std::int32_t want(std::int32_t wanted, Moment now = start) {
    last = decide(replicas, {wanted, ""}, rules, history, now, events);
    history = last.history;
    if (last.action == Action::scaled) note(now.monotonic, last.replicas);
    return replicas;
  }

  void note(TimePoint at, std::int32_t to) {
    const Behavior behavior = rules.behavior.value_or(Behavior{});
    const DirectionRules& direction = to > replicas ? behavior.scale_up : behavior.scale_down;
    events.add({at, replicas, to}, longest_period(direction));
    replicas = to;
  }

  std::string reason() const { return last.steps.empty() ? "" : last.steps.back().reason; }
};

ScalingRules rules_with(const Behavior& behavior, Bounds bounds = {0, 1000},
                        std::chrono::seconds down_window = 0s) {
  return {.bounds = bounds, .downscale_stabilization = down_window, .behavior = behavior};
}

ScalingRules without_behavior(Bounds bounds, std::chrono::seconds down_window = 0s) {
  return {.bounds = bounds, .downscale_stabilization = down_window, .as_hpa = true};
}

Behavior up(std::vector<ScalingPolicy> policies, SelectPolicy select = SelectPolicy::max) {
  Behavior behavior;
  behavior.scale_up.policies = std::move(policies);
  behavior.scale_up.select_policy = select;
  return behavior;
}

Behavior down(std::vector<ScalingPolicy> policies, SelectPolicy select = SelectPolicy::max) {
  Behavior behavior;
  behavior.scale_down.policies = std::move(policies);
  behavior.scale_down.select_policy = select;
  return behavior;
}

}  // namespace

TEST_CASE("behavior: by default up by 4 pods or 100 %, whichever is more", "[decision]") {
  const auto [current, reached] = GENERATE(
      table<std::int32_t, std::int32_t>({{0, 4}, {1, 5}, {3, 7}, {4, 8}, {5, 10}, {10, 20}}));
  Target target{current, rules_with({}, {0, 100})};
  CHECK(target.want(100) == reached);
  CHECK(target.reason() == "ScaleUpLimit");
}

TEST_CASE("hpa rules: without behavior up to twice the count, or 4", "[decision]") {
  const auto [current, reached] =
      GENERATE(table<std::int32_t, std::int32_t>({{1, 4}, {3, 6}, {5, 10}}));
  Target target{current, without_behavior({0, 100})};
  CHECK(target.want(100) == reached);
  CHECK(target.reason() == "ScaleUpLimit");
}

TEST_CASE("behavior: a percentage a minute, down", "[decision]") {
  const ScalingRules rules = rules_with(down({{Type::percent, 10, 60s}}));
  Target target{80, rules};
  CHECK(target.want(1) == 72);
  CHECK(target.want(1, after(30s)) == 72);
  CHECK(target.last.steps.back().detail == "the policy of 10 % in 60 s allows 72 until 00:01:00Z");
  CHECK(target.reason() == "ScaleDownLimit");
  CHECK(target.want(1, after(61s)) == 64);

  CHECK(Target{5, rules}.want(1) == 4);
  CHECK(Target{1, rules}.want(0) == 0);
}

TEST_CASE("behavior: a number of pods a minute, down", "[decision]") {
  Target target{10, rules_with(down({{Type::pods, 1, 60s}}))};
  CHECK(target.want(1) == 9);
  CHECK(target.want(1, after(30s)) == 9);
  CHECK(target.want(1, after(61s)) == 8);
}

TEST_CASE("behavior: percentages up are reckoned in doubles, and rounded up", "[decision]") {
  const auto [current, reached] =
      GENERATE(table<std::int32_t, std::int32_t>({{10, 11}, {5, 6}, {1, 2}, {100, 111}, {50, 56}}));
  Target target{current, rules_with(up({{Type::percent, 10, 60s}}))};
  CHECK(target.want(1000) == reached);
}

TEST_CASE("behavior: selectPolicy Min takes the smaller change, Disabled none", "[decision]") {
  const auto minimum = SelectPolicy::min;
  CHECK(Target{10, rules_with(up({{Type::pods, 4, 60s}, {Type::percent, 100, 60s}}, minimum))}.want(
            100) == 14);
  CHECK(
      Target{10, rules_with(down({{Type::pods, 1, 60s}, {Type::percent, 50, 60s}}, minimum))}.want(
          1) == 9);

  Behavior behavior;
  behavior.scale_down.select_policy = SelectPolicy::disabled;
  Target target{10, rules_with(behavior)};
  CHECK(target.want(3) == 10);
  CHECK(target.last.steps.back().detail == "behavior disables scaling down");
}

TEST_CASE("behavior: what was scaled in the period counts, in both directions", "[decision]") {
  Target target{3, rules_with(up({{Type::pods, 4, 60s}, {Type::percent, 100, 60s}}))};
  CHECK(target.want(20) == 7);
  CHECK(target.want(20, after(30s)) == 7);

  Target both{10, rules_with(up({{Type::pods, 4, 15s}}))};
  both.note(start.monotonic - 10s, 14);
  both.note(start.monotonic - 5s, 12);
  CHECK(both.want(100) == 14);
  CHECK(both.last.steps.back().detail ==
        "the policy of 4 pods in 15 s allows 14 until 00:00:05Z, after 4 added and 2 removed in "
        "that time");
}

TEST_CASE("behavior: a limit that other changes were netted against says so", "[decision]") {
  Target rising{10, rules_with(up({{Type::pods, 4, 15s}}))};
  rising.note(start.monotonic - 5s, 8);
  CHECK(rising.want(100) == 14);
  CHECK(rising.last.steps.back().detail ==
        "the policy of 4 pods in 15 s allows 14 until 00:00:10Z, after 2 removed in that time");

  Target falling{10, rules_with(down({{Type::pods, 4, 60s}}))};
  falling.note(start.monotonic - 5s, 13);
  CHECK(falling.want(1) == 6);
  CHECK(falling.last.steps.back().detail ==
        "the policy of 4 pods in 60 s allows 6 until 00:00:55Z, after 3 added in that time");
}

TEST_CASE("behavior: Kubernetes 1.24 reckons with changes of the same direction only",
          "[decision]") {
  Target target{10, rules_with(up({{Type::pods, 4, 15s}}))};
  target.rules.parity = Parity::kubernetes_1_24;
  target.note(start.monotonic - 10s, 14);
  target.note(start.monotonic - 5s, 12);
  CHECK(target.want(100) == 12);
  CHECK(target.last.steps.back().detail ==
        "the policy of 4 pods in 15 s allows 12 until 00:00:05Z");

  Target falling{12, rules_with(down({{Type::pods, 4, 60s}}))};
  falling.rules.parity = Parity::kubernetes_1_24;
  falling.note(start.monotonic - 10s, 14);
  CHECK(falling.want(1) == 10);
}

TEST_CASE("behavior: stabilization keeps the count unless all that was wanted is beyond it",
          "[decision]") {
  Target target{10, rules_with({}, {0, 100}, 300s)};
  target.history.add({start.monotonic - 60s, 12});
  CHECK(target.want(5) == 10);
  CHECK(target.reason() == "ScaleDownStabilized");

  Behavior behavior;
  behavior.scale_up.stabilization_window = 60s;
  Target rising{5, rules_with(behavior, {0, 100})};
  rising.history.add({start.monotonic - 20s, 6});
  CHECK(rising.want(20) == 6);
  CHECK(rising.reason() == "ScaleUpStabilized");
  CHECK(rising.last.steps.back().detail == "scale-up stabilization holds 6 until 00:00:40Z");
}

TEST_CASE("hpa rules: the end of a window does not count, as HPA without behavior it does",
          "[decision]") {
  for (const Parity parity : {Parity::none, Parity::current, Parity::kubernetes_1_24}) {
    Target with{10, rules_with({}, {0, 100}, 60s)};
    with.rules.parity = parity;
    with.history.add({start.monotonic - 60s, 10});
    CHECK(with.want(5) == 5);

    Target without{10, without_behavior({0, 100}, 60s)};
    without.rules.parity = parity;
    without.history.add({start.monotonic - 60s, 10});
    CHECK(without.want(5) == (parity == Parity::none ? 5 : 10));
  }
}

TEST_CASE("hpa rules: a window of 0 holds nothing, also not after a start", "[decision]") {
  for (const Parity parity : {Parity::none, Parity::current, Parity::kubernetes_1_24}) {
    for (ScalingRules rules : {without_behavior({0, 100}), rules_with({}, {0, 100})}) {
      rules.parity = parity;
      Target target{10, rules};
      CHECK(target.want(5) == 5);
      CHECK(target.last.steps.empty());
      CHECK(target.want(3) == 3);
    }
  }
}

TEST_CASE("hpa rules: stabilization holds the count, and raises it as HPA only", "[decision]") {
  Target target{10, without_behavior({0, 100}, 60s)};
  CHECK(target.want(50) == 20);  // not more than twice
  CHECK(target.want(5, after(15s)) == 20);
  CHECK(target.last.steps.back().detail == "scale-down stabilization holds 20 until 00:01:00Z");

  Target as_hpa{10, without_behavior({0, 100}, 60s)};
  as_hpa.rules.parity = Parity::current;
  CHECK(as_hpa.want(50) == 20);
  CHECK(as_hpa.want(5, after(15s)) == 40);
}

TEST_CASE("hpa rules: a count outside the bounds goes to the bound and nothing else counts",
          "[decision]") {
  for (const ScalingRules& rules :
       {rules_with(down({{Type::pods, 1, 60s}}), {3, 10}, 300s), without_behavior({3, 10}, 300s)}) {
    Target high{20, rules};
    CHECK(high.want(5) == 10);
    CHECK(high.reason() == "TooManyReplicas");
    CHECK(high.history.entries() == std::vector<Recommendation>{{start.monotonic, 20}});
    Target low{1, rules};
    CHECK(low.want(9) == 3);
    CHECK(low.reason() == "TooFewReplicas");
  }
}

TEST_CASE("hpa rules: bounds and limits, and the HPA's names for them", "[decision]") {
  Target up_to_maximum{8, rules_with({}, {1, 10})};
  CHECK(up_to_maximum.want(50) == 10);
  CHECK(up_to_maximum.reason() == "TooManyReplicas");
  Target down_to_minimum{8, rules_with({}, {2, 10})};
  CHECK(down_to_minimum.want(1) == 2);
  CHECK(down_to_minimum.reason() == "TooFewReplicas");
  Target off{0, rules_with({}, {2, 10})};
  CHECK(off.want(5) == 0);
  CHECK(off.reason() == "ScalingDisabled");
}

TEST_CASE("behavior: after a start the current count is what was wanted", "[decision]") {
  Target target{10, rules_with({}, {0, 100}, 300s)};
  CHECK(target.want(5) == 10);
  CHECK(target.want(5, after(299s)) == 10);
  CHECK(target.want(5, after(300s)) == 5);
}

TEST_CASE("steps: the next count that is allowed, within the bounds", "[decision]") {
  struct Row {
    std::int32_t wanted;
    ReplicaSteps steps;
    Bounds bounds;
    std::int32_t reached;
  };
  const ReplicaSteps fours{.multiple_of = 4};
  const ReplicaSteps powers{.allowed = {1, 2, 4, 8}};
  const auto row = GENERATE_COPY(values<Row>({{5, fours, {1, 20}, 8},
                                              {5, fours, {1, 7}, 4},
                                              {8, fours, {1, 20}, 8},
                                              {1, fours, {0, 20}, 4},
                                              {0, fours, {0, 20}, 0},
                                              {3, powers, {1, 20}, 4},
                                              {9, powers, {1, 20}, 8},
                                              {1, powers, {3, 20}, 4}}));
  CAPTURE(row.wanted);
  Target target{6, {.bounds = row.bounds, .steps = row.steps}};
  CHECK(target.want(row.wanted) == row.reached);
}

TEST_CASE("steps: a limited count is rounded back towards the current one", "[decision]") {
  ScalingRules rules = rules_with(up({{Type::pods, 3, 60s}}), {0, 100});
  rules.steps.multiple_of = 4;
  CHECK(Target{8, rules}.want(20) == 8);

  rules.behavior = up({{Type::pods, 6, 60s}});
  Target target{8, rules};
  CHECK(target.want(20) == 12);
  CHECK(target.last.limited_by == "steps");

  rules.behavior = down({{Type::pods, 5, 60s}});
  CHECK(Target{16, rules}.want(4) == 12);
  CHECK(Target{5, rules}.want(5) == 8);
}
