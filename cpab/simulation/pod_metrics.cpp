#include "cpab/simulation/pod_metrics.h"

#include <cmath>

namespace cpab {
namespace {

bool has_metrics(const StoredObject& pod) {
  return pod.document().string_at("/status/phase") == "Running" && !pod.terminating();
}

/// The first container works, the others idle.
Json container_usage(const std::string& name, std::int64_t microcores, std::int64_t kibibytes) {
  Json usage;
  usage.set("/name", name).set("/usage/cpu", std::to_string(microcores) + "u");
  return usage.set("/usage/memory", std::to_string(kibibytes) + "Ki");
}

Json metrics_of(ClusterState& state, const Object& pod) {
  const auto time = rfc3339_seconds(state.now());
  Json metrics;
  metrics.set("/metadata/name", pod->name()).set("/metadata/namespace", pod->namespace_name());
  metrics.set("/metadata/creationTimestamp", time).set("/metadata/labels", pod->labels());
  metrics.set("/timestamp", time).set("/window", "15s").set("/containers", Json::parse("[]"));
  const auto& options = state.options();
  auto microcores = std::llround(state.pod_load(pod) * options.cpu_millicores_per_load * 1000);
  auto kibibytes = options.memory_bytes_per_pod / 1024;
  for (const auto& container : pod->document().elements_at("/spec/containers")) {
    metrics.set("/containers/-",
                container_usage(container.string_at("/name"), microcores, kibibytes));
    microcores = kibibytes = 0;
  }
  return metrics;
}

}  // namespace

std::string pod_metrics_list(ClusterState& state, const std::string& namespace_name,
                             const ParsedSelector& selector) {
  std::string items;
  for (const auto& pod : state.objects().list(type_of_kind("Pod"), namespace_name)) {
    if (!has_metrics(*pod) || !selector.matches(pod->labels())) continue;
    items += (items.empty() ? "" : ",") + metrics_of(state, pod).text();
  }
  return R"({"kind":"PodMetricsList","apiVersion":"metrics.k8s.io/v1beta1","metadata":{},"items":[)" +
         items + "]}";
}

std::optional<std::string> pod_metrics(ClusterState& state, const std::string& namespace_name,
                                       const std::string& name) {
  const auto pod = state.objects().find(type_of_kind("Pod"), namespace_name, name);
  if (!pod || !has_metrics(*pod)) return std::nullopt;
  return R"({"kind":"PodMetrics","apiVersion":"metrics.k8s.io/v1beta1",)" +
         metrics_of(state, pod).text().substr(1);
}

}  // namespace cpab
