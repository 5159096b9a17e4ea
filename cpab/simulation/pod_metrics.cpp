#include "cpab/simulation/pod_metrics.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "cpab/model/json_text.h"
#include "cpab/simulation/labels_json.h"

namespace cpab {
namespace {

bool has_metrics(const ClusterState& state, const StoredObject& pod) {
  return !pod.terminating() && !state.serving().unmeasured_pods.contains(pod.name()) &&
         pod.document().string_at("/status/phase") == "Running";
}

std::vector<std::string> container_names(const StoredObject& pod) {
  std::vector<std::string> names;
  const auto& tree = pod.document().tree();
  const nlohmann::ordered_json::json_pointer place("/spec/containers");
  if (!tree.contains(place)) return names;
  for (const auto& container : tree.at(place)) names.push_back(container.value("name", ""));
  return names;
}

std::string container_json(const std::string& name, const ContainerUsage& usage) {
  return R"({"name":)" + json_quote(name) + R"(,"usage":{"cpu":")" + usage.cpu + R"(","memory":")" +
         usage.memory + R"("}})";
}

/// The first container works, the others idle.
std::string containers_json(ClusterState& state, const Object& pod) {
  const auto& options = state.options();
  const auto microcores =
      std::llround(state.pod_load(pod) * options.cpu_millicores_per_load * 1000);
  ContainerUsage usage{std::to_string(microcores) + "u",
                       std::to_string(options.memory_bytes_per_pod / 1024) + "Ki"};
  std::string json;
  for (const std::string& name : container_names(*pod)) {
    const ContainerUsage* set = state.metrics().usage(pod->namespace_name(), pod->name(), name);
    json += (json.empty() ? "" : ",") + container_json(name, set == nullptr ? usage : *set);
    usage = {"0", "0"};
  }
  return json;
}

/// The members of a PodMetrics, after its kind.
std::string metrics_of(ClusterState& state, const Object& pod) {
  const std::string time = json_quote(rfc3339_seconds(state.now() - state.serving().age));
  return R"("metadata":{"name":)" + json_quote(pod->name()) + R"(,"namespace":)" +
         json_quote(pod->namespace_name()) + R"(,"creationTimestamp":)" + time + R"(,"labels":)" +
         labels_json(pod->labels()) + R"(},"timestamp":)" + time +
         R"(,"window":"15s","containers":[)" + containers_json(state, pod) + "]}";
}

}  // namespace

std::string pod_metrics_list(ClusterState& state, const std::string& namespace_name,
                             const ParsedSelector& selector) {
  std::string items;
  for (const auto& pod : state.objects().list(type_of_kind("Pod"), namespace_name)) {
    if (!selector.matches(pod->labels()) || !has_metrics(state, *pod)) continue;
    items += (items.empty() ? "{" : ",{") + metrics_of(state, pod);
  }
  return R"({"kind":"PodMetricsList","apiVersion":"metrics.k8s.io/v1beta1","metadata":{},"items":[)" +
         items + "]}";
}

std::optional<std::string> pod_metrics(ClusterState& state, const std::string& namespace_name,
                                       const std::string& name) {
  const auto pod = state.objects().find(type_of_kind("Pod"), namespace_name, name);
  if (!pod || !has_metrics(state, *pod)) return std::nullopt;
  return R"({"kind":"PodMetrics","apiVersion":"metrics.k8s.io/v1beta1",)" + metrics_of(state, pod);
}

}  // namespace cpab
