#include "cpab/backtest/queueing.h"

#include <limits>

namespace cpab {

double response_time(double load, std::int32_t replicas, double capacity) {
  const double offered = load / capacity;  // in Erlang
  if (offered >= replicas) return std::numeric_limits<double>::infinity();
  // Erlang B by its recursion, which neither overflows nor loses digits.
  double blocked = 1;
  for (std::int32_t servers = 1; servers <= replicas; ++servers) {
    blocked = offered * blocked / (servers + offered * blocked);
  }
  const double waits = blocked / (1 - offered / replicas * (1 - blocked));
  return 1 / capacity + waits / (replicas * capacity - load);
}

}  // namespace cpab
