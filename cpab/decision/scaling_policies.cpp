#include "cpab/decision/scaling_policies.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace cpab {
namespace {

enum class Way { up, down };

/// What was scaled within a period.
struct PastChanges {
  std::int64_t added = 0;
  std::int64_t removed = 0;
  std::optional<TimePoint> earliest;
};

/// Of the events newer than a period ago; one exactly that old no longer counts. `only` those of a
/// direction, if given.
PastChanges changes_within(const ScaleEventHistory& events, std::chrono::seconds period,
                           TimePoint now, std::optional<Way> only) {
  PastChanges changes;
  for (const ScaleEvent& event : events.entries()) {
    if (now - event.at >= period) continue;
    if (only && event.is_up() != (only == Way::up)) continue;
    (event.is_up() ? changes.added : changes.removed) += event.size();
    changes.earliest = std::min(event.at, changes.earliest.value_or(event.at));
  }
  return changes;
}

std::int32_t to_count(double replicas) {
  constexpr auto smallest = std::numeric_limits<std::int32_t>::min();
  constexpr auto largest = std::numeric_limits<std::int32_t>::max();
  return static_cast<std::int32_t>(
      std::clamp(replicas, static_cast<double>(smallest), static_cast<double>(largest)));
}

std::int32_t allowed_by(const ScalingPolicy& policy, std::int64_t start, Way way) {
  const auto from = static_cast<double>(start);
  const double value = policy.value;
  switch (policy.type) {
    case ScalingPolicy::Type::pods:
      return to_count(way == Way::up ? from + value : from - value);
    case ScalingPolicy::Type::percent:
      // In this order and form: exact arithmetic gives other counts.
      return way == Way::up ? to_count(std::ceil(from * (1 + value / 100)))
                            : to_count(std::trunc(from * (1 - value / 100)));
  }
  return 0;
}

/// Whether `candidate` counts rather than `chosen`.
bool preferred(std::int32_t candidate, std::int32_t chosen, SelectPolicy select, Way way) {
  const bool further = way == Way::up ? candidate > chosen : candidate < chosen;
  return select == SelectPolicy::max ? further : !further && candidate != chosen;
}

PolicyLimit limit(std::int32_t current, const DirectionRules& rules,
                  const ScaleEventHistory& events, TimePoint now, Way way, Parity parity) {
  PolicyLimit chosen{.replicas = current};
  if (rules.select_policy == SelectPolicy::disabled) return chosen;
  const auto only = parity == Parity::kubernetes_1_24 ? std::optional(way) : std::nullopt;
  for (const ScalingPolicy& policy : rules.policies) {
    const PastChanges past = changes_within(events, policy.period, now, only);
    const std::int64_t start = std::int64_t{current} - past.added + past.removed;
    const std::int32_t candidate = allowed_by(policy, start, way);
    if (chosen.policy && !preferred(candidate, chosen.replicas, rules.select_policy, way)) continue;
    chosen = {candidate, policy, std::nullopt, past.added, past.removed};
    if (past.earliest) chosen.until = *past.earliest + policy.period;
  }
  return chosen;
}

}  // namespace

PolicyLimit scale_up_limit(std::int32_t current, const DirectionRules& rules,
                           const ScaleEventHistory& events, TimePoint now, Parity parity) {
  return limit(current, rules, events, now, Way::up, parity);
}

PolicyLimit scale_down_limit(std::int32_t current, const DirectionRules& rules,
                             const ScaleEventHistory& events, TimePoint now, Parity parity) {
  return limit(current, rules, events, now, Way::down, parity);
}

}  // namespace cpab
