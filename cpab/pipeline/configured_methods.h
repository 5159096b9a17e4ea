#pragma once

#include <utility>
#include <vector>

#include "cpab/config/config.h"
#include "cpab/pipeline/stage.h"

namespace cpab {

/// The stages and hooks that have a method, in the order in which they run.
std::vector<std::pair<Stage, MethodConfig>> configured_methods(const Config& config);

/// Whether any of them is the user's.
bool has_user_logic(const Config& config);

}  // namespace cpab
