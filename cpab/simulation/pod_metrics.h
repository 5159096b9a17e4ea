#pragma once

#include <optional>
#include <string>

#include "cpab/simulation/cluster_state.h"
#include "cpab/simulation/selectors.h"

namespace cpab {

/// The answers of metrics.k8s.io/v1beta1, as JSON text: CPU in proportion to the pod's share of the
/// load, memory the same for every pod. Only running pods have metrics.

std::string pod_metrics_list(ClusterState& state, const std::string& namespace_name,
                             const ParsedSelector& selector);

/// None when the pod is not there or not running.
std::optional<std::string> pod_metrics(ClusterState& state, const std::string& namespace_name,
                                       const std::string& name);

}  // namespace cpab
