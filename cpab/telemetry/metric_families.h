#pragma once

#include <vector>

#include "cpab/telemetry/metric_registry.h"

namespace cpab {

/// Everything `GET /metrics` may show (docs/observability.md).
std::vector<MetricFamily> metric_families();

}  // namespace cpab
