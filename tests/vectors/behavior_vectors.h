#pragma once

#include <nlohmann/json_fwd.hpp>

#include "cpab/decision/decide.h"

namespace cpab {

/// The parts of decide() that a case is about.

/// The moment of a `..._ms`.
TimePoint time_of_ms(std::int64_t milliseconds);

/// `behavior_as_given` with what Kubernetes fills in.
Behavior behavior_of(const nlohmann::json& as_given);

/// The rules of one direction over the defaults; a null changes nothing.
void fill_in(const nlohmann::json& given, DirectionRules& rules);

/// `scale_up_events` and `scale_down_events` of a case.
ScaleEventHistory events_of(const nlohmann::json& up, const nlohmann::json& down);

/// `recommendations`, by time; never empty, since that means something else to decide().
RecommendationHistory recommendations_of(const nlohmann::json& recommendations);

}  // namespace cpab
