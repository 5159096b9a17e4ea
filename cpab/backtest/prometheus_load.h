#pragma once

#include <string>

#include "cpab/backtest/recorded_load.h"

namespace cpab {

/// What is done with more than one time series.
enum class SeveralSeries { refused, summed };

/// The answer of Prometheus to `/api/v1/query_range`. Values that are no numbers (NaN, +Inf) are
/// left out. Throws std::runtime_error that says what it is instead, and how to ask.
RecordedLoad parse_prometheus_load(const std::string& text, SeveralSeries several);

}  // namespace cpab
