#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "cpab/kubernetes/cluster.h"
#include "cpab/model/metric_spec.h"
#include "cpab/model/time.h"

namespace cpab {

/// The metrics of `kubernetesMetricSpecs` that could be read, and what became of the others.
struct KubernetesMetricsResult {
  /// One line of JSON each, in spec order, as contract section 4 has them; failed specs left out.
  std::vector<std::string> metrics;
  std::vector<std::string> errors;  ///< one per failed spec, as the reference words it
};

/// Reads the metrics APIs (metrics.k8s.io, custom.metrics.k8s.io, external.metrics.k8s.io).
/// Safe to call from several threads at once.
class KubernetesMetrics {
 public:
  virtual ~KubernetesMetrics() = default;

  /// Gathers every spec for the pods of `scale` in `namespace_name`. An empty selector fails the
  /// specs that need pods. `now` decides which pods still count as starting. Does not throw for a
  /// metric that cannot be read.
  virtual KubernetesMetricsResult gather(const std::vector<MetricSpec>& specs, const Scale& scale,
                                         const std::string& namespace_name, WallTime now,
                                         const Budget& budget) = 0;
};

}  // namespace cpab
