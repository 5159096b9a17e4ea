#pragma once

#include "cpab/simulation/object_store.h"

namespace cpab {

/// The autoscaling/v1 Scale of a workload, without kind and apiVersion. `spec.replicas` is left out
/// when it is 0, as the API server does.
Json scale_of(const StoredObject& workload);

/// The document of `workload` with the replicas that `scale` asks for. Throws ApiError (422) for a
/// negative count and (400) for one that is not a number.
Json with_scale(const StoredObject& workload, const Json& scale);

}  // namespace cpab
