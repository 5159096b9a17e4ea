#pragma once

#include <cstdint>

#include "cpab/decision/decide.h"

namespace cpab {

/// What the HPA controller makes of the count it wants, which is `decision.replicas`, for a target
/// that is not switched off. Pure. A count outside the bounds goes to the bound, and nothing else
/// is looked at or remembered. Otherwise:
///
/// * with `behavior`: stabilization within both windows, then the policies and the bounds together;
/// * without: scale-down stabilization, then the bounds, and never up by more than to twice the
///   count or 4, whichever is more.
///
/// Where steps are configured, a count that they do not allow is then rounded back towards
/// `current`. Source: normalizeDesiredReplicas and normalizeDesiredReplicasWithBehaviors of
/// Kubernetes 1.36. Its windows include their end without `behavior`, and what was wanted within
/// one may raise the count; both is so with parity only.
void apply_hpa_rules(Decision& decision, std::int32_t current, const ScalingRules& rules,
                     const ScaleEventHistory& events, Moment now);

}  // namespace cpab
