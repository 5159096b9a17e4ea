#pragma once

#include <string_view>

#include "cpab/config/environment.h"

namespace cpab {

/// Loads a configuration and requires what has to be so whether it is accepted or not.
void check_load(std::string_view text, const Environment& environment);

}  // namespace cpab
