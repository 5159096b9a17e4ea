#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "cpab/decision/tolerance.h"

namespace cpab {

/// By how much the replica count may change within a period.
struct ScalingPolicy {
  enum class Type { pods, percent };

  Type type = Type::pods;
  std::int32_t value = 0;  ///< pods, or percent of the count at the start of the period
  std::chrono::seconds period{0};

  friend bool operator==(const ScalingPolicy&, const ScalingPolicy&) = default;
};

/// Which of several policies counts: the one that allows the largest change, the smallest, or none.
enum class SelectPolicy { max, min, disabled };

/// How the target may be scaled in one direction (autoscaling/v2 HPAScalingRules).
struct DirectionRules {
  /// None for scaling down: the window that holds without `behavior`.
  std::optional<std::chrono::seconds> stabilization_window;
  SelectPolicy select_policy = SelectPolicy::max;
  std::vector<ScalingPolicy> policies;
  std::optional<double> tolerance;  ///< a share of the metric's target; none: that of the method

  friend bool operator==(const DirectionRules&, const DirectionRules&) = default;
};

/// How the target may be scaled (autoscaling/v2 HorizontalPodAutoscalerBehavior). By default as
/// Kubernetes fills in what is not given: up by 4 pods or 100 % within 15 s, whichever is more, and
/// down by 100 % within 15 s. Source: the API reference of HorizontalPodAutoscaler v2.
struct Behavior {
  DirectionRules scale_up{
      .stabilization_window = std::chrono::seconds(0),
      .policies = {{ScalingPolicy::Type::pods, 4, std::chrono::seconds(15)},
                   {ScalingPolicy::Type::percent, 100, std::chrono::seconds(15)}}};
  DirectionRules scale_down{
      .policies = {{ScalingPolicy::Type::percent, 100, std::chrono::seconds(15)}}};

  /// `otherwise`, but for the directions that have a tolerance of their own.
  Tolerance tolerance(Tolerance otherwise) const {
    return {.down = scale_down.tolerance.value_or(otherwise.down),
            .up = scale_up.tolerance.value_or(otherwise.up)};
  }

  friend bool operator==(const Behavior&, const Behavior&) = default;
};

/// How long a scale-down is stabilized when nothing is said, by the HPA controller's own default.
inline constexpr std::chrono::seconds default_scale_down_window{300};

/// The longest period of the policies; 0 when there are none.
std::chrono::seconds longest_period(const DirectionRules& rules);

}  // namespace cpab
