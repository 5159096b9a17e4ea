#pragma once

#include <string_view>

#include "cpab/io/http_server.h"

namespace cpab {

class SimulatedCluster;

/// The part of the HTTP face that no real cluster has: what a monitoring system would tell, for
/// user scripts of demos and tests. No token is asked for. Below `/simulation`:
///
///     GET load                                     every workload with a load
///     GET namespaces/{namespace}/{plural}/{name}/load  of one workload, or of one pod
///     PUT namespaces/{namespace}/{plural}/{name}/load  a number: from now on the constant load
///     PUT metrics                                  a value of the metrics APIs: put_metric()
ServerResponse serve_load(SimulatedCluster& cluster, const ServerRequest& request);

}  // namespace cpab
