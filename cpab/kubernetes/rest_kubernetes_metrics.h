#pragma once

#include <chrono>
#include <cstddef>

#include "cpab/kubernetes/kubernetes_metrics.h"
#include "cpab/kubernetes/metrics_apis.h"

namespace cpab {

/// When pods that start do not count for CPU metrics yet (contract section 4.2).
struct StartupPeriods {
  std::chrono::seconds cpu_initialization{300};
  std::chrono::seconds initial_readiness_delay{30};
};

/// The metrics of contract section 4, from the metrics APIs, and those of single containers. They
/// are read at the same time, so that one that does not answer costs the others nothing.
class RestKubernetesMetrics : public KubernetesMetrics {
 public:
  /// The references outlive it. `concurrency` is how many metrics are read at a time: 1 where the
  /// clock is for one thread.
  RestKubernetesMetrics(RestClient& rest, Discovery& discovery, const StartupPeriods& periods,
                        std::size_t concurrency = 1);

  KubernetesMetricsResult gather(const MetricsRequest& request, const Budget& budget) override;

 private:
  MetricsApis apis_;
  StartupPeriods periods_;
  std::size_t concurrency_;
};

}  // namespace cpab
