#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cpab/model/time.h"
#include "cpab/simulation/object_store.h"

namespace cpab {

/// Whether the cluster runs pods for it: the built-in workloads, and custom resources that have a
/// scale subresource and a pod template.
bool runs_pods(const StoredObject& object);

/// The replicas its spec asks for; absent is 1, the default of the API, except in custom resources,
/// where it is 0.
std::int64_t wanted_replicas(const StoredObject& workload);

/// The document of a workload that owns `pods` (those that count), with its status brought up to
/// date. Counts that are 0 are left out where the API leaves them out.
Json with_pod_status(const StoredObject& workload, const std::vector<Object>& pods);

/// The same for a Deployment, from the status of its ReplicaSets; `current` is the name of the one
/// with the newest template.
Json with_deployment_status(Json deployment, const std::vector<Object>& replica_sets,
                            const std::string& current, WallTime now);

}  // namespace cpab
