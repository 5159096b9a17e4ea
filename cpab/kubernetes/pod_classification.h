#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/kubernetes/instant.h"
#include "cpab/kubernetes/pod_facts.h"

namespace cpab {

/// What a metrics API says about one pod.
struct PodMetric {
  Instant timestamp;
  std::chrono::nanoseconds window{0};
  std::int64_t value = 0;  ///< in thousandths

  friend bool operator==(const PodMetric&, const PodMetric&) = default;
};

using PodMetrics = std::map<std::string, PodMetric>;  ///< by pod name

/// When a pod still counts as starting.
struct StartupRules {
  Instant now;
  std::chrono::seconds cpu_initialization_period{300};
  std::chrono::seconds initial_readiness_delay{30};
};

/// Which pods a metric may count on. A pod that is deleted or has failed is in none of the groups.
struct PodGroups {
  std::int64_t ready = 0;
  std::set<std::string> ignored;  ///< not started yet
  std::set<std::string> missing;  ///< without a metric

  friend bool operator==(const PodGroups&, const PodGroups&) = default;
};

/// Sorts the pods by the rules of contract section 4.2. Only for the resource `cpu` a pod that is
/// starting is ignored: starting costs CPU, which says nothing about load.
PodGroups classify_pods(const std::vector<PodFacts>& pods, const PodMetrics& metrics,
                        std::string_view resource, const StartupRules& rules);

/// How many pods are Running and Ready.
std::int64_t ready_pod_count(const std::vector<PodFacts>& pods);

}  // namespace cpab
