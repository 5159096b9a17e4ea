#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cpab/decision/pod_requests.h"
#include "tests/vectors/comparisons.h"
#include "tests/vectors/vector_cluster.h"

namespace cpab {
namespace {

using nlohmann::json;
using Names = std::set<std::string>;

/// The `function` of a case as a metric spec.
MetricSpec spec_of(const json& input) {
  const std::string function = input["function"];
  json metric = {{"name", input.value("resource", input.value("metric", ""))}};
  json& target = metric["target"];
  if (function == "GetResourceReplicas") {
    target = {{"type", "Utilization"},
              {"average_utilization_percent", input["target_utilization_percent"]}};
  } else {
    const bool of_all =
        function == "GetObjectMetricReplicas" || function == "GetExternalMetricReplicas";
    const std::string quantity = std::to_string(input["target_milli"].get<std::int64_t>()) + "m";
    target["type"] = of_all ? "Value" : "AverageValue";
    target[of_all ? "value" : "average_value"] = quantity;
  }
  metric["type"] = "Resource";
  if (input.contains("container")) {
    metric["type"] = "ContainerResource";
    metric["container"] = input["container"];
  }
  if (function == "GetMetricReplicas") metric["type"] = "Pods";
  if (function.starts_with("GetObject")) metric["type"] = "Object";
  if (function.starts_with("GetExternal")) metric["type"] = "External";
  return metric_spec_of(metric);
}

VectorCluster cluster_of(const json& input) {
  const std::int32_t replicas = input["current_replicas"];
  return {pods_of(input["pods"]),
          input["metrics"],
          startup_rules(input, input["now_ms"]),
          {replicas, replicas},
          {input["tolerance_scale_down"], input["tolerance_scale_up"]},
          input["gate_pod_level_resources"]};
}

/// Whether the controller's text says what ours does. It puts more in front, and which pod lacks a
/// request depends on the order it met them in.
void check_failure(const MetricFailure& failure, const std::string& expected) {
  const std::string message = failure.message.substr(0, failure.message.find(" in container"));
  CAPTURE(message, expected);
  CHECK((message.starts_with(expected) || expected.find(message) != std::string::npos));
  CHECK_THAT(failure.reason, Catch::StartsWith("FailedGet"));
}

void check_proposal(const Proposal& proposal, const json& expect) {
  CHECK(proposal.replicas == expect["replicas"]);
  if (expect.contains("utilization_percent") && !expect["utilization_percent"].is_null()) {
    CHECK(proposal.current.average_utilization == expect["utilization_percent"]);
  }
  if (!expect["usage_milli"].is_null()) {
    const auto& current = proposal.current;
    CHECK((current.value ? current.value : current.average_value) == expect["usage_milli"]);
  }
}

void compare_replica_calc(const json& test_case, const json& expect, const json& error) {
  const MetricOutcome outcome =
      outcome_of(spec_of(test_case["input"]), cluster_of(test_case["input"]));
  if (const auto* failure = std::get_if<MetricFailure>(&outcome)) {
    INFO(failure->message);
    REQUIRE(error.is_string());
    check_failure(*failure, error);
  } else {
    REQUIRE(error.is_null());
    check_proposal(std::get<Proposal>(outcome), expect);
  }
}

void compare_group_pods(const json& test_case) {
  const json& input = test_case["input"];
  PodMetrics samples;
  for (const json& sample : input["pod_metrics"]) {
    samples[sample["pod"]] = {instant_of_ms(sample["timestamp_ms"]),
                              std::chrono::milliseconds(sample["window_ms"].get<std::int64_t>()),
                              sample["value_milli"]};
  }
  const std::string resource = input["resource"];
  const PodGroups groups = classify_pods(pods_of(input["pods"]), samples, resource,
                                         startup_rules(input, input["now_ms"]));
  const json& expect = test_case["expect"];
  CHECK(groups.ready == expect["ready_pod_count"]);
  CHECK(groups.unready == expect["unready"].get<Names>());
  CHECK(groups.missing == expect["missing"].get<Names>());
  CHECK(groups.ignored == expect["ignored"].get<Names>());
}

void compare_calculate_requests(const json& test_case) {
  const json& input = test_case["input"];
  const RequestOf wanted{input["resource"], input["container"], input["gate_pod_level_resources"]};
  const json& expect = test_case["expect"];
  const std::vector<PodFacts> pods = pods_of(input["pods"]);
  if (expect["error"].is_null()) {
    CHECK(pod_requests(pods, wanted, Parity::current) ==
          expect["requests_milli"].get<PodRequests>());
  } else {
    CHECK_THROWS_WITH(pod_requests(pods, wanted, Parity::current),
                      expect["error"].get<std::string>());
  }
}

}  // namespace

Comparisons replica_calculator_comparisons() {
  return {{"replica_calc",
           [](const json& test_case) {
             compare_replica_calc(test_case, test_case["oracle"], test_case["oracle"]["error"]);
             compare_replica_calc(test_case, test_case["expect"],
                                  test_case["expect"].value("error_contains", json()));
           }},
          {"group_pods", compare_group_pods},
          {"calculate_requests", compare_calculate_requests}};
}

Comparisons replica_calc_comparisons() {
  return {{"", [](const json& test_case) {
             compare_replica_calc(test_case, test_case["expect"], test_case["expect"]["error"]);
           }}};
}

}  // namespace cpab
