#include "cpab/decision/pod_groups.h"

#include <algorithm>

#include "cpab/decision/ordered_lookup.h"

namespace cpab {
namespace {

/// Whether the CPU usage of the pod is still that of its start.
bool is_starting(const PodFacts& pod, const PodMetric& metric, const StartupRules& rules) {
  if (!pod.ready || !pod.start_time) return true;
  const bool unready = pod.ready->status == "False";
  const Instant changed = pod.ready->last_transition;
  if (*pod.start_time + rules.cpu_initialization_period > rules.now) {
    // The sample has to lie wholly in the time since the pod became ready.
    return unready || metric.timestamp < changed + metric.window;
  }
  const bool never_was_ready = *pod.start_time + rules.initial_readiness_delay > changed;
  return unready && never_was_ready;
}

}  // namespace

PodGroups classify_pods(const std::vector<PodFacts>& pods, const PodMetrics& metrics,
                        std::string_view resource, const StartupRules& rules) {
  PodGroups groups;
  OrderedLookup samples(metrics);
  for (const PodFacts& pod : pods) {
    const auto* sample = samples.find(pod.name);
    if (pod.deleted || pod.phase == "Failed") {
      groups.ignored.insert(pod.name);
    } else if (pod.phase == "Pending") {
      groups.unready.insert(pod.name);
    } else if (sample == nullptr) {
      groups.missing.insert(pod.name);
    } else if (resource == "cpu" && is_starting(pod, sample->second, rules)) {
      groups.unready.insert(pod.name);
    } else {
      ++groups.ready;
    }
  }
  return groups;
}

std::int64_t ready_pod_count(const std::vector<PodFacts>& pods) {
  return std::count_if(pods.begin(), pods.end(), [](const PodFacts& pod) {
    return pod.phase == "Running" && pod.ready && pod.ready->status == "True";
  });
}

}  // namespace cpab
