#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "cpab/backtest/recorded_load.h"
#include "cpab/model/time.h"
#include "cpab/simulation/load.h"

namespace cpab {

/// Parts of a load over the time since the start, in units a second. A load is their sum, and never
/// below 0.
struct ConstantLoad {
  double value = 0;
};
/// `height` from `at` on.
struct StepLoad {
  Duration at{0};
  double height = 0;
};
/// From 0 at `from` to `height` at `to`, which it keeps.
struct RampLoad {
  Duration from{0};
  Duration to{0};
  double height = 0;
};
/// Between 0 and `height`, highest at `peak` and whole periods from there.
struct SineLoad {
  Duration period{86'400'000};
  Duration peak{0};
  double height = 0;
};
/// `height` at `at`, falling by half every `half_life`.
struct SpikeLoad {
  Duration at{0};
  double height = 0;
  Duration half_life{600'000};
};
/// A flash crowd: rises to `height` within `rise`, stays for `hold`, and falls as it rose.
struct CrowdLoad {
  Duration at{0};
  double height = 0;
  Duration rise{60'000};
  Duration hold{600'000};
};
/// Random, normally distributed, another value every `every`; the same for the same seed.
struct NoiseLoad {
  double deviation = 0;
  Duration every{15'000};
  std::uint64_t seed = 1;
};

using LoadPart = std::variant<ConstantLoad, StepLoad, RampLoad, SineLoad, SpikeLoad, CrowdLoad,
                              NoiseLoad, RecordedLoad>;

/// The sum of the parts.
LoadFunction load_curve(std::vector<LoadPart> parts);

}  // namespace cpab
