#pragma once

#include "cpab/simulation/cluster_state.h"

namespace cpab {

/// What the controller of `workload` does after a change: create or delete what it owns, and bring
/// its status up to date. Deployments own ReplicaSets; all other workloads own pods.
void reconcile(ClusterState& state, const Object& workload);

}  // namespace cpab
