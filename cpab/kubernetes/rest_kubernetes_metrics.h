#pragma once

#include <chrono>

#include "cpab/kubernetes/kubernetes_metrics.h"
#include "cpab/kubernetes/metrics_apis.h"

namespace cpab {

/// When pods that start do not count for CPU metrics yet (contract section 4.2).
struct StartupPeriods {
  std::chrono::seconds cpu_initialization{300};
  std::chrono::seconds initial_readiness_delay{30};
};

/// The metrics of contract section 4, from the metrics APIs. The pods are listed at most once a
/// run, however many specs need them.
class RestKubernetesMetrics : public KubernetesMetrics {
 public:
  /// The references outlive it; `cluster` lists the pods.
  RestKubernetesMetrics(RestClient& rest, Discovery& discovery, Cluster& cluster,
                        const StartupPeriods& periods);

  KubernetesMetricsResult gather(const std::vector<MetricSpec>& specs, const Scale& scale,
                                 const std::string& namespace_name, WallTime now,
                                 const Budget& budget) override;

 private:
  MetricsApis apis_;
  Cluster& cluster_;
  StartupPeriods periods_;
};

}  // namespace cpab
