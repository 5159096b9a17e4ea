#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace cpab {

/// The configuration cannot be used. `what()` holds every complaint found, one a line; each names
/// key, value (secrets masked), origin and what is allowed.
struct ConfigError : std::runtime_error {
  explicit ConfigError(std::vector<std::string> all);

  std::vector<std::string> complaints;  ///< never empty
};

}  // namespace cpab
