#pragma once

#include <cstdint>
#include <string>

#include "cpab/decision/replica_calculator.h"
#include "cpab/model/metric_proposal.h"
#include "cpab/model/metric_spec.h"

namespace cpab {

/// How metrics and what they ask for are told to people, in the words of the HPA and of
/// `kubectl get hpa`.

/// `cpu resource utilization (percentage of request) above target`: why `replicas` are wanted where
/// there are `current`, and `winner` asks for most.
std::string reason_for(const MetricSpec& winner, std::int32_t replicas, std::int32_t current);

/// What became of the metric of `spec`.
MetricProposal proposal_of(const MetricSpec& spec, const MetricOutcome& outcome);

}  // namespace cpab
