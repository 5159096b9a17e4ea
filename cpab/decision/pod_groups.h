#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/decision/parity.h"
#include "cpab/model/instant.h"
#include "cpab/model/pod_facts.h"
#include "cpab/model/pod_metric.h"

namespace cpab {

/// When a pod still counts as starting, and when it no longer counts.
struct StartupRules {
  Instant now;
  std::chrono::seconds cpu_initialization_period{300};
  std::chrono::seconds initial_readiness_delay{30};
  Parity parity = Parity::none;
};

/// Whether the pod counts for nothing, since it is being deleted or is finished. For the HPA
/// controller one that succeeded is as good as one that runs.
bool has_ended(const PodFacts& pod, Parity parity);

/// The names of those.
std::set<std::string> ended_pods(const std::vector<PodFacts>& pods, Parity parity);

/// Which pods a metric may count on: every listed pod is in one of the groups.
struct PodGroups {
  std::int64_t ready = 0;         ///< how many are ready; the others are named
  std::set<std::string> unready;  ///< not started yet; user logic knows them as `ignored_pods`
  std::set<std::string> missing;  ///< without a metric
  std::set<std::string> ignored;  ///< they have ended: no metric, no count

  bool empty() const { return ready == 0 && unready.empty() && missing.empty() && ignored.empty(); }

  friend bool operator==(const PodGroups&, const PodGroups&) = default;
};

/// Sorts the pods by the rules of contract section 4.2, which are those of the HPA controller;
/// without parity a pod that succeeded is ignored as one that failed. Only for the resource `cpu` a
/// pod that is starting is unready: starting costs CPU, which says nothing about load. Fast when
/// pods come sorted by name, as the API server lists them.
PodGroups classify_pods(const std::vector<PodFacts>& pods, const PodMetrics& metrics,
                        std::string_view resource, const StartupRules& rules);

/// How many pods are Running and Ready.
std::int64_t ready_pod_count(const std::vector<PodFacts>& pods);

}  // namespace cpab
