#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/kubernetes_metrics.h"

namespace cpab {

/// A cluster of one target whose every answer a test sets; counts what is asked of it.
class ScriptedCluster final : public Cluster {
 public:
  Resource target_answer{
      "shop", "uid-1",
      R"({"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"shop"}})"};
  Scale scale_answer{"shop", "uid-1", 3, 3, "app=shop"};
  std::vector<Resource> pods_answer;
  std::optional<KubernetesError> target_error;
  std::optional<KubernetesError> scale_error;
  std::optional<KubernetesError> pods_error;
  std::optional<KubernetesError> patch_error;
  std::optional<std::int32_t> changed_meanwhile;  ///< what set_replicas finds instead
  std::optional<std::int32_t> patch_answer;  ///< the count that a hook makes of what is written

  std::vector<std::int32_t> written;
  std::vector<std::string> selectors;
  int reads = 0;
  std::function<void()> on_read;  ///< called whenever the target is read

  Resource target(const ScaleTarget&, const Budget&) override {
    ++reads;
    if (on_read) on_read();
    if (target_error) throw KubernetesError(*target_error);
    return target_answer;
  }
  Scale scale(const ScaleTarget&, const Budget&) override {
    ++reads;
    if (scale_error) throw KubernetesError(*scale_error);
    return scale_answer;
  }
  std::vector<Resource> pods(const std::string&, const std::string& selector,
                             const Budget&) override {
    selectors.push_back(selector);
    if (pods_error) throw KubernetesError(*pods_error);
    return pods_answer;
  }
  Scale set_replicas(const ScaleTarget&, const Scale&, std::int32_t replicas,
                     const Budget&) override {
    if (patch_error) throw KubernetesError(*patch_error);
    if (changed_meanwhile) throw ReplicasChangedError(*changed_meanwhile, "test failed");
    written.push_back(replicas);
    scale_answer.spec_replicas = patch_answer.value_or(replicas);
    return scale_answer;
  }
};

/// Kubernetes metrics as a test sets them.
class ScriptedKubernetesMetrics final : public KubernetesMetrics {
 public:
  KubernetesMetricsResult answer;
  bool lists_pods = false;  ///< asks for the pods of the run
  int calls = 0;
  MetricDetail detail{};  ///< that was asked for last, as are the next ones
  Parity parity{};
  Budget budget{};
  std::optional<Tolerance> formula_tolerance;

  KubernetesMetricsResult gather(const MetricsRequest& request, const Budget& within) override {
    ++calls;
    detail = request.detail;
    parity = request.parity;
    budget = within;
    formula_tolerance = request.formula_tolerance;
    if (lists_pods) request.pods.facts(within);
    return answer;
  }
};

}  // namespace cpab
