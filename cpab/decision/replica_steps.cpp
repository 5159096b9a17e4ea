#include "cpab/decision/replica_steps.h"

#include <algorithm>

namespace cpab {

std::int32_t ReplicaSteps::round_up(std::int32_t replicas, Bounds bounds) const {
  if (allows_any()) return replicas;
  const auto up = lowest_from(std::max(replicas, bounds.minimum), bounds.maximum);
  return up.value_or(highest_to(bounds.maximum, bounds.minimum).value_or(replicas));
}

std::int32_t ReplicaSteps::round_down(std::int32_t replicas, Bounds bounds) const {
  if (allows_any()) return replicas;
  const auto down = highest_to(std::min(replicas, bounds.maximum), bounds.minimum);
  return down.value_or(lowest_from(bounds.minimum, bounds.maximum).value_or(replicas));
}

std::optional<std::int32_t> ReplicaSteps::lowest_from(std::int32_t replicas,
                                                      std::int32_t maximum) const {
  std::int64_t found = std::int64_t{maximum} + 1;
  if (multiple_of) {
    found = (std::int64_t{replicas} + *multiple_of - 1) / *multiple_of * *multiple_of;
  } else {
    const auto entry = std::lower_bound(allowed.begin(), allowed.end(), replicas);
    if (entry != allowed.end()) found = *entry;
  }
  if (found > maximum) return std::nullopt;
  return static_cast<std::int32_t>(found);
}

std::optional<std::int32_t> ReplicaSteps::highest_to(std::int32_t replicas,
                                                     std::int32_t minimum) const {
  std::int32_t found = minimum - 1;
  if (multiple_of) {
    found = replicas / *multiple_of * *multiple_of;
  } else {
    const auto entry = std::upper_bound(allowed.begin(), allowed.end(), replicas);
    if (entry != allowed.begin()) found = *std::prev(entry);
  }
  if (found < minimum) return std::nullopt;
  return found;
}

}  // namespace cpab
