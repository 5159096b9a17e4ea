#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cpab/simulation/json.h"

namespace cpab {

/// How a Deployment may replace its pods.
struct RolloutLimits {
  bool recreate = false;         ///< all old pods go before the first new one comes
  std::int64_t surge = 0;        ///< how many pods there may be above those wanted
  std::int64_t unavailable = 0;  ///< how many of those wanted may be missing
};

/// The strategy of a Deployment that wants so many pods. Shares of them are rounded as Kubernetes
/// does: the surge up, the missing ones down, and not both to nothing.
RolloutLimits rollout_limits(const Json& deployment, std::int64_t wanted);

/// A ReplicaSet in a rollout.
struct RolloutSet {
  std::int64_t replicas = 0;   ///< what it is asked for
  std::int64_t available = 0;  ///< how many of its pods are
  bool has_pods = false;       ///< also those that are ending

  friend bool operator==(const RolloutSet&, const RolloutSet&) = default;
};

/// The next replicas of the ReplicaSet with the newest template and of the older ones, in their
/// order. Applied again and again while pods become ready, it ends with `wanted` and zeros.
struct RolloutStep {
  std::int64_t current = 0;
  std::vector<std::int64_t> old;

  friend bool operator==(const RolloutStep&, const RolloutStep&) = default;
};
RolloutStep next_rollout_step(const RolloutLimits& limits, std::int64_t wanted,
                              const RolloutSet& current, const std::vector<RolloutSet>& old);

}  // namespace cpab
