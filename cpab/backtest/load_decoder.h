#pragma once

#include <vector>

#include "cpab/backtest/load_curve.h"
#include "cpab/backtest/scenario_fields.h"

namespace cpab {

/// The key `load` of a scenario: a list of parts. `fields` and `target` outlive the field.
Field load_field(ScenarioFields& fields, std::vector<LoadPart>& target);

}  // namespace cpab
