#include "cpab/decision/usage_ratio.h"

#include <algorithm>
#include <limits>

namespace cpab {
namespace {

/// Holds a hundred times the sum of more pods than there can be.
__extension__ typedef __int128 Wide;

template <typename Narrow>
Narrow saturated(Wide value) {
  using Limits = std::numeric_limits<Narrow>;
  return static_cast<Narrow>(std::clamp<Wide>(value, Limits::min(), Limits::max()));
}

}  // namespace

std::optional<UsageRatio> utilization_ratio(const std::vector<PodUsage>& pods,
                                            std::int32_t target_percent) {
  Wide used = 0;
  Wide requested = 0;
  std::int64_t count = 0;
  for (const PodUsage& pod : pods) {
    if (!pod.request) continue;
    used += pod.value;
    requested += *pod.request;
    ++count;
  }
  if (requested == 0) return std::nullopt;
  const auto percent = saturated<std::int32_t>(100 * used / requested);
  return UsageRatio{static_cast<double>(percent) / static_cast<double>(target_percent),
                    saturated<std::int64_t>(used / count), percent};
}

UsageRatio average_ratio(const std::vector<PodUsage>& pods, std::int64_t target) {
  Wide used = 0;
  for (const PodUsage& pod : pods) used += pod.value;
  const auto average = saturated<std::int64_t>(used / static_cast<std::int64_t>(pods.size()));
  return {static_cast<double>(average) / static_cast<double>(target), average, std::nullopt};
}

}  // namespace cpab
