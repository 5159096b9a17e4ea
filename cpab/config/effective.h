#pragma once

#include <string>

#include "cpab/config/load.h"

namespace cpab {

/// The configuration as it will be used: YAML, every key on a line that ends in a comment with the
/// origin of the value. Secrets are masked; without any, the text loads as the same configuration.
std::string effective_config(const LoadedConfig& loaded);

}  // namespace cpab
