#include "cpab/decision/hpa_rules.h"

#include <algorithm>
#include <limits>
#include <string>

#include "cpab/decision/scaling_policies.h"

namespace cpab {
namespace {

std::string text(std::int32_t replicas) { return std::to_string(replicas); }

/// `the policy of 10 % in 60 s`.
std::string describe(const ScalingPolicy& policy) {
  const bool percent = policy.type == ScalingPolicy::Type::percent;
  return "the policy of " + text(policy.value) + (percent ? " %" : " pods") + " in " +
         std::to_string(policy.period.count()) + " s";
}

/// `, after 4 added and 2 removed in that time`.
std::string netted(const PolicyLimit& limit) {
  std::string changes;
  if (limit.added > 0) changes += std::to_string(limit.added) + " added";
  if (limit.removed > 0) {
    changes += (changes.empty() ? "" : " and ") + std::to_string(limit.removed) + " removed";
  }
  return ", after " + changes + " in that time";
}

/// Why the policies of a direction allow no more than `limit`; `direction` is `up` or `down`.
std::string describe(const PolicyLimit& limit, const std::string& direction, std::int32_t bound,
                     Moment now) {
  if (!limit.policy) return "behavior disables scaling " + direction;
  std::string detail = describe(*limit.policy) + " allows " + text(bound);
  if (limit.until) detail += " until " + time_of_day(now.wall_at(*limit.until));
  // Without the changes of the other direction the limit is plain from the policy.
  const std::int64_t opposite = direction == "up" ? limit.removed : limit.added;
  return opposite > 0 ? detail + netted(limit) : detail;
}

/// The rules for one target at one moment.
class HpaRules {
 public:
  HpaRules(Decision& decision, std::int32_t current, const ScalingRules& rules,
           const ScaleEventHistory& events, Moment now)
      : decision_(decision), current_(current), rules_(rules), events_(events), now_(now) {}

  void apply() {
    if (current_ > rules_.bounds.maximum) return go_to_maximum();
    if (current_ < rules_.bounds.minimum) return go_to_minimum();
    if (rules_.behavior) {
      stabilize_both_ways(*rules_.behavior);
      limit_by_behavior(*rules_.behavior);
    } else {
      stabilize_down();
      limit_without_behavior();
    }
    round_to_steps();
  }

 private:
  void go_to_maximum() {
    const std::int32_t maximum = rules_.bounds.maximum;
    decision_.apply("maxReplicas", "TooManyReplicas",
                    rules_.steps.round_down(maximum, rules_.bounds),
                    "the current count is above maxReplicas, which is " + text(maximum));
  }

  void go_to_minimum() {
    const std::int32_t minimum = rules_.bounds.minimum;
    decision_.apply("minReplicas", "TooFewReplicas", rules_.steps.round_up(minimum, rules_.bounds),
                    "the current count is below minReplicas, which is " + text(minimum));
  }

  void hold_down(const Recommendation& highest) {
    decision_.hold_down(highest.replicas, now_.wall_at(highest.at) + rules_.down_window());
  }

  void stabilize_down() {
    const std::int32_t wanted = decision_.replicas;
    const bool as_hpa = rules_.parity != Parity::none;
    // A window of 0 would otherwise hold the count that a start puts into it.
    const bool inclusive = as_hpa && rules_.down_window().count() > 0;
    decision_.history.prune(now_.monotonic, rules_.down_window(),
                            inclusive ? WindowEnd::inclusive : WindowEnd::exclusive);
    auto highest = decision_.history.highest();
    decision_.history.add({now_.monotonic, wanted});
    if (!highest) return;
    // It holds the count; that a higher one was wanted before, and limited, does not raise it.
    if (!as_hpa) highest->replicas = std::min(highest->replicas, std::max(wanted, current_));
    if (highest->replicas > wanted) hold_down(*highest);
  }

  /// Keeps `current`, unless all that was wanted lately lies above or below it.
  void stabilize_both_ways(const Behavior& behavior) {
    const std::int32_t wanted = decision_.replicas;
    const std::chrono::seconds up_window =
        behavior.scale_up.stabilization_window.value_or(std::chrono::seconds(0));
    const auto lowest = decision_.history.lowest_after(now_.monotonic - up_window);
    const auto highest = decision_.history.highest_after(now_.monotonic - rules_.down_window());
    decision_.history.prune(now_.monotonic, std::max(up_window, rules_.down_window()));
    decision_.history.add({now_.monotonic, wanted});
    const std::int32_t floor = lowest ? std::min(wanted, lowest->replicas) : wanted;
    const std::int32_t ceiling = highest ? std::max(wanted, highest->replicas) : wanted;
    const std::int32_t stabilized = std::min(std::max(current_, floor), ceiling);
    if (stabilized == wanted) return;
    if (wanted >= current_) {
      return decision_.apply("stabilization", "ScaleUpStabilized", stabilized,
                             "scale-up stabilization holds " + text(stabilized) + " until " +
                                 time_of_day(now_.wall_at(lowest->at) + up_window));
    }
    hold_down({highest->at, stabilized});
  }

  void limit_by_behavior(const Behavior& behavior) {
    if (decision_.replicas > current_) {
      const PolicyLimit limit =
          scale_up_limit(current_, behavior.scale_up, events_, now_.monotonic, rules_.parity);
      const std::int32_t bound = std::max(limit.replicas, current_);
      limit_up(bound, describe(limit, "up", bound, now_));
    } else if (decision_.replicas < current_) {
      const PolicyLimit limit =
          scale_down_limit(current_, behavior.scale_down, events_, now_.monotonic, rules_.parity);
      const std::int32_t bound = std::min(limit.replicas, current_);
      limit_down(bound, describe(limit, "down", bound, now_));
    }
  }

  void limit_without_behavior() {
    const std::int64_t twice = std::max(std::int64_t{2} * current_, std::int64_t{4});
    const auto bound = static_cast<std::int32_t>(
        std::min<std::int64_t>(twice, std::numeric_limits<std::int32_t>::max()));
    if (decision_.replicas < rules_.bounds.minimum) return limit_down(0, {});
    limit_up(bound, "without behavior at most twice the current count, or 4: " + text(bound));
  }

  /// Not above `bound`, because of `detail`, nor above maxReplicas.
  void limit_up(std::int32_t bound, const std::string& detail) {
    const std::int32_t maximum = rules_.bounds.maximum;
    if (decision_.replicas <= std::min(bound, maximum)) return;
    if (maximum > bound) return decision_.apply("scaleUpLimit", "ScaleUpLimit", bound, detail);
    decision_.apply_maximum(maximum);
  }

  void limit_down(std::int32_t bound, const std::string& detail) {
    const std::int32_t minimum = rules_.bounds.minimum;
    if (decision_.replicas >= std::max(bound, minimum)) return;
    if (minimum < bound) return decision_.apply("scaleDownLimit", "ScaleDownLimit", bound, detail);
    decision_.apply_minimum(minimum);
  }

  void round_to_steps() {
    const std::int32_t wanted = decision_.replicas;
    if (wanted == current_) return;
    const std::int32_t rounded = wanted > current_ ? rules_.steps.round_down(wanted, rules_.bounds)
                                                   : rules_.steps.round_up(wanted, rules_.bounds);
    const auto [low, high] = std::minmax(wanted, current_);
    decision_.apply_steps(rounded < low || rounded > high ? current_ : rounded);
  }

  Decision& decision_;
  const std::int32_t current_;
  const ScalingRules& rules_;
  const ScaleEventHistory& events_;
  const Moment now_;
};

}  // namespace

void apply_hpa_rules(Decision& decision, std::int32_t current, const ScalingRules& rules,
                     const ScaleEventHistory& events, Moment now) {
  HpaRules(decision, current, rules, events, now).apply();
}

}  // namespace cpab
