#include <catch2/catch.hpp>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>

#include "cpab/decision/decide.h"
#include "cpab/decision/forecast.h"
#include "cpab/decision/holt_winters.h"
#include "tests/vectors/behavior_vectors.h"
#include "tests/vectors/comparisons.h"

namespace cpab {
namespace {

using nlohmann::json;
using std::chrono::seconds;

WallTime wall_of_ms(std::int64_t milliseconds) { return WallTime(Duration(milliseconds)); }

std::vector<ReplicaPoint> points_of(const json& history) {
  std::vector<ReplicaPoint> points;
  for (const json& point : history) {
    points.push_back({wall_of_ms(point["time_ms"].get<std::int64_t>()), point["replicas"]});
  }
  return points;
}

void compare_strategy(const json& test_case) {
  const std::map<std::string, ForecastStrategy> strategies = {
      {"maximum", ForecastStrategy::maximum},
      {"minimum", ForecastStrategy::minimum},
      {"mean", ForecastStrategy::mean},
      {"median", ForecastStrategy::median}};
  const json& input = test_case["input"];
  CHECK(combined(strategies.at(input["decision_type"]),
                 input["predicted_replicas"].get<std::vector<std::int32_t>>()) ==
        test_case["expect"]["replicas"]);
}

/// Cases that fail are about a configuration that is not complete: our types cannot be so.
void compare_newest_points(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  if (!expect["error"].is_null()) {
    CHECK(input["history_size"].is_null());
    return;
  }
  CHECK(newest_points(points_of(input["history"]), input["history_size"]) ==
        points_of(expect["history"]));
}

void compare_newest_seasons(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  if (!expect["error"].is_null()) {
    CHECK((input["trend"].is_null() || input["trend"] == ""));
    return;
  }
  CHECK(newest_seasons(points_of(input["history"]), input["seasonal_periods"],
                       input["stored_seasons"]) == points_of(expect["history"]));
}

void compare_longest_period(const json& test_case) {
  DirectionRules rules;
  fill_in(test_case["input"]["rules"], rules);
  CHECK(longest_period(rules).count() == test_case["expect"]["seconds"].get<std::int64_t>());
}

/// The window of the predictive HPA excludes its edge, as that of `behavior` does.
void compare_window(const json& test_case) {
  const json& input = test_case["input"];
  const TimePoint now = time_of_ms(input["now_ms"]);
  const seconds window(input["window_seconds"]);
  RecommendationHistory history = recommendations_of(input["history"]);
  std::vector<std::int32_t> expected;
  for (const json& kept : test_case["expect"]["history"]) expected.push_back(kept["replicas"]);
  const auto highest = history.highest_after(now - window);
  const auto lowest = history.lowest_after(now - window);
  REQUIRE(highest.has_value() == !expected.empty());
  if (expected.empty()) return;
  CHECK(highest->replicas == *std::max_element(expected.begin(), expected.end()));
  CHECK(lowest->replicas == *std::min_element(expected.begin(), expected.end()));
}

json timed(json history) {
  for (json& entry : history) {
    if (entry["time_ms"].is_null()) entry["time_ms"] = -1'000;
  }
  return history;
}

json as_events(const json& history) {
  json events = json::array();
  for (const json& entry : timed(history)) {
    events.push_back({{"time_ms", entry["time_ms"]}, {"replica_change", entry["replicas"]}});
  }
  return events;
}

void compare_behavior(const json& test_case) {
  const json& input = test_case["input"];
  ScalingRules rules{.bounds = {input["min_replicas"], input["max_replicas"]},
                     .parity = Parity::current};
  rules.behavior = behavior_of(input["behavior"]);
  rules.downscale_stabilization = rules.behavior->scale_down.stabilization_window.value();
  json past = timed(input["scale_down_replica_history"]);
  for (const json& entry : timed(input["scale_up_replica_history"])) past.push_back(entry);
  const Decision decision =
      decide(input["current_replicas"], {input["target_replicas"].get<std::int32_t>(), ""}, rules,
             recommendations_of(past), {time_of_ms(input["now_ms"]), WallTime{}},
             events_of(as_events(input["scale_up_event_history"]),
                       as_events(input["scale_down_event_history"])));
  CHECK(decision.replicas == test_case["expect"]["replicas"]);
}

std::optional<WallTime> time_of(const std::string& text) {
  std::tm parts{};
  std::istringstream in(text);
  in >> std::get_time(&parts, "%Y-%m-%dT%H:%M:%SZ");
  if (in.fail()) return std::nullopt;
  return std::chrono::time_point_cast<Duration>(
      std::chrono::system_clock::from_time_t(timegm(&parts)));
}

/// What the case gives the model is not complete, or no time.
bool is_malformed(const json& parsed) {
  if (!parsed.is_object() || !parsed.contains("lookAhead")) return true;
  if (parsed.contains("currentTime") && !time_of(parsed["currentTime"])) return true;
  for (const json& point : parsed["replicaHistory"]) {
    if (!time_of(point["time"])) return true;
  }
  return false;
}

void compare_linear(const json& test_case) {
  const json& parsed = test_case["input"]["parsed"];
  const json& expect = test_case["expect"];
  REQUIRE(is_malformed(parsed) == (expect["exit_code"] != 0));
  if (expect["exit_code"] != 0) return;
  std::vector<ReplicaPoint> history;
  for (const json& point : parsed["replicaHistory"]) {
    history.push_back({*time_of(point["time"]), point["replicas"]});
  }
  const WallTime at = *time_of(parsed["currentTime"]) + Duration(parsed["lookAhead"]);
  CHECK(std::to_string(linear_forecast(history, at)) == expect["stdout"]);
}

Composition composition_of(const std::string& word) {
  return word.starts_with("mul") ? Composition::multiplicative : Composition::additive;
}

void compare_holt_winters(const json& test_case) {
  const json& parsed = test_case["input"]["parsed"];
  const json& expect = test_case["expect"];
  if (!parsed.is_object() || !parsed.contains("trend")) {
    CHECK(expect["exit_code"] == 1);
    return;
  }
  // The script reads `initializationMethod`; the case with the other spelling gets the default.
  const HoltWinters model{.alpha = parsed["alpha"],
                          .beta = parsed["beta"],
                          .gamma = parsed["gamma"],
                          .period = parsed["seasonalPeriods"],
                          .trend = composition_of(parsed["trend"]),
                          .season = composition_of(parsed["seasonal"])};
  const auto forecast = model.forecast(parsed["series"].get<std::vector<double>>());
  REQUIRE(forecast.has_value() == (expect["exit_code"] == 0));
  if (forecast) CHECK(std::to_string(replicas_of(*forecast)) == expect["stdout"]);
}

void compare_early_holt_winters(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  const std::int64_t ahead = input["prediction_length"];
  if (ahead < 0) {  // not to be said with our type
    CHECK_FALSE(expect["error"].is_null());
    return;
  }
  const auto run = [&] {
    return early_holt_winters(input["series"].get<std::vector<double>>(), input["season_length"],
                              input["alpha"], input["beta"], input["gamma"],
                              static_cast<std::size_t>(ahead), composition_of(input["method"]));
  };
  if (!expect["error"].is_null()) {
    CHECK_THROWS_AS(run(), std::invalid_argument);
    return;
  }
  const std::vector<double> values = run();
  const auto expected = expect["smoothed_and_predicted"].get<std::vector<double>>();
  REQUIRE(values.size() == expected.size());
  // The order of sums is another: the last bits of a double may differ.
  for (std::size_t i = 0; i < values.size(); ++i)
    CHECK(values[i] == Approx(expected[i]).epsilon(1e-9));
}

}  // namespace

Comparisons forecast_comparisons() {
  return {{"decide_by_strategy", compare_strategy},
          {"decide_by_behavior", compare_behavior},
          {"prune_to_window", compare_window},
          {"longest_policy_period", compare_longest_period},
          {"prune_linear", compare_newest_points},
          {"prune_holtwinters", compare_newest_seasons},
          {"linear_algorithm", compare_linear},
          {"holt_winters_algorithm", compare_holt_winters},
          {"holtwinters_v0_5", compare_early_holt_winters}};
}

}  // namespace cpab
