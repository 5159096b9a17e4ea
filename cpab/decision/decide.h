#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cpab/decision/behavior.h"
#include "cpab/decision/bounds.h"
#include "cpab/decision/override.h"
#include "cpab/decision/parity.h"
#include "cpab/decision/replica_steps.h"
#include "cpab/decision/scale_events.h"
#include "cpab/decision/stabilization.h"
#include "cpab/model/decision_record.h"
#include "cpab/model/evaluation.h"
#include "cpab/model/time.h"

namespace cpab {

/// The rules that hold for a target: as configured, and what a person has set on top.
struct ScalingRules {
  Bounds bounds;
  std::chrono::seconds downscale_stabilization{0};  ///< the window; 0: none
  std::optional<Override> manual;
  /// Limits how fast the count changes. Its scale-down window is `downscale_stabilization`.
  std::optional<Behavior> behavior;
  /// Whether the rules of the HPA hold without `behavior`, too.
  bool as_hpa = false;
  /// Only where `as_hpa`.
  Parity parity = Parity::none;
  ReplicaSteps steps;

  bool hpa_rules() const { return as_hpa || behavior; }

  /// The window that scaling up is stabilized within.
  std::chrono::seconds up_window() const {
    using std::chrono::seconds;
    return behavior ? behavior->scale_up.stabilization_window.value_or(seconds(0)) : seconds(0);
  }

  /// The window that scaling down is stabilized within. A configured one may be as long as int64
  /// seconds; this one is short enough for sums with it not to overflow.
  std::chrono::seconds down_window() const {
    return std::min<std::chrono::seconds>(downscale_stabilization, std::chrono::years(100));
  }
};

/// The moment a decision is made at, on both clocks: windows are measured on the monotonic one,
/// people read the other.
struct Moment {
  TimePoint monotonic;
  WallTime wall;

  /// What the other clock showed at `at`.
  WallTime wall_at(TimePoint at) const {
    return wall - std::chrono::floor<Duration>(monotonic - at);
  }
};

/// What is to be done and why. `action` is one of unchanged, scaled (meaning: write it), disabled,
/// held.
struct Decision {
  std::int32_t replicas = 0;
  Action action = Action::unchanged;
  std::vector<DecisionStep> steps;
  std::string limited_by;         ///< the rule that bound the result; empty = none
  RecommendationHistory history;  ///< what to remember if the decision is acted upon

  /// Notes that `rule` makes `to` of the count; `reason` is the HPA's name for that, or empty.
  void apply(const char* rule, const char* reason, std::int32_t to, std::string detail);

  /// The same for the rules `minReplicas` and `maxReplicas`, whose bound is `to`.
  void apply_minimum(std::int32_t to);
  void apply_maximum(std::int32_t to);

  /// The same for the rule `stabilization`: scaling down is held at `to` until `until`.
  void hold_down(std::int32_t to, WallTime until);

  /// The same for the rule `steps`, when `allowed` is another count.
  void apply_steps(std::int32_t allowed);

  friend bool operator==(const Decision&, const Decision&) = default;
};

/// Decides how many replicas a target should have. Pure. The order of the rules is contract
/// section 5.3: hold, bounds (minimum first), steps, disabled at zero, stabilization, override. An
/// empty history is seeded with `current` when there is a window, so that a restarted autoscaler
/// does not scale down at once (the rule of the HPA controller); it goes back to the bounds at once
/// all the same. So is one that was interrupted for longer than the window, but with `parity`.
///
/// With `behavior`, or for a target that is evaluated as an HPA would, what lies between disabled
/// and override is replaced by apply_hpa_rules().
///
/// An override in force has the last word, so that a person is not held by a window. It stays
/// within the bounds, also when those have changed since it was set, does not wake a target that is
/// switched off, and leaves no trace in the history: that is about what user logic wants.
Decision decide(std::int32_t current, const Evaluation& evaluation, const ScalingRules& rules,
                const RecommendationHistory& history, Moment now,
                const ScaleEventHistory& events = {});

/// What is decided whatever an evaluation says, so that nobody has to be asked for one: a target
/// that is switched off stays at 0, and with `parity` a count outside the bounds goes to its bound,
/// as in the HPA controller. None for all others. Pure.
std::optional<Decision> decide_unasked(std::int32_t current, const ScalingRules& rules,
                                       const RecommendationHistory& history, Moment now);

/// Whether a decision is only looked at or was carried out.
enum class Tense { planned, done };

/// The decision as one sentence for a person: `wanted 2, keeping 7: scale-down stabilization holds
/// 7 until 14:05:30Z`. `evaluation`: none when nobody was asked.
std::string describe(const Decision& decision, std::int32_t current,
                     const std::optional<Evaluation>& evaluation, Tense tense);

}  // namespace cpab
