#pragma once

#include <cstdint>
#include <optional>
#include <vector>

namespace cpab {

/// What one pod uses of a resource or metric, in thousandths of its unit.
struct PodUsage {
  std::int64_t value = 0;
  std::optional<std::int64_t> request = {};  ///< none when it is not known
};

/// How what pods use compares with a target.
struct UsageRatio {
  double ratio = 0;                         ///< 1 is on target
  std::int64_t average = 0;                 ///< a pod, in thousandths
  std::optional<std::int32_t> utilization;  ///< percent of the requests, when the target is that

  friend bool operator==(const UsageRatio&, const UsageRatio&) = default;
};

/// Usage as percent of what is requested, over the pods whose request is known; none when there are
/// none or they request nothing. The percentage is a whole number before it is compared with
/// `target_percent`, as in the HPA controller: 109.9 % counts as 109 %.
std::optional<UsageRatio> utilization_ratio(const std::vector<PodUsage>& pods,
                                            std::int32_t target_percent);

/// The average usage of `pods`, of which there is at least one.
UsageRatio average_ratio(const std::vector<PodUsage>& pods, std::int64_t target);

}  // namespace cpab
