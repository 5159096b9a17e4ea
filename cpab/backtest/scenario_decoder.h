#pragma once

#include "cpab/backtest/scenario.h"
#include "cpab/backtest/scenario_fields.h"

namespace cpab {

/// Fills `scenario` with what the document says, key by key; what is wrong with one is told to the
/// report of the decoder.
void decode_scenario(ScenarioFields& fields, const Node& root, Scenario& scenario);

}  // namespace cpab
