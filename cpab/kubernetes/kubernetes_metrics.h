#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cpab/decision/parity.h"
#include "cpab/decision/tolerance.h"
#include "cpab/kubernetes/run_pods.h"
#include "cpab/model/metric_spec.h"
#include "cpab/model/scale.h"
#include "cpab/model/time.h"

namespace cpab {

/// How much is told of each metric.
enum class MetricDetail {
  reference,  ///< what user logic of the reference knows; failed specs are left out
  complete,  ///< besides, what the formula of the HPA needs; failed specs are told with their error
};

/// What one run gathers metrics of.
struct MetricsRequest {
  const std::vector<MetricSpec>& specs;
  const Scale& scale;
  RunPods& pods;  ///< those of `scale`
  WallTime now;   ///< decides which pods still count as starting
  MetricDetail detail = MetricDetail::reference;
  /// Whether finished pods count: user logic sees them as the HPA controller does.
  Parity parity = Parity::current;
  /// That of the formula of the HPA, when that alone is told of the metrics: then the pods behind a
  /// metric with one value are listed only where it needs them.
  std::optional<Tolerance> formula_tolerance = {};
};

/// The metrics of `kubernetesMetricSpecs` that could be read, and what became of the others.
struct KubernetesMetricsResult {
  /// One line of JSON each, in spec order, as docs/methods.md has them.
  std::vector<std::string> metrics;
  std::vector<std::string> errors;  ///< one per failed spec, as the reference words it
};

/// Reads the metrics APIs (metrics.k8s.io, custom.metrics.k8s.io, external.metrics.k8s.io).
/// Safe to call from several threads at once.
class KubernetesMetrics {
 public:
  virtual ~KubernetesMetrics() = default;

  /// Gathers every spec, all within `budget`, and each request to a metrics API is tried again
  /// once at most. An empty selector fails the specs that need pods. Does not throw for a metric
  /// that cannot be read.
  virtual KubernetesMetricsResult gather(const MetricsRequest& request, const Budget& budget) = 0;
};

}  // namespace cpab
