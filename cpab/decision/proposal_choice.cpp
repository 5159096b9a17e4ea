#include "cpab/decision/proposal_choice.h"

namespace cpab {
namespace {

/// Whether `proposal` wins over what was chosen before. A proposal of 0 gives way to its equal too:
/// that is how the HPA controller does it.
bool wins(const Proposal& proposal, const ProposalChoice& choice) {
  return !choice.replicas || *choice.replicas == 0 || proposal.replicas > *choice.replicas;
}

}  // namespace

ProposalChoice choose_proposal(const std::vector<MetricOutcome>& outcomes, std::int32_t current) {
  ProposalChoice choice;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (const auto* proposal = std::get_if<Proposal>(&outcomes[i])) {
      if (!wins(*proposal, choice)) continue;
      choice.replicas = proposal->replicas;
      choice.metric = i;
    } else if (!choice.failure) {
      choice.failure = std::get<MetricFailure>(outcomes[i]);
    }
  }
  const bool downwards = choice.replicas && *choice.replicas < current;
  if (choice.failure && downwards) return {std::nullopt, std::nullopt, choice.failure};
  return choice;
}

}  // namespace cpab
