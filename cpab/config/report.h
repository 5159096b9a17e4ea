#pragma once

#include <set>
#include <string>
#include <vector>

#include "cpab/config/origins.h"

namespace cpab {

/// What is found while a configuration is read. Each text names key, value, origin, and what is
/// allowed; none holds a secret or a line break.
struct Report {
  std::vector<std::string> complaints;  ///< the configuration cannot be used
  std::vector<std::string> warnings;    ///< it can, but perhaps not as was meant
  std::vector<std::string> slips;       ///< keys that mean nothing or are there twice: it can, too
  Origins origins;
  std::set<std::string> broken;  ///< keys already complained about; their values mean nothing

  bool is_broken(const std::string& path) const { return broken.contains(path); }
};

}  // namespace cpab
