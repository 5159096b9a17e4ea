#pragma once

#include "cpab/simulation/cluster_state.h"

namespace cpab {

/// A Deployment owns a ReplicaSet for each template it had, of which only the newest has pods:
/// rollouts happen at once.
void reconcile_deployment(ClusterState& state, const Object& deployment);

}  // namespace cpab
