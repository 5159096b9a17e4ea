#pragma once

#include <cstdint>

namespace cpab {

/// How long a request takes, in seconds, when `load` requests a second arrive at random and are
/// served by `replicas` servers, each of which completes `capacity` requests a second: M/M/c, by
/// the Erlang C formula (Erlang 1917). Infinite when the load is not below what the servers
/// complete together, 1 / capacity when there is no load.
double response_time(double load, std::int32_t replicas, double capacity);

}  // namespace cpab
