#pragma once

#include <string>

#include "cpab/backtest/recorded_load.h"

namespace cpab {

/// Rows `timestamp,value`, with or without a header; a time is RFC 3339 in UTC, or seconds, which
/// count from the first. Throws std::runtime_error naming the line.
RecordedLoad parse_load_csv(const std::string& text);

}  // namespace cpab
