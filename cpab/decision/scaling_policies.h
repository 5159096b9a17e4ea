#pragma once

#include <cstdint>
#include <optional>

#include "cpab/decision/behavior.h"
#include "cpab/decision/parity.h"
#include "cpab/decision/scale_events.h"
#include "cpab/model/time.h"

namespace cpab {

/// How far the count may go in one direction, and what says so.
struct PolicyLimit {
  std::int32_t replicas = 0;
  std::optional<ScalingPolicy> policy;  ///< none: scaling in this direction is disabled
  /// When the earliest change counted by the policy stops counting; none when there was none.
  std::optional<TimePoint> until;
  std::int64_t added = 0;    ///< by the changes that the policy counted
  std::int64_t removed = 0;  ///< the same

  friend bool operator==(const PolicyLimit&, const PolicyLimit&) = default;
};

/// The highest count that the policies of `rules` allow, given what was scaled before, in both
/// directions: the count at the start of a policy's period is reckoned back from `current`. By the
/// rules of Kubernetes 1.24 only what was scaled in the same direction is reckoned with. May be
/// below `current`; at most the largest int32. Percentages are evaluated in doubles, as the HPA
/// controller does: 50 pods and 10 % give 56. Pure.
PolicyLimit scale_up_limit(std::int32_t current, const DirectionRules& rules,
                           const ScaleEventHistory& events, TimePoint now,
                           Parity parity = Parity::none);

/// The lowest count that the policies allow; may be above `current` and below 0.
PolicyLimit scale_down_limit(std::int32_t current, const DirectionRules& rules,
                             const ScaleEventHistory& events, TimePoint now,
                             Parity parity = Parity::none);

}  // namespace cpab
