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

/// The metrics of contract section 4, from the metrics APIs, and those of single containers.
class RestKubernetesMetrics : public KubernetesMetrics {
 public:
  /// The references outlive it.
  RestKubernetesMetrics(RestClient& rest, Discovery& discovery, const StartupPeriods& periods);

  KubernetesMetricsResult gather(const MetricsRequest& request, const Budget& budget) override;

 private:
  MetricsApis apis_;
  StartupPeriods periods_;
};

}  // namespace cpab
