#pragma once

#include <cstdint>

#include "cpab/backtest/scenario.h"

namespace cpab {

/// How many ready replicas `load` takes under the service level of the scenario, 0 for no load.
std::int32_t needed_replicas(const Scenario& scenario, double load);

/// Whether `replicas` ready ones serve `load` well enough.
bool is_served(const Scenario& scenario, double load, std::int32_t replicas);

}  // namespace cpab
