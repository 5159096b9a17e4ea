#pragma once

#include <optional>

#include "cpab/config/config.h"

namespace cpab {

/// The tolerance that an evaluation of type `hpa` goes by: that of `behavior` for its direction,
/// otherwise that of the method.
inline Tolerance hpa_tolerance(const MethodConfig& evaluate,
                               const std::optional<Behavior>& behavior) {
  const double share = evaluate.hpa.value_or(HpaConfig{}).tolerance;
  const Tolerance tolerance{.down = share, .up = share};
  return behavior ? behavior->tolerance(tolerance) : tolerance;
}

}  // namespace cpab
