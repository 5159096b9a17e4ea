#pragma once

#include <string_view>

#include "cpab/io/http_server.h"
#include "cpab/simulation/cluster_state.h"
#include "cpab/simulation/resource_path.h"

namespace cpab {

/// Whether `group` is one of the metrics APIs.
bool is_metrics_group(std::string_view group);

/// A request to one of them; `404` when it is not served. Throws ApiError and SelectorError.
ServerResponse serve_metrics(ClusterState& state, const ServerRequest& request,
                             const ResourcePath& path);

/// `PUT /simulation/metrics`: sets a value from now on. The body is
///
///     {"namespace": "default", "metric": "queue", "value": "30",
///      "labels": {"queue": "mail"},          of an external metric, or any other
///      "object": {"resource": "deployments.apps", "name": "web"}}    none: an external metric
///
/// where a pod is an object of the resource `pods`. A value that is null takes the metric away.
ServerResponse put_metric(ClusterState& state, const ServerRequest& request);

}  // namespace cpab
