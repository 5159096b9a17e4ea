#include "cpab/decision/behavior.h"

#include <algorithm>

namespace cpab {

std::chrono::seconds longest_period(const DirectionRules& rules) {
  std::chrono::seconds longest{0};
  for (const ScalingPolicy& policy : rules.policies) longest = std::max(longest, policy.period);
  return longest;
}

}  // namespace cpab
