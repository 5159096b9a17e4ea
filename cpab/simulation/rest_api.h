#pragma once

#include "cpab/io/http_server.h"

namespace cpab {

class SimulatedCluster;

/// Answers a request of the Kubernetes API: discovery, the stored types with their subresources,
/// pod metrics, watches, tables. Refusals are Status objects; never throws ApiError.
ServerResponse serve_api(SimulatedCluster& cluster, const ServerRequest& request);

}  // namespace cpab
