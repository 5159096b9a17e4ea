#pragma once

#include <vector>

#include "cpab/simulation/metric_values.h"
#include "cpab/simulation/resource_type.h"

namespace cpab {

/// What discovery shows of the metrics APIs: it looks like resources, but is computed, not stored.
std::vector<const ResourceType*> metrics_types(const MetricsServing& serving);

/// `pods` of metrics.k8s.io.
const ResourceType& pod_metrics_type();

}  // namespace cpab
