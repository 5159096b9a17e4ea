#pragma once

#include "cpab/methods/method.h"

namespace cpab {

/// Type `kubernetes`, for the metric stage: the metric is what `kubernetesMetricSpecs` gathered, so
/// that any evaluation can have it. Calls nobody.
class KubernetesMethod : public Method {
 public:
  /// The array `kubernetesMetrics` of the input. Throws MethodError when there is none.
  std::string run(std::string_view input, const CallLimits& limits) override;
};

}  // namespace cpab
