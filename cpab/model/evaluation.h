#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/model/metric_proposal.h"

namespace cpab {

/// What user logic asks for. A plain number, or "keep what is there" (`hold`).
struct Evaluation {
  /// In [0, 2147483647]; none exactly when user logic said `{"hold": true}`.
  std::optional<std::int32_t> target_replicas;
  std::string reason;  ///< optional words of the user, cut to a limit; empty: none were given
  std::vector<MetricProposal> proposals{};  ///< what the metrics ask for, if it is told

  bool hold() const { return !target_replicas.has_value(); }

  friend bool operator==(const Evaluation&, const Evaluation&) = default;
};

/// The answer of user logic cannot be used. The message quotes the text and the position.
struct EvaluationError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads the answer of the evaluate stage: one JSON object holding `targetReplicas` (integral, in
/// int32 range, not negative; `3.0` counts as 3) or `"hold": true`, optionally `reason` and
/// `proposals`, of which whatever is not as it should be is ignored. Keys
/// match without regard to ASCII case and unknown keys are ignored, as the reference does.
/// Throws EvaluationError on anything that does not say plainly how many replicas are wanted:
/// missing, null, fractional, negative or overflowing numbers, contradicting duplicates, both a
/// number and a hold, text before or after the object.
Evaluation parse_evaluation(std::string_view answer);

/// `{"targetReplicas":5}` or `{"hold":true}`, with `reason` and `proposals` when there are any.
std::string to_json(const Evaluation& evaluation);

}  // namespace cpab
