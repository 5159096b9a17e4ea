#include "cpab/decision/proposal_rules.h"

#include <algorithm>

namespace cpab {

bool ProposalRules::tolerates(double ratio) const {
  const bool before_1_33 = parity_ == Parity::kubernetes_1_24;
  return before_1_33 ? tolerance_.covers_before_1_33(ratio) : tolerance_.covers(ratio);
}

Standing ProposalRules::standing(double ratio) const {
  if (tolerates(ratio)) return Standing::on_target;
  return ratio > 1.0 ? Standing::above : Standing::below;
}

std::int64_t ProposalRules::own(std::int64_t pods) const {
  return as_hpa() ? pods : std::min<std::int64_t>(pods, replicas_.most());
}

std::int32_t ProposalRules::lawful(std::int32_t proposal, double ratio) const {
  if (as_hpa() || replicas_.spec == 0) return proposal;
  return ratio > 1.0 ? std::max(proposal, replicas_.spec) : std::min(proposal, replicas_.spec);
}

}  // namespace cpab
