#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "cpab/kubernetes/metric_lists.h"
#include "cpab/model/pod_metric.h"

namespace cpab {

/// How user logic sees gathered metrics: exactly the JSON of contract section 4.1, keys of mixed
/// case included.

/// The value of a Resource or Pods metric; what is none is written as null.
struct PodsSummary {
  std::optional<PodMetrics> metrics;
  std::int64_t ready_pod_count = 0;
  std::optional<std::set<std::string>> ignored_pods;
  std::optional<std::set<std::string>> missing_pods;
  std::size_t total_pods = 0;
  Instant timestamp;
};

std::string resource_metric_json(const PodsSummary& summary,
                                 const std::optional<PodRequests>& requests);
std::string pods_metric_json(const PodsSummary& summary);

/// The value of an Object or External metric with target type Value; without a count nobody has
/// counted.
std::string value_json(const Reading& reading, std::optional<std::int64_t> ready_pod_count);

/// The same with target type AverageValue, which is the undivided value (contract section 4.1).
std::string average_value_json(const Reading& reading);

/// What the formula of the HPA needs of one metric beyond what the reference tells; what is none is
/// left out.
struct FormulaInput {
  std::int32_t status_replicas = 0;
  std::optional<std::set<std::string>> unready_pods;  ///< of a Pods metric
  std::optional<std::set<std::string>> ended_pods;    ///< deleted or finished: has_ended()
  std::optional<PodRequests> pod_requests;            ///< when they are not those of the value
  std::optional<std::size_t> total_pods;              ///< of an Object or External metric
  std::optional<Instant> oldest_timestamp;  ///< of a sum, when it is not that of the value
};

/// What was read for one spec.
struct MetricPart {
  std::string key;  ///< `resource`, `container_resource`, `pods`, `object` or `external`
  std::string value;
  FormulaInput formula;
};

/// One element of `kubernetesMetrics`, without and with what the formula needs.
std::string metric_element_json(std::int32_t current_replicas, std::string_view spec,
                                const MetricPart& part);
std::string complete_element_json(std::int32_t current_replicas, std::string_view spec,
                                  const MetricPart& part);

/// The element of a spec that failed.
std::string failed_element_json(std::int32_t current_replicas, std::string_view spec,
                                std::string_view error, std::string_view reason);

}  // namespace cpab
