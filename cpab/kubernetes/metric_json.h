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

/// The value of an Object or External metric with target type Value.
std::string value_json(const Reading& reading, std::int64_t ready_pod_count);

/// The same with target type AverageValue, which is the undivided value (contract section 4.1).
std::string average_value_json(const Reading& reading);

/// One element of `kubernetesMetrics`; `key` is `resource`, `pods`, `object` or `external`.
std::string metric_element_json(std::int32_t current_replicas, std::string_view spec,
                                std::string_view key, std::string_view value);

}  // namespace cpab
