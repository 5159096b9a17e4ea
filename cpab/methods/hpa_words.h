#pragma once

#include <cstdint>
#include <string>

#include "cpab/decision/replica_calculator.h"
#include "cpab/model/metric_proposal.h"
#include "cpab/model/metric_spec.h"

namespace cpab {

/// How metrics and what they ask for are told to people, in the words of the HPA and of
/// `kubectl get hpa`.

/// `cpu resource utilization (percentage of request) above target`: why `proposal` is wanted where
/// there are `current` replicas, and `winner` asks for most. When that keeps the count although the
/// metric is off its target, it says why.
std::string reason_for(const MetricSpec& winner, const Proposal& proposal, std::int32_t current);

/// `; the selector of the target matches 40 pods, more than the 4 replicas`, behind the reason:
/// others than those of the target may be among them. Empty when they are not too many.
std::string surplus_pods(std::int64_t matching, ReplicaCounts replicas);

/// What became of the metric of `spec`.
MetricProposal proposal_of(const MetricSpec& spec, const MetricOutcome& outcome);

}  // namespace cpab
