#include "cpab/simulation/rollout.h"

#include <algorithm>
#include <cstdlib>

namespace cpab {
namespace {

/// A count, or a share of `wanted` as `25%`.
std::int64_t share_at(const Json& deployment, const std::string& pointer, std::int64_t wanted,
                      bool round_up) {
  if (const auto count = deployment.integer_at(pointer)) return *count;
  const auto text = deployment.string_at(pointer);
  const std::int64_t percent = text.empty() ? 25 : std::atoll(text.c_str());
  return (wanted * percent + (round_up ? 99 : 0)) / 100;
}

/// Takes up to `most` replicas from the sets, of each as many as `spare` says.
template <class Spare>
std::int64_t take(std::vector<std::int64_t>& replicas, const std::vector<RolloutSet>& sets,
                  std::int64_t most, Spare spare) {
  std::int64_t taken = 0;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    const auto count = std::clamp<std::int64_t>(most - taken, 0, spare(i));
    replicas[i] -= count;
    taken += count;
  }
  return taken;
}

RolloutStep recreate_step(std::int64_t wanted, const std::vector<RolloutSet>& old) {
  const bool waiting =
      std::any_of(old.begin(), old.end(), [](const RolloutSet& set) { return set.has_pods; });
  return {waiting ? 0 : wanted, std::vector<std::int64_t>(old.size(), 0)};
}

}  // namespace

RolloutLimits rollout_limits(const Json& deployment, std::int64_t wanted) {
  RolloutLimits limits;
  limits.recreate = deployment.string_at("/spec/strategy/type") == "Recreate";
  const std::string rolling = "/spec/strategy/rollingUpdate/";
  limits.surge = share_at(deployment, rolling + "maxSurge", wanted, true);
  limits.unavailable = share_at(deployment, rolling + "maxUnavailable", wanted, false);
  if (limits.surge == 0 && limits.unavailable == 0) limits.unavailable = 1;
  return limits;
}

RolloutStep next_rollout_step(const RolloutLimits& limits, std::int64_t wanted,
                              const RolloutSet& current, const std::vector<RolloutSet>& old) {
  if (limits.recreate) return recreate_step(wanted, old);
  RolloutStep step{current.replicas, {}};
  std::int64_t total = current.replicas;
  std::int64_t available = std::min(current.available, current.replicas);
  for (const auto& set : old) {
    step.old.push_back(set.replicas);
    total += set.replicas;
    available += std::min(set.available, set.replicas);
  }
  const auto room = std::max<std::int64_t>(0, wanted + limits.surge - total);
  step.current = std::min(wanted, current.replicas + room);
  const auto least = wanted - limits.unavailable;
  const auto coming = current.replicas - std::min(current.available, current.replicas);
  // Those that are not available go first: nobody misses them.
  const auto removable = std::max<std::int64_t>(0, total - least - coming);
  take(step.old, old, removable, [&](std::size_t i) {
    return std::max<std::int64_t>(0, old[i].replicas - old[i].available);
  });
  take(step.old, old, std::max<std::int64_t>(0, available - least),
       [&](std::size_t i) { return step.old[i]; });
  return step;
}

}  // namespace cpab
