#pragma once

#include "cpab/backtest/scenario.h"
#include "cpab/backtest/scenario_fields.h"

namespace cpab {

/// The keys `startupTime`, a length of time or how it is distributed, and `startupSpread`. `fields`
/// and `target` outlive the fields.
Field startup_time_field(ScenarioFields& fields, Scenario& target);
Field startup_spread_field(ScenarioFields& fields, Scenario& target);

}  // namespace cpab
