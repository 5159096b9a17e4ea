#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "cpab/decision/bounds.h"

namespace cpab {

/// Which replica counts there may be. At most one of the two is given; none: any count.
struct ReplicaSteps {
  std::optional<std::int32_t> multiple_of;  ///< above 0; 0 replicas are a multiple, too
  std::vector<std::int32_t> allowed;        ///< rising

  /// Whether there are no steps to keep to.
  bool allows_any() const { return !multiple_of && allowed.empty(); }

  /// The lowest count that is allowed, not below `replicas`, and within `bounds`; when there is
  /// none, the highest that is. `replicas` itself when no count is.
  std::int32_t round_up(std::int32_t replicas, Bounds bounds) const;

  /// The other way round: the highest not above `replicas`, when there is none the lowest.
  std::int32_t round_down(std::int32_t replicas, Bounds bounds) const;

  friend bool operator==(const ReplicaSteps&, const ReplicaSteps&) = default;

 private:
  std::optional<std::int32_t> lowest_from(std::int32_t replicas, std::int32_t maximum) const;
  std::optional<std::int32_t> highest_to(std::int32_t replicas, std::int32_t minimum) const;
};

}  // namespace cpab
