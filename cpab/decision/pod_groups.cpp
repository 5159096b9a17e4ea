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

/// The group that names the pod; null when it is ready.
std::set<std::string>* group_of(const PodFacts& pod, const PodMetric* sample, bool is_cpu,
                                const StartupRules& rules, PodGroups& groups) {
  if (has_ended(pod, rules.parity)) return &groups.ignored;
  if (pod.phase == "Pending") return &groups.unready;
  if (sample == nullptr) return &groups.missing;
  if (is_cpu && is_starting(pod, *sample, rules)) return &groups.unready;
  return nullptr;
}

}  // namespace

bool has_ended(const PodFacts& pod, Parity parity) {
  if (pod.deleted || pod.phase == "Failed") return true;
  return pod.phase == "Succeeded" && parity == Parity::none;
}

std::set<std::string> ended_pods(const std::vector<PodFacts>& pods, Parity parity) {
  std::set<std::string> names;
  for (const PodFacts& pod : pods) {
    if (has_ended(pod, parity)) names.insert(pod.name);
  }
  return names;
}

PodGroups classify_pods(const std::vector<PodFacts>& pods, const PodMetrics& metrics,
                        std::string_view resource, const StartupRules& rules) {
  PodGroups groups;
  OrderedLookup samples(metrics);
  for (const PodFacts& pod : pods) {
    const auto* found = samples.find(pod.name);
    const PodMetric* sample = found == nullptr ? nullptr : &found->second;
    if (auto* group = group_of(pod, sample, resource == "cpu", rules, groups)) {
      group->insert(pod.name);
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
