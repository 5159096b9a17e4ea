#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cpab/model/quantity.h"
#include "tests/vectors/comparisons.h"
#include "tests/vectors/hpa_controller.h"

namespace cpab {
namespace {

using nlohmann::json;

/// The conditions without what is written for people.
json conditions_of(const json& result) {
  json conditions = json::array();
  for (const json& condition : result["conditions"]) {
    conditions.push_back({{"type", condition["type"]},
                          {"status", condition["status"]},
                          {"reason", condition["reason"]}});
  }
  return conditions;
}

void check_result(const json& result, const json& expected) {
  CHECK(result["scale_written"] == expected["scale_written"]);
  CHECK(result["current_replicas"] == expected["current_replicas"]);
  CHECK(result["desired_replicas"] == expected["desired_replicas"]);
  CHECK(result["conditions"] == conditions_of(expected));
  CHECK(result["error"] == !expected["error"].is_null());
  if (result.contains("current_metrics")) {
    CHECK(result["current_metrics"] == expected["current_metrics"]);
  }
}

/// What upstream asserts, which is not much more than a part of the recorded answer.
void check_asserted(const json& result, const json& expect) {
  CHECK(result["conditions"] == conditions_of(expect));
  CHECK(result["scale_written"] == expect["scale_written"]);
  const json& percent = expect["cpu_utilization_percent"];
  if (!percent.is_null()) {
    CHECK(result["current_metrics"][0]["average_utilization_percent"] == percent);
  }
}

void compare_reconcile(const json& test_case) {
  const json& input = test_case["input"];
  const json& expected = test_case["oracle_production_factor"];
  HpaController controller(input["controller"], input["hpa"]);
  controller.restore(input["state"]);
  const json result = controller.sync(input, input["now_ms"]);
  check_result(result, expected);
  controller.check_state(expected["state_after"]);
  // Upstream asserts what comes out with another limit for scaling up.
  const bool same = conditions_of(expected) == conditions_of(test_case["oracle"]);
  if (same && test_case["expect"].contains("conditions")) {
    check_asserted(result, test_case["expect"]);
  }
}

void compare_trace(const json& trace) {
  HpaController controller(trace["controller"], trace["hpa"]);
  for (const json& step : trace["steps"]) {
    INFO("at " << step["now_ms"] << " ms");
    controller.set_bounds(step);
    check_result(controller.sync(step, step["now_ms"]), step["expect"]);
    controller.check_state(step["expect"]["state_after"]);
  }
}

void compare_build_quantity(const json& test_case) {
  const json& input = test_case["input"];
  const std::string resource = input["resource"];
  CHECK(status_quantity(resource, input["raw_milli"]) == test_case["expect"]["string"]);
}

}  // namespace

Comparisons horizontal_comparisons() {
  Comparisons comparisons = behavior_comparisons();
  comparisons["reconcile"] = compare_reconcile;
  comparisons["build_quantity"] = compare_build_quantity;
  return comparisons;
}

Comparisons trace_comparisons() { return {{"", compare_trace}}; }

}  // namespace cpab
