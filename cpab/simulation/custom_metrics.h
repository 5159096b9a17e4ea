#pragma once

#include <string>

#include "cpab/simulation/cluster_state.h"
#include "cpab/simulation/selectors.h"

namespace cpab {

/// The answers of custom.metrics.k8s.io (`v1beta1` and `v1beta2`) and external.metrics.k8s.io, as
/// JSON text. Values that somebody has set come first. Without, there is one metric, `load`: of a
/// workload its whole load, of a ready pod its share, and as an external metric a series for each
/// workload with a load, with the labels `kind` and `name`. All throw ApiError.

/// A MetricValueList with the pods that `pods` matches and that have the metric.
std::string pods_metric_list(ClusterState& state, const std::string& version,
                             const MetricSubject& subject, const ParsedSelector& pods,
                             const ParsedSelector& metric);

/// A MetricValueList with the metric of one object of any type.
std::string object_metric_list(ClusterState& state, const std::string& version,
                               const MetricSubject& subject, const ParsedSelector& metric);

/// An ExternalMetricValueList, empty when there is no such metric.
std::string external_metric_list(ClusterState& state, const MetricSubject& subject,
                                 const ParsedSelector& metric);

}  // namespace cpab
