#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cpab/kubernetes/metric_lists.h"
#include "tests/vectors/comparisons.h"
#include "tests/vectors/vector_cluster.h"

namespace cpab {
namespace {

using nlohmann::json;

PodReadings readings_of(const json& input) {
  if (input["api"] == "pods") return parse_pods_metrics(pods_list(input["items"]));
  const std::string resource = input["resource"];
  const std::string container = input["container"];
  return parse_resource_metrics(resource_list(input["items"]), resource, container);
}

void compare_readings(const json& input, const json& expect) {
  const PodReadings readings = readings_of(input);
  CHECK(readings.timestamp == instant_of_ms(expect["timestamp_ms"]));
  PodMetrics expected;
  for (const auto& [pod, sample] : expect["values"].items()) {
    expected[pod] = {instant_of_ms(sample["timestamp_ms"]),
                     std::chrono::milliseconds(sample["window_ms"].get<std::int64_t>()),
                     sample["value_milli"]};
  }
  CHECK(readings.pods == expected);
}

Reading reading_of(const json& input) {
  json values = json::array();
  for (const json& item : input["items"]) values.push_back(item["value_milli"]);
  const std::string list = value_list(values);
  return input["api"] == "object" ? parse_object_metric(list) : parse_external_metric(list);
}

/// A value for each series is expected, of which cpab only keeps the sum.
void compare_reading(const json& input, const json& expect) {
  std::int64_t sum = 0;
  for (const json& item : expect["values"]) sum += item["value_milli"].get<std::int64_t>();
  CHECK(reading_of(input).value == sum);
}

void compare(const json& test_case) {
  const json& input = test_case["input"];
  const json& expect = test_case["expect"];
  const bool of_pods = input["api"] == "pods" || input["api"] == "resource";
  if (!expect["error_contains"].is_null()) {
    const auto text = Catch::Contains(expect["error_contains"].get<std::string>());
    if (of_pods) {
      CHECK_THROWS_WITH(readings_of(input), text);
    } else {
      CHECK_THROWS_WITH(reading_of(input), text);
    }
  } else if (of_pods) {
    compare_readings(input, expect);
  } else {
    compare_reading(input, expect);
  }
}

}  // namespace

Comparisons metrics_client_comparisons() { return {{"metrics_client", compare}}; }

}  // namespace cpab
