#pragma once

#include <optional>
#include <string_view>

#include "cpab/model/time.h"

namespace cpab {

/// How a failed request is tried again: exponential back-off with full jitter.
struct RetryPolicy {
  int max_retries = 6;
  Duration first{100};       ///< the longest pause before the first retry; doubles with each
  Duration longest{10'000};  ///< where the doubling ends
};

/// The pause before retry number `retry` (0 is the first): anything from 0 to the back-off of that
/// retry, chosen by `random` in [0, 1). What the server asked for in Retry-After comes on top: API
/// servers always say one second, and a crowd that obeys it exactly comes back as a crowd.
Duration retry_delay(const RetryPolicy& policy, int retry, std::optional<Duration> asked_for,
                     double random);

/// The pause a Retry-After header asks for (RFC 9110 section 10.2.3): seconds or an HTTP date.
/// None when there is no such header or it makes no sense; never negative.
std::optional<Duration> parse_retry_after(std::string_view value, WallTime now);

}  // namespace cpab
