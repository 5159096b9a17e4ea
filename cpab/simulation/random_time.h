#pragma once

#include <random>
#include <variant>

#include "cpab/model/time.h"

namespace cpab {

/// Lengths of time that are drawn, each one anew.

/// All of them as likely.
struct UniformTime {
  Duration shortest{0};
  Duration longest{0};

  friend bool operator==(const UniformTime&, const UniformTime&) = default;
};
/// A bell around `mean`; what would be below 0 is 0.
struct NormalTime {
  Duration mean{0};
  Duration deviation{0};

  friend bool operator==(const NormalTime&, const NormalTime&) = default;
};
/// Half of them are below `median`, one in twenty is above `p95`: most are short, a few very long.
struct LognormalTime {
  Duration median{0};
  Duration p95{0};

  friend bool operator==(const LognormalTime&, const LognormalTime&) = default;
};

using RandomTime = std::variant<UniformTime, NormalTime, LognormalTime>;

/// The next one. The same on every machine, unlike what the standard library draws.
Duration draw(const RandomTime& time, std::mt19937_64& random);

/// None is longer.
Duration longest(const RandomTime& time);

/// A normally distributed number from two even ones in (0, 1) (Box and Muller 1958).
double normal_number(double first, double second);

}  // namespace cpab
