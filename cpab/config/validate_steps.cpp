#include <algorithm>
#include <functional>

#include "cpab/config/checker.h"

namespace cpab {

void validate_steps(const Config& config, Checker& checker) {
  const ReplicaSteps& steps = config.steps;
  checker.require(!steps.multiple_of || steps.allowed.empty(), "steps",
                  "steps has both multipleOf and allowed", "give one of them");
  checker.require(steps.multiple_of.value_or(1) >= 1, "steps.multipleOf",
                  "steps.multipleOf is " + std::to_string(steps.multiple_of.value_or(0)),
                  "it is at least 1");
  const auto& allowed = steps.allowed;
  const bool rising =
      std::adjacent_find(allowed.begin(), allowed.end(), std::greater_equal<>()) == allowed.end();
  checker.require(rising && (allowed.empty() || allowed.front() >= 0), "steps.allowed",
                  "steps.allowed is not a rising list of counts", "write such as [1, 2, 4, 8]");
  if (steps.allows_any() || steps.multiple_of.value_or(1) < 1 || !rising) return;
  const std::int32_t possible = steps.round_up(config.bounds.minimum, config.bounds);
  const bool within = possible >= config.bounds.minimum && possible <= config.bounds.maximum &&
                      possible == steps.round_up(possible, {0, possible});
  checker.require(within, "steps", "steps allow no count from minReplicas to maxReplicas",
                  "change the steps or the bounds");
}

}  // namespace cpab
