#pragma once

#include <string>

namespace cpab {

/// One reading taken by user logic. `value` is opaque to cpab: it is handed to the evaluation
/// exactly as the metric method printed it.
struct Metric {
  std::string resource;  ///< pod name, or the target's name when run per resource
  std::string value;

  friend bool operator==(const Metric&, const Metric&) = default;
};

}  // namespace cpab
