#pragma once

#include <string>
#include <vector>

#include "cpab/backtest/scenario.h"
#include "cpab/config/origins.h"

namespace cpab {

/// What the scenario leaves open is as it was when its load was recorded: start, duration,
/// replicas, capacity. Recordings with a date are moved to where they belong after the start.
/// `given` knows the keys that were written; complaints are about recordings of another time.
void apply_recording_defaults(Scenario& scenario, const Origins& given,
                              std::vector<std::string>& complaints);

}  // namespace cpab
