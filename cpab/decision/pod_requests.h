#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "cpab/decision/parity.h"
#include "cpab/model/pod_facts.h"
#include "cpab/model/pod_metric.h"

namespace cpab {

/// A pod that does not say what it requests.
struct PodRequestError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Whose request is meant.
struct RequestOf {
  std::string resource;
  std::string container = {};  ///< of that container alone; empty = of the whole pod
  /// What a pod requests as a whole takes precedence over what its containers do (Kubernetes'
  /// feature PodLevelResources, on by default).
  bool pod_level = true;
};

/// The request of every pod, with parity also of those that have ended: the sum over its containers
/// and sidecars. A pod with requests of its own has those instead, or for a resource they do not
/// name what the scheduler reserves: the containers together, or what starting them takes if that
/// is more; either with the pod's overhead. One pod without a request makes usage relative to it
/// meaningless, so it throws PodRequestError.
/// Source: the HPA controller of Kubernetes 1.36.
PodRequests pod_requests(const std::vector<PodFacts>& pods, const RequestOf& wanted,
                         Parity parity = Parity::none);

}  // namespace cpab
