#include "cpab/simulation/metrics_types.h"

#include <map>
#include <string>

namespace cpab {
namespace {

ResourceType metrics_type(const std::string& group, const std::string& version,
                          const std::string& kind, const std::string& plural) {
  ResourceType type;
  type.group = group;
  type.version = version;
  type.kind = kind;
  type.plural = plural;
  type.has_status = false;
  return type;
}

/// The metric that every workload with a load has.
const ResourceType* custom_metrics_type(const std::string& version) {
  static const std::map<std::string, ResourceType> types = [] {
    std::map<std::string, ResourceType> all;
    for (const char* known : {"v1beta1", "v1beta2"}) {
      all[known] = metrics_type("custom.metrics.k8s.io", known, "MetricValueList", "pods/load");
    }
    return all;
  }();
  const auto found = types.find(version);
  return found == types.end() ? nullptr : &found->second;
}

const ResourceType& external_metrics_type() {
  static const ResourceType type =
      metrics_type("external.metrics.k8s.io", "v1beta1", "ExternalMetricValueList", "load");
  return type;
}

}  // namespace

const ResourceType& pod_metrics_type() {
  static const ResourceType type = [] {
    ResourceType metrics = metrics_type("metrics.k8s.io", "v1beta1", "PodMetrics", "pods");
    metrics.singular = "pod";
    return metrics;
  }();
  return type;
}

std::vector<const ResourceType*> metrics_types(const MetricsServing& serving) {
  std::vector<const ResourceType*> types;
  if (serving.resource) types.push_back(&pod_metrics_type());
  for (const std::string& version : serving.custom_versions) {
    if (const auto* type = custom_metrics_type(version)) types.push_back(type);
  }
  if (serving.external) types.push_back(&external_metrics_type());
  return types;
}

}  // namespace cpab
