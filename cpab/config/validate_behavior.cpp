#include "cpab/config/checker.h"

namespace cpab {
namespace {

using std::chrono::seconds;

// What the API server accepts: the API reference of HorizontalPodAutoscaler v2.
constexpr seconds longest_window{3600};
constexpr seconds longest_policy_period{1800};

void check_policy(const ScalingPolicy& policy, const std::string& path, Checker& checker) {
  checker.require(policy.value >= 1, path + ".value",
                  path + ".value is " + std::to_string(policy.value), "it is at least 1");
  checker.require(policy.period >= seconds(1) && policy.period <= longest_policy_period,
                  path + ".periodSeconds",
                  path + ".periodSeconds is " + std::to_string(policy.period.count()),
                  "it is from 1 to " + std::to_string(longest_policy_period.count()));
}

void check_direction(const DirectionRules& rules, const std::string& path, Checker& checker) {
  const seconds window = rules.stabilization_window.value_or(seconds(0));
  checker.require(window >= seconds(0) && window <= longest_window,
                  path + ".stabilizationWindowSeconds",
                  path + ".stabilizationWindowSeconds is " + std::to_string(window.count()),
                  "it is from 0 to " + std::to_string(longest_window.count()));
  checker.require(!rules.policies.empty(), path + ".policies", path + ".policies is empty",
                  "leave it out for the default, or write selectPolicy: Disabled");
  std::size_t index = 0;
  for (const ScalingPolicy& policy : rules.policies) {
    check_policy(policy, path + ".policies[" + std::to_string(index++) + "]", checker);
  }
  checker.require(rules.tolerance.value_or(0) >= 0, path + ".tolerance",
                  path + ".tolerance is negative", "it is a share of the target, such as 0.1");
}

}  // namespace

void validate_behavior(const Config& config, Checker& checker) {
  if (!config.behavior) return;
  check_direction(config.behavior->scale_up, "behavior.scaleUp", checker);
  check_direction(config.behavior->scale_down, "behavior.scaleDown", checker);
}

}  // namespace cpab
