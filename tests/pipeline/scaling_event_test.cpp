#include "cpab/pipeline/scaling_event.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

DecisionRecord failed(const std::string& stage, const std::string& reason) {
  DecisionRecord record;
  record.failure = Failure{stage, reason, "exit status 1", "", ""};
  return record;
}

DecisionRecord scaled(std::string reason) {
  DecisionRecord record;
  record.action = Action::scaled;
  record.current_replicas = 3;
  record.desired_replicas = 5;
  record.evaluation = Evaluation{5, std::move(reason)};
  record.message = "scaled 3 -> 5: evaluation asked for 5";
  return record;
}

}  // namespace

TEST_CASE("event_of: a scaling, with the reason that user logic gave, or else ours", "[pipeline]") {
  CHECK(event_of(scaled("queue is long")) ==
        ScalingEvent{false, "SuccessfulRescale", "New size: 5; reason: queue is long"});
  CHECK(event_of(scaled("")) ==
        ScalingEvent{false, "SuccessfulRescale",
                     "New size: 5; reason: scaled 3 -> 5: evaluation asked for 5"});
}

TEST_CASE("event_of: failures, in the words of the HPA where it has some", "[pipeline]") {
  struct Row {
    std::string stage, failure, reason;
  };
  const auto row = GENERATE(values<Row>({
      {"target", "kubernetes", "FailedGetScale"},
      {"scale", "kubernetes", "FailedGetScale"},
      {"patch", "kubernetes", "FailedRescale"},
      {"pods", "kubernetes", "FailedComputeMetricsReplicas"},
      {"kubernetesMetrics", "kubernetes", "FailedComputeMetricsReplicas"},
      {"evaluate", "FailedGetResourceMetric", "FailedGetResourceMetric"},
      {"evaluate", "invalid_evaluation", "InvalidEvaluation"},
      {"metric", "timeout", "MethodTimedOut"},
      {"metric", "exit", "MethodFailed"},
      {"preScale", "spawn", "MethodFailed"},
  }));
  CHECK(event_of(failed(row.stage, row.failure)) ==
        ScalingEvent{true, row.reason, row.stage + " failed: exit status 1"});
}

TEST_CASE("event_of: a hook that fails after the scaling is a failure", "[pipeline]") {
  DecisionRecord record = scaled("");
  record.failure = Failure{"postScale", "exit", "exit status 1", "", ""};
  CHECK(event_of(record)->reason == "MethodFailed");
}

TEST_CASE("event_of: a write of somebody else", "[pipeline]") {
  DecisionRecord record = scaled("");
  record.action = Action::held;
  record.steps = {{"conflict", 5, 8, "somebody else changed the replicas from 3 to 8 meanwhile"}};
  CHECK(event_of(record) ==
        ScalingEvent{true, "ForeignWriter",
                     "somebody else changed the replicas from 3 to 8 meanwhile"});
}

TEST_CASE("event_of: a write that the API server made something else of", "[pipeline]") {
  DecisionRecord record = scaled("");
  record.action = Action::held;
  record.steps = {{"answer", 9, 3, "asked for 9 replicas, the API server answered 3"}};
  CHECK(event_of(record) ==
        ScalingEvent{true, "FailedRescale", "asked for 9 replicas, the API server answered 3"});
}

TEST_CASE("event_of: nothing about cycles that change nothing, or that were ended", "[pipeline]") {
  for (const Action action : {Action::unchanged, Action::disabled, Action::held}) {
    DecisionRecord record = scaled("");
    record.action = action;
    CHECK(event_of(record) == std::nullopt);
  }
  CHECK(event_of(failed("metric", "stopped")) == std::nullopt);
}
