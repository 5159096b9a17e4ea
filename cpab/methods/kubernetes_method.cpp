#include "cpab/methods/kubernetes_method.h"

#include "cpab/model/json_text.h"

namespace cpab {

std::string KubernetesMethod::run(std::string_view input, const CallLimits& limits) {
  const auto metrics = json_member(input, "kubernetesMetrics");
  if (!metrics) {
    throw MethodError("config", "no Kubernetes metrics were gathered; set kubernetesMetricSpecs");
  }
  limits.take(metrics->size());
  return std::string(*metrics);
}

}  // namespace cpab
