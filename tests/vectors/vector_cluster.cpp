#include "tests/vectors/vector_cluster.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "cpab/decision/pod_requests.h"
#include "cpab/kubernetes/metric_lists.h"
#include "cpab/kubernetes/pod_facts.h"

namespace cpab {
namespace {

using nlohmann::json;

constexpr std::int64_t zero_time = -1'000'000'000'000'000;
const Instant origin{1'700'000'000, 0};

std::string milli_text(std::int64_t milli) { return std::to_string(milli) + "m"; }

json time_text(const json& milliseconds) {
  if (milliseconds.is_null()) return nullptr;
  return to_string(instant_of_ms(milliseconds));
}

json quantities(const json& amounts_milli) {
  json texts = json::object();
  for (const auto& [resource, milli] : amounts_milli.items()) texts[resource] = milli_text(milli);
  return texts;
}

json container_json(const json& container) {
  json out = {{"name", container["name"]},
              {"resources", {{"requests", quantities(container["requests_milli"])}}}};
  if (container.contains("restart_policy")) out["restartPolicy"] = container["restart_policy"];
  return out;
}

json containers_json(const json& pod, const char* key) {
  json out = json::array();
  for (const json& container : pod.value(key, json::array())) {
    out.push_back(container_json(container));
  }
  return out;
}

json pod_json(const json& pod) {
  json conditions = json::array();
  if (!pod["ready"].is_null()) {
    conditions.push_back({{"type", "Ready"},
                          {"status", pod["ready"]},
                          {"lastTransitionTime", time_text(pod["ready_last_transition_ms"])}});
  }
  json out = {{"metadata", {{"name", pod["name"]}}},
              {"spec",
               {{"containers", containers_json(pod, "containers")},
                {"initContainers", containers_json(pod, "init_containers")}}},
              {"status",
               {{"phase", pod["phase"]},
                {"startTime", time_text(pod["start_time_ms"])},
                {"conditions", conditions}}}};
  if (pod["deletion_timestamp_set"]) out["metadata"]["deletionTimestamp"] = to_string(origin);
  if (pod.contains("pod_level_requests_milli")) {
    out["spec"]["resources"]["requests"] = quantities(pod["pod_level_requests_milli"]);
  }
  return out;
}

std::string list_json(const json& items) { return json{{"items", items}}.dump(); }

void throw_error_of(const json& answer) {
  if (!answer["error"].is_null()) throw std::runtime_error(answer["error"]);
}

/// The part of the metrics of a case that has `name`.
const json& answer_of(const json& metrics, const char* api, const std::string& name) {
  for (const json& answer : metrics.at(api)) {
    if (answer["metric"] == name) return answer;
  }
  throw std::runtime_error("the case has no metric " + name);
}

bool some_count(const MeasuredPods& measured) {
  return std::any_of(measured.samples.begin(), measured.samples.end(), [&](const auto& sample) {
    return !measured.groups.unready.contains(sample.first) &&
           !measured.groups.ignored.contains(sample.first);
  });
}

MeasuredPods measure_resource(const VectorCluster& cluster, const RequestOf& wanted,
                              const MetricTarget& target) {
  const json& answer = cluster.metrics.at("resource");
  throw_error_of(answer);
  PodReadings readings =
      parse_resource_metrics(resource_list(answer["items"]), wanted.resource, wanted.container);
  MeasuredPods measured{std::move(readings.pods), {}, {}, readings.timestamp};
  measured.groups = classify_pods(cluster.pods, measured.samples, wanted.resource, cluster.startup);
  // The HPA complains about requests only when there is something to compare with them.
  if (!target.average_value && some_count(measured)) {
    measured.requests = pod_requests(cluster.pods, wanted, Parity::current);
  }
  return measured;
}

MeasuredPods measure_pods(const VectorCluster& cluster, const std::string& name) {
  const json& answer = answer_of(cluster.metrics, "pods", name);
  throw_error_of(answer);
  PodReadings readings = parse_pods_metrics(pods_list(answer["items"]));
  MeasuredPods measured{std::move(readings.pods), {}, {}, readings.timestamp};
  measured.groups = classify_pods(cluster.pods, measured.samples, "", cluster.startup);
  return measured;
}

MeasuredValue measured_value(const VectorCluster& cluster, const Reading& reading) {
  MeasuredValue measured{reading.value, std::nullopt, reading.timestamp};
  if (!cluster.pods.empty()) measured.ready_pods = ready_pod_count(cluster.pods);
  return measured;
}

/// An API that fails has been recorded as one that returns nothing.
MeasuredValue measure_object(const VectorCluster& cluster, const std::string& name) {
  const json& answer = answer_of(cluster.metrics, "object", name);
  json values = json::array();
  if (answer["error"].is_null()) values.push_back(answer["value_milli"]);
  return measured_value(cluster, parse_object_metric(value_list(values)));
}

MeasuredValue measure_external(const VectorCluster& cluster, const std::string& name) {
  const json& answer = answer_of(cluster.metrics, "external", name);
  throw_error_of(answer);
  return measured_value(cluster, parse_external_metric(value_list(answer["values_milli"])));
}

Measurement measure(const MetricSpec& spec, const VectorCluster& cluster) {
  if (spec.resource) {
    const RequestOf wanted{spec.resource->name, "", cluster.pod_level_requests};
    return measure_resource(cluster, wanted, spec.resource->target);
  }
  if (spec.container_resource) {
    const RequestOf wanted{spec.container_resource->name, spec.container_resource->container};
    return measure_resource(cluster, wanted, spec.container_resource->target);
  }
  if (spec.pods) return measure_pods(cluster, spec.pods->metric.name);
  if (spec.object) return measure_object(cluster, spec.object->metric.name);
  if (spec.external) return measure_external(cluster, spec.external->metric.name);
  return MeasuredValue{};
}

MetricTarget target_of(const json& target) {
  MetricTarget out;
  out.type = target["type"];
  if (target.contains("value")) out.value = target["value"];
  if (target.contains("average_value")) out.average_value = target["average_value"];
  if (target.contains("average_utilization_percent")) {
    out.average_utilization = target["average_utilization_percent"];
  }
  return out;
}

}  // namespace

Instant instant_of_ms(std::int64_t milliseconds) {
  if (milliseconds == zero_time) return {};
  return origin + std::chrono::milliseconds(milliseconds);
}

std::vector<PodFacts> pods_of(const json& pods) {
  std::vector<PodFacts> facts;
  for (const json& pod : pods) facts.push_back(parse_pod(pod_json(pod).dump()));
  return facts;
}

StartupRules startup_rules(const json& periods, std::int64_t now_ms) {
  const auto period = [&](const char* key) {
    return std::chrono::duration_cast<std::chrono::seconds>(
        std::chrono::milliseconds(periods[key].get<std::int64_t>()));
  };
  return {instant_of_ms(now_ms), period("cpu_initialization_period_ms"),
          period("initial_readiness_delay_ms"), Parity::current};
}

MetricSpec metric_spec_of(const json& metric) {
  MetricSpec spec;
  spec.type = metric["type"];
  if (!metric.contains("target")) return spec;
  const MetricTarget target = target_of(metric["target"]);
  const std::string name = metric["name"];
  if (spec.type == "Resource") spec.resource = {name, target};
  if (spec.type == "ContainerResource")
    spec.container_resource = {name, metric["container"], target};
  if (spec.type == "Pods") spec.pods = {{name, std::nullopt}, target};
  if (spec.type == "Object") spec.object = {{}, target, {name, std::nullopt}};
  if (spec.type == "External") spec.external = {{name, std::nullopt}, target};
  return spec;
}

std::string resource_list(const json& items) {
  json out = json::array();
  for (const json& item : items) {
    json containers = json::array();
    for (const json& reported : item["containers"]) {
      containers.push_back(
          {{"name", reported["name"]}, {"usage", quantities(reported["usage_milli"])}});
    }
    out.push_back({{"metadata", {{"name", item["pod"]}}},
                   {"timestamp", time_text(item["timestamp_ms"])},
                   {"window", std::to_string(item["window_ms"].get<std::int64_t>()) + "ms"},
                   {"containers", containers}});
  }
  return list_json(out);
}

std::string pods_list(const json& items) {
  json out = json::array();
  for (const json& item : items) {
    json entry = {{"describedObject", {{"name", item["pod"]}}},
                  {"timestamp", time_text(item["timestamp_ms"])},
                  {"value", milli_text(item["value_milli"])}};
    const json window = item.value("window_ms", json());
    if (!window.is_null()) entry["windowSeconds"] = window.get<std::int64_t>() / 1000;
    out.push_back(std::move(entry));
  }
  return list_json(out);
}

std::string value_list(const json& values_milli) {
  json out = json::array();
  for (const json& milli : values_milli) {
    out.push_back({{"timestamp", to_string(origin)}, {"value", milli_text(milli)}});
  }
  return list_json(out);
}

MetricOutcome outcome_of(const MetricSpec& spec, const VectorCluster& cluster) {
  try {
    return propose_replicas(spec, measure(spec, cluster),
                            ProposalRules(cluster.replicas, cluster.tolerance, Parity::current));
  } catch (const std::runtime_error& error) {
    return MetricFailure{failure_reason(spec.type), error.what()};
  }
}

}  // namespace cpab
