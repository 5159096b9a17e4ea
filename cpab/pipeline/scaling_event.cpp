#include "cpab/pipeline/scaling_event.h"

#include <algorithm>
#include <string_view>

namespace cpab {
namespace {

/// The words of the HPA begin with a capital letter, ours do not.
bool is_word_of_the_hpa(const std::string& reason) {
  return !reason.empty() && reason[0] >= 'A' && reason[0] <= 'Z';
}

std::string reason_of(const Failure& failure) {
  if (is_word_of_the_hpa(failure.reason)) return failure.reason;
  if (failure.stage == "target" || failure.stage == "scale") return "FailedGetScale";
  if (failure.stage == "patch") return "FailedRescale";
  if (failure.stage == "kubernetesMetrics" || failure.stage == "pods") {
    return "FailedComputeMetricsReplicas";
  }
  if (failure.reason == "invalid_evaluation") return "InvalidEvaluation";
  return failure.reason == "timeout" ? "MethodTimedOut" : "MethodFailed";
}

std::string why(const DecisionRecord& record) {
  const bool told = record.evaluation && !record.evaluation->reason.empty();
  return told ? record.evaluation->reason : record.message;
}

const DecisionStep* step_of(const DecisionRecord& record, std::string_view rule) {
  const auto found = std::find_if(record.steps.begin(), record.steps.end(),
                                  [&](const auto& step) { return step.rule == rule; });
  return found == record.steps.end() ? nullptr : &*found;
}

}  // namespace

std::optional<ScalingEvent> event_of(const DecisionRecord& record) {
  if (record.failure) {
    if (record.failure->reason == "stopped") return std::nullopt;
    return ScalingEvent{true, reason_of(*record.failure),
                        record.failure->stage + " failed: " + record.failure->message};
  }
  if (record.action == Action::scaled) {
    return ScalingEvent{
        false, "SuccessfulRescale",
        "New size: " + std::to_string(*record.desired_replicas) + "; reason: " + why(record)};
  }
  if (const DecisionStep* conflict = step_of(record, "conflict")) {
    return ScalingEvent{true, "ForeignWriter", conflict->detail};
  }
  if (const DecisionStep* answer = step_of(record, "answer")) {
    return ScalingEvent{true, "FailedRescale", answer->detail};
  }
  return std::nullopt;
}

}  // namespace cpab
