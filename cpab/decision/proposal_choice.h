#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "cpab/decision/replica_calculator.h"

namespace cpab {

/// What becomes of the proposals of several metrics.
struct ProposalChoice {
  /// The highest proposal; none when the failures forbid to act on it.
  std::optional<std::int32_t> replicas;
  std::optional<std::size_t> metric;     ///< the index of the outcome it comes from
  std::optional<MetricFailure> failure;  ///< the first one, also when `replicas` is there

  friend bool operator==(const ProposalChoice&, const ProposalChoice&) = default;
};

/// The rule of the HPA for several metrics: the one that asks for most wins, the first of equals. A
/// metric that failed could have asked for more, so as long as one did, nothing is scaled below
/// `current`. When all failed, or there are none, nothing is scaled at all. Pure.
ProposalChoice choose_proposal(const std::vector<MetricOutcome>& outcomes, std::int32_t current);

}  // namespace cpab
