#pragma once

#include <cstdint>

#include "cpab/decision/parity.h"
#include "cpab/decision/tolerance.h"

namespace cpab {

/// What the scale subresource counts.
struct ReplicaCounts {
  std::int32_t spec = 0;    ///< wanted
  std::int32_t status = 0;  ///< observed

  /// How many pods the target itself has at most: more during a rollout than are wanted, fewer
  /// while they are made.
  std::int32_t most() const { return spec < status ? status : spec; }
};

/// Where a metric is, given its target and the tolerance.
enum class Standing { below, on_target, above };

/// What every metric keeps to when it asks for a count. `ratio` is that of usage to target.
///
/// Without parity a metric above its target never asks for fewer replicas than are wanted, one
/// below never for more, one that is tolerated for another count. The HPA controller breaks that
/// law where the pods it finds are not as many as those that are wanted. From 0 replicas the law
/// says nothing: any load needs one.
class ProposalRules {
 public:
  explicit ProposalRules(ReplicaCounts replicas, Tolerance tolerance = {},
                         Parity parity = Parity::none)
      : replicas_(replicas), tolerance_(tolerance), parity_(parity) {}

  const ReplicaCounts& replicas() const { return replicas_; }
  Parity parity() const { return parity_; }
  bool as_hpa() const { return parity_ != Parity::none; }

  /// Whether the metric is near enough to its target to change nothing.
  bool tolerates(double ratio) const;

  Standing standing(double ratio) const;

  /// How many of `pods`, which the selector matches, may be those of the target. Without parity no
  /// more than it has replicas: others have got under its selector.
  std::int64_t own(std::int64_t pods) const;

  /// `proposal`, or the present count where the law forbids it.
  std::int32_t lawful(std::int32_t proposal, double ratio) const;

 private:
  ReplicaCounts replicas_;
  Tolerance tolerance_;
  Parity parity_;
};

}  // namespace cpab
