#pragma once

#include <optional>
#include <string>

#include "cpab/model/decision_record.h"

namespace cpab {

/// What `kubectl describe` of the target is to show about one cycle.
struct ScalingEvent {
  bool warning = false;
  std::string reason;  ///< in the HPA's words where it has some: `SuccessfulRescale`
  std::string message;

  friend bool operator==(const ScalingEvent&, const ScalingEvent&) = default;
};

/// The event of a cycle: for a scaling, a failure, and a write of somebody else; none for cycles
/// that change nothing, and for one that was ended because cpab stops. Pure.
std::optional<ScalingEvent> event_of(const DecisionRecord& record);

}  // namespace cpab
