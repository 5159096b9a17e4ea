#include "cpab/backtest/service_level.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "cpab/backtest/queueing.h"

namespace cpab {

bool is_served(const Scenario& scenario, double load, std::int32_t replicas) {
  if (load <= 0) return true;
  const ServiceLevel& level = scenario.service_level;
  const double capacity = scenario.capacity_per_replica;
  if (level.utilization && load > replicas * capacity * *level.utilization) return false;
  if (!level.latency) return true;
  return response_time(load, replicas, capacity) <=
         std::chrono::duration<double>(*level.latency).count();
}

std::int32_t needed_replicas(const Scenario& scenario, double load) {
  if (load <= 0) return 0;
  // No level is met by less than carries the load; what is enough is found by halving.
  constexpr double most = 1'000'000;
  auto low =
      static_cast<std::int32_t>(std::min(std::ceil(load / scenario.capacity_per_replica), most));
  if (is_served(scenario, load, low)) return low;
  std::int32_t high = low;
  while (!is_served(scenario, load, high) && high < most) high *= 2;
  while (high - low > 1) {
    const std::int32_t middle = low + (high - low) / 2;
    (is_served(scenario, load, middle) ? high : low) = middle;
  }
  return high;
}

}  // namespace cpab
