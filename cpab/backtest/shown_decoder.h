#pragma once

#include <vector>

#include "cpab/backtest/scenario_fields.h"
#include "cpab/backtest/shown_value.h"

namespace cpab {

/// The key `shows` of a scenario. `fields` and `target` outlive the field.
Field shows_field(ScenarioFields& fields, std::vector<ShownValue>& target);

}  // namespace cpab
