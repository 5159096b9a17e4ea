#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cpab/config/config.h"
#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/kubernetes_metrics.h"
#include "cpab/model/metric.h"
#include "cpab/pipeline/stage_methods.h"
#include "cpab/pipeline/stage_runner.h"

namespace cpab {

/// What is measured, and how.
struct GathererSettings {
  ScaleTarget target;
  RunMode run_mode = RunMode::per_pod;
  std::int32_t metric_concurrency = 1;  ///< metric calls at a time, per pod
  std::optional<std::vector<MetricSpec>> kubernetes_metric_specs;
  bool require_kubernetes_metrics = false;
  MetricDetail metric_detail = MetricDetail::reference;
  Parity parity = Parity::current;                  ///< of the pods that metrics are gathered of
  std::optional<Tolerance> formula_tolerance = {};  ///< see MetricsRequest
};

/// Metrics and what they take of the memory of their cycle, as long as this lives.
struct CountedMetrics {
  std::vector<Metric> metrics;
  std::vector<MemoryShare> memory;
  std::shared_ptr<MemoryAccount> account;  ///< of the cycle
};

/// The first half of a cycle: Kubernetes metrics, preMetric, metric per pod or per resource,
/// postMetric. Safe to use from several threads at once.
class Gatherer {
 public:
  Gatherer(GathererSettings settings, Cluster& cluster, KubernetesMetrics& kubernetes_metrics,
           const StageMethods& methods);

  /// One metric for the target, or one per pod in the order of the pod list. Throws StageError; a
  /// single failing pod fails the whole.
  CountedMetrics gather(const Resource& target, const Scale& scale, StageRunner& stages) const;

 private:
  std::vector<std::string> kubernetes_metrics(const Scale& scale, RunPods& pods,
                                              StageRunner& stages, MemoryShare& memory) const;
  std::span<const Resource> measured(const Resource& target, RunPods& pods,
                                     StageRunner& stages) const;
  CountedMetrics measure(std::span<const Resource> resources,
                         const std::vector<std::string>& kubernetes_metrics,
                         StageRunner& stages) const;
  Metric measure_one(const Resource& resource, const std::vector<std::string>& kubernetes_metrics,
                     const StageRunner& stages, MemoryShare& memory) const;
  std::string name_of(const Resource& resource) const;

  GathererSettings settings_;
  Cluster& cluster_;
  KubernetesMetrics& kubernetes_metrics_;
  const StageMethods& methods_;
};

}  // namespace cpab
