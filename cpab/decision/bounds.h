#pragma once

#include <algorithm>
#include <cstdint>

namespace cpab {

/// The replica counts user logic may choose from.
struct Bounds {
  std::int32_t minimum = 1;   ///< 0 allows scaling to and from zero
  std::int32_t maximum = 10;  ///< not below `minimum`; checked when the config is loaded

  /// `replicas`, or the bound it is beyond; the minimum wins when the two contradict each other.
  std::int32_t clamp(std::int32_t replicas) const {
    return replicas < minimum ? minimum : std::min(replicas, maximum);
  }

  friend bool operator==(const Bounds&, const Bounds&) = default;
};

}  // namespace cpab
