#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cpab/decision/usage_ratio.h"
#include "tests/vectors/comparisons.h"

namespace cpab {
namespace {

using nlohmann::json;

std::vector<PodUsage> usages_of(const json& input) {
  const json requests = input.value("requests_milli", json::object());
  std::vector<PodUsage> pods;
  for (const auto& [name, value] : input["metrics_milli"].items()) {
    pods.push_back({value, std::nullopt});
    if (requests.contains(name)) pods.back().request = requests[name].get<std::int64_t>();
  }
  return pods;
}

void compare_utilization(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  const auto usage = utilization_ratio(usages_of(input), input["target_utilization_percent"]);
  REQUIRE(usage.has_value() == expect["error_contains"].is_null());
  if (!usage) return;
  CHECK(usage->ratio == expect["ratio"].get<double>());
  CHECK(usage->average == expect["raw_average_milli"]);
  CHECK(usage->utilization == expect["utilization_percent"]);
}

void compare_average(const json& test_case) {
  const json& input = test_case["input"];
  const UsageRatio usage = average_ratio(usages_of(input), input["target_milli"]);
  CHECK(usage.ratio == test_case["expect"]["ratio"].get<double>());
  CHECK(usage.average == test_case["expect"]["average_milli"]);
}

}  // namespace

Comparisons utilization_comparisons() {
  return {{"resource_utilization_ratio", compare_utilization},
          {"metric_usage_ratio", compare_average}};
}

}  // namespace cpab
