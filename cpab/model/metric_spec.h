#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// One requirement of a label selector: `key operator values`.
struct LabelRequirement {
  std::string key;
  std::string op;  ///< `In`, `NotIn`, `Exists`, `DoesNotExist`
  std::vector<std::string> values;

  friend bool operator==(const LabelRequirement&, const LabelRequirement&) = default;
};

/// metav1.LabelSelector.
struct LabelSelector {
  std::vector<std::pair<std::string, std::string>> match_labels;  ///< sorted by key
  std::vector<LabelRequirement> match_expressions;

  friend bool operator==(const LabelSelector&, const LabelSelector&) = default;
};

/// The metric of a Pods, Object or External source.
struct MetricIdentifier {
  std::string name;
  std::optional<LabelSelector> selector;

  friend bool operator==(const MetricIdentifier&, const MetricIdentifier&) = default;
};

/// autoscaling/v2 MetricTarget; quantities are canonical text (`500m`).
struct MetricTarget {
  std::string type;  ///< `Utilization`, `Value`, `AverageValue`
  std::optional<std::string> value;
  std::optional<std::string> average_value;
  std::optional<std::int32_t> average_utilization;

  friend bool operator==(const MetricTarget&, const MetricTarget&) = default;
};

/// autoscaling/v2 CrossVersionObjectReference.
struct ObjectReference {
  std::string kind;
  std::string name;
  std::string api_version;

  friend bool operator==(const ObjectReference&, const ObjectReference&) = default;
};

struct ResourceMetricSource {
  std::string name;
  MetricTarget target;
  friend bool operator==(const ResourceMetricSource&, const ResourceMetricSource&) = default;
};
struct ContainerResourceMetricSource {
  std::string name;
  std::string container;
  MetricTarget target;
  friend bool operator==(const ContainerResourceMetricSource&,
                         const ContainerResourceMetricSource&) = default;
};
struct PodsMetricSource {
  MetricIdentifier metric;
  MetricTarget target;
  friend bool operator==(const PodsMetricSource&, const PodsMetricSource&) = default;
};
struct ObjectMetricSource {
  ObjectReference described_object;
  MetricTarget target;
  MetricIdentifier metric;
  friend bool operator==(const ObjectMetricSource&, const ObjectMetricSource&) = default;
};
struct ExternalMetricSource {
  MetricIdentifier metric;
  MetricTarget target;
  friend bool operator==(const ExternalMetricSource&, const ExternalMetricSource&) = default;
};

/// autoscaling/v2 MetricSpec: `type` and the source of that name.
struct MetricSpec {
  std::string type;  ///< `Resource`, `Pods`, `Object`, `External`, `ContainerResource`
  std::optional<ResourceMetricSource> resource;
  std::optional<PodsMetricSource> pods;
  std::optional<ObjectMetricSource> object;
  std::optional<ExternalMetricSource> external;
  std::optional<ContainerResourceMetricSource> container_resource;

  /// The target of the source of its type; null when that source is missing, or there is no such
  /// type.
  const MetricTarget* target() const;

  /// Whether there is one value, not one for each pod.
  bool is_single_value() const { return type == "Object" || type == "External"; }

  friend bool operator==(const MetricSpec&, const MetricSpec&) = default;
};

/// Whether `type` is one of those of a MetricSpec.
bool is_metric_source_type(std::string_view type);

/// The spec as Kubernetes would write it: absent parts left out, one line.
std::string to_json(const MetricSpec& spec);

}  // namespace cpab
