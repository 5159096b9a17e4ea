#pragma once

#include <chrono>
#include <string>

namespace cpab {

/// A length of time. Milliseconds are the finest unit users can configure.
using Duration = std::chrono::milliseconds;

/// Monotonic time: good for intervals, timeouts and windows, meaningless as a date.
using TimePoint = std::chrono::steady_clock::time_point;

/// Calendar time (UTC): good for records and logs, may jump.
using WallTime = std::chrono::time_point<std::chrono::system_clock, Duration>;

/// RFC 3339 in UTC with milliseconds, such as `2026-01-31T14:05:30.250Z`.
std::string rfc3339(WallTime time);

/// RFC 3339 in UTC to the second, such as `2026-01-31T14:05:30Z`.
std::string rfc3339_seconds(WallTime time);

/// The time of day in UTC, such as `14:05:30Z`; for sentences read on the same day.
std::string time_of_day(WallTime time);

}  // namespace cpab
