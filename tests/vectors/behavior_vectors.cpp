#include "tests/vectors/behavior_vectors.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cpab/decision/scaling_policies.h"
#include "cpab/model/quantity.h"
#include "tests/vectors/comparisons.h"

namespace cpab {
namespace {

using nlohmann::json;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Bounds no_bounds{0, std::numeric_limits<std::int32_t>::max()};

// Late enough for the oldest time of any case.
constexpr TimePoint origin = TimePoint(std::chrono::hours(24 * 365 * 100));

Decision decision_on(const json& input, const ScalingRules& rules,
                     const RecommendationHistory& history, std::int32_t current,
                     const ScaleEventHistory& events = {}) {
  const Moment now{time_of_ms(input.value("now_ms", std::int64_t{0})), WallTime{}};
  return decide(current, {input["desired_replicas"].get<std::int32_t>(), ""}, rules, history, now,
                events);
}

Bounds bounds_of(const json& input) { return {input["min_replicas"], input["max_replicas"]}; }

/// The HPA's name for what limited the count, or that nothing did.
std::string limit_reason(const Decision& decision) {
  return decision.steps.empty() ? "DesiredWithinRange" : decision.steps.back().reason;
}

/// What was wanted before and counts no longer, so that nothing is seeded.
RecommendationHistory nothing_recent() { return recommendations_of(json::array()); }

/// Without behavior, on a count within the bounds; others never get there.
void compare_without_behavior(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case.contains("oracle_production_factor")
                           ? test_case["oracle_production_factor"]
                           : test_case["expect"];
  const Bounds bounds = bounds_of(input);
  const std::int32_t current = input["current_replicas"];
  const ScalingRules rules{.bounds = bounds, .as_hpa = true, .parity = Parity::current};
  const Decision decision = decision_on(input, rules, nothing_recent(), current);
  if (current == 0 && bounds.minimum != 0) {
    CHECK(decision.action == Action::disabled);
  } else if (bounds.clamp(current) != current) {
    // The controller does not ask in this case: HPA facts, section 6, step 3.
    CHECK(decision.replicas == bounds.clamp(current));
  } else {
    CHECK(decision.replicas == expect["replicas"]);
    CHECK(limit_reason(decision) == expect["reason"]);
  }
}

void compare_rates(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  const Behavior behavior = behavior_of(input["behavior_as_given"]);
  CHECK(behavior == behavior_of(input["behavior_defaulted"]));
  const ScaleEventHistory events = events_of(input["scale_up_events"], input["scale_down_events"]);
  const std::int32_t current = input["current_replicas"];
  const TimePoint now = time_of_ms(input.value("now_ms", std::int64_t{0}));
  if (expect.contains("scale_up_limit")) {
    CHECK(scale_up_limit(current, behavior.scale_up, events, now, Parity::current).replicas ==
          expect["scale_up_limit"]);
    CHECK(scale_down_limit(current, behavior.scale_down, events, now, Parity::current).replicas ==
          expect["scale_down_limit"]);
  }
  const Bounds bounds = bounds_of(input);
  if (bounds.clamp(current) != current) return;  // the controller does not ask
  ScalingRules rules{.bounds = bounds, .behavior = behavior, .parity = Parity::current};
  rules.behavior->scale_up.stabilization_window = seconds(0);
  const Decision decision = decision_on(input, rules, nothing_recent(), current, events);
  CHECK(decision.replicas == expect["replicas"]);
  CHECK(limit_reason(decision) == expect["reason"]);
}

/// That nothing is kept which the controller has forgotten, and all that can still count.
void compare_history(const RecommendationHistory& history, const json& after, seconds window,
                     TimePoint now) {
  std::vector<Recommendation> expected;
  for (const json& entry : after) {
    expected.push_back({time_of_ms(entry["time_ms"]), entry["replicas"]});
  }
  for (const Recommendation& entry : history.entries()) {
    CHECK(std::find(expected.begin(), expected.end(), entry) != expected.end());
  }
  for (const Recommendation& entry : expected) {
    if (entry.at <= now - window) continue;
    CHECK(history.highest_after(now - window)->replicas >= entry.replicas);
    CHECK(history.lowest_after(now - window)->replicas <= entry.replicas);
  }
}

void compare_stabilization(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  const milliseconds window(input["downscale_stabilization_ms"].get<std::int64_t>());
  const ScalingRules rules{.bounds = no_bounds,
                           .downscale_stabilization = std::chrono::duration_cast<seconds>(window),
                           .as_hpa = true,
                           .parity = Parity::current};
  const Decision decision =
      decision_on(input, rules, recommendations_of(input["recommendations"]), 1'000'000'000);
  CHECK(decision.replicas == expect["stabilized_replicas"]);
  if (!expect.contains("recommendations_after")) return;
  compare_history(decision.history, expect["recommendations_after"], rules.downscale_stabilization,
                  time_of_ms(input["now_ms"]));
}

void compare_stabilization_with_behavior(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  ScalingRules rules{.bounds = no_bounds, .parity = Parity::current};
  rules.downscale_stabilization = seconds(input["scale_down_stabilization_window_seconds"]);
  DirectionRules unlimited{.policies = {{ScalingPolicy::Type::pods, 1'000'000, seconds(1)}}};
  rules.behavior = Behavior{unlimited, unlimited};
  rules.behavior->scale_up.stabilization_window =
      seconds(input["scale_up_stabilization_window_seconds"]);
  const Decision decision = decision_on(input, rules, recommendations_of(input["recommendations"]),
                                        input["current_replicas"]);
  CHECK(decision.replicas == expect["stabilized_replicas"]);
  // The controller shows the reason only when something was stabilized.
  if (!decision.steps.empty() && expect.contains("reason")) {
    CHECK(decision.steps.back().reason == expect["reason"]);
  }
  if (!expect.contains("recommendations_after")) return;
  const auto longest =
      std::max(rules.downscale_stabilization, *rules.behavior->scale_up.stabilization_window);
  compare_history(decision.history, expect["recommendations_after"], longest,
                  time_of_ms(input["now_ms"]));
}

void compare_limit(const json& test_case) {
  const json& input = test_case["input"];
  DirectionRules rules;
  fill_in(input["rules"], rules);
  const ScaleEventHistory events = events_of(input["scale_up_events"], input["scale_down_events"]);
  const TimePoint now = time_of_ms(input["now_ms"]);
  const std::int32_t current = input["current_replicas"];
  const PolicyLimit limit = input["direction"] == "up"
                                ? scale_up_limit(current, rules, events, now, Parity::current)
                                : scale_down_limit(current, rules, events, now, Parity::current);
  CHECK(limit.replicas == test_case["expect"]["limit"]);
}

/// Upstream checks the same for either direction, so we do.
void compare_event(const json& test_case, bool up) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  if (input["rules"].is_null()) return;  // CycleMemory stores nothing without behavior
  DirectionRules rules;
  fill_in(input["rules"], rules);
  const json none = json::array();
  ScaleEventHistory events =
      up ? events_of(input["previous_events"], none) : events_of(none, input["previous_events"]);
  const TimePoint now = time_of_ms(input["now_ms"]);

  DirectionRules period{
      .policies = {{ScalingPolicy::Type::pods, 0, seconds(input["change_period_seconds"])}}};
  const std::int32_t changed = expect["replicas_change_in_period_before"];
  CHECK(scale_up_limit(1000, period, events, now, Parity::current).replicas ==
        1000 + (up ? -changed : changed));

  // Upstream marks events as too old for good. With rules that stay as they are, those are the old
  // ones.
  json previous = input["previous_events"];
  const seconds longest = longest_period(rules);
  for (json& event : previous) {
    if (event["outdated"]) event["time_ms"] = -milliseconds(longest).count() - 1'000;
  }
  events = up ? events_of(previous, none) : events_of(none, previous);
  const std::int32_t change = input["replica_change"];
  events.add(up ? ScaleEvent{now, 0, change} : ScaleEvent{now, change, 0}, longest);
  std::vector<std::int64_t> sizes;
  for (const ScaleEvent& event : events.entries()) sizes.push_back(event.size());
  std::vector<std::int64_t> expected;
  for (const json& event : expect["events_after"]) expected.push_back(event["replica_change"]);
  CHECK(sizes == expected);
}

void compare_events(const json& test_case) {
  compare_event(test_case, true);
  compare_event(test_case, false);
}

void compare_percentages(const json& row) {
  const DirectionRules rules{
      .policies = {{ScalingPolicy::Type::percent, row["percent"], seconds(15)}}};
  const std::int32_t start = row["start_replicas"];
  CHECK(scale_up_limit(start, rules, {}, origin, Parity::current).replicas ==
        row["scale_up_limit"]);
  CHECK(scale_down_limit(start, rules, {}, origin, Parity::current).replicas ==
        row["scale_down_limit"]);
}

}  // namespace

TimePoint time_of_ms(std::int64_t milliseconds) {
  return origin + std::chrono::milliseconds(milliseconds);
}

void fill_in(const json& given, DirectionRules& rules) {
  if (given.is_null()) return;
  const auto has = [&](const char* key) { return given.contains(key) && !given[key].is_null(); };
  if (has("stabilization_window_seconds")) {
    rules.stabilization_window = seconds(given["stabilization_window_seconds"]);
  }
  if (has("select_policy")) {
    const std::string select = given["select_policy"];
    rules.select_policy = select == "Max"   ? SelectPolicy::max
                          : select == "Min" ? SelectPolicy::min
                                            : SelectPolicy::disabled;
  }
  if (has("tolerance")) {
    const auto canonical = canonical_quantity(given["tolerance"].get<std::string>());
    rules.tolerance = quantity_double(canonical.value());
  }
  if (!has("policies")) return;
  rules.policies.clear();
  for (const json& policy : given["policies"]) {
    rules.policies.push_back(
        {policy["type"] == "Pods" ? ScalingPolicy::Type::pods : ScalingPolicy::Type::percent,
         policy["value"], seconds(policy["period_seconds"])});
  }
}

Behavior behavior_of(const json& as_given) {
  Behavior behavior;
  fill_in(as_given["scale_up"], behavior.scale_up);
  fill_in(as_given["scale_down"], behavior.scale_down);
  return behavior;
}

ScaleEventHistory events_of(const json& up, const json& down) {
  ScaleEventHistory events;
  constexpr std::chrono::hours keep_all(24 * 365 * 50);
  for (const json& event : up) {
    events.add({time_of_ms(event["time_ms"]), 0, event["replica_change"]}, keep_all);
  }
  for (const json& event : down) {
    events.add({time_of_ms(event["time_ms"]), event["replica_change"], 0}, keep_all);
  }
  return events;
}

RecommendationHistory recommendations_of(const json& recommendations) {
  std::vector<Recommendation> entries;
  for (const json& entry : recommendations) {
    entries.push_back({time_of_ms(entry["time_ms"]), entry["replicas"]});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  RecommendationHistory history;
  history.add({TimePoint(), 0});
  for (const Recommendation& entry : entries) history.add(entry);
  return history;
}

Comparisons behavior_comparisons() {
  return {{"convert_with_rules", compare_without_behavior},
          {"behavior_rate", compare_rates},
          {"behavior_limit", compare_limit},
          {"stabilize", compare_stabilization},
          {"stabilize_with_behavior", compare_stabilization_with_behavior},
          {"store_scale_event", compare_events}};
}

Comparisons percent_policy_comparisons() { return {{"", compare_percentages}}; }

}  // namespace cpab
