#pragma once

#include "cpab/io/http_server.h"

namespace cpab {

class ClusterState;

/// What stands in for services outside the cluster, for user scripts: below `/simulation/http`, the
/// pages of the cluster, asked for with GET or POST. A page whose path has a query is for requests
/// with that query alone, one without for all others. Throws ApiError.
ServerResponse serve_page(ClusterState& state, const ServerRequest& request);

}  // namespace cpab
