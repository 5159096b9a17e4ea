#pragma once

#include <cstdint>

namespace cpab {

/// The replica counts user logic may choose from.
struct Bounds {
  std::int32_t minimum = 1;   ///< 0 allows scaling to and from zero
  std::int32_t maximum = 10;  ///< not below `minimum`; checked when the config is loaded

  friend bool operator==(const Bounds&, const Bounds&) = default;
};

}  // namespace cpab
