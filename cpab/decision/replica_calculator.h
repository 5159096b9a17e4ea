#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "cpab/decision/pod_groups.h"
#include "cpab/decision/proposal_rules.h"
#include "cpab/model/instant.h"
#include "cpab/model/metric_spec.h"
#include "cpab/model/pod_metric.h"

namespace cpab {

/// The replica formula of the Horizontal Pod Autoscaler (autoscaling/v2, as of Kubernetes 1.36).
/// Without parity it differs where that breaks the law of ProposalRules; docs/hpa.md has the list.
/// All amounts are in thousandths of the metric's unit.

/// What was measured for a Resource, ContainerResource or Pods metric.
struct MeasuredPods {
  PodMetrics samples;         ///< of any pods; those of unready and ignored pods do not count
  PodGroups groups;           ///< of all pods of the target; all empty when it has none
  PodRequests requests = {};  ///< of all pods; only needed for a Utilization target
  Instant timestamp = {};
};

/// What was measured for an Object or External metric.
struct MeasuredValue {
  std::int64_t value = 0;  ///< the sum, when the metric has several series
  /// For a Value target: how many pods are Running and Ready; none when the target has no pods.
  std::optional<std::int64_t> ready_pods = {};
  Instant timestamp = {};
  std::int64_t pods = 0;  ///< that the selector matches and that have not ended, as far as known
};

using Measurement = std::variant<MeasuredPods, MeasuredValue>;

/// Where a metric stands, as `status.currentMetrics` of an HPA has it.
struct MetricValueStatus {
  std::optional<std::int32_t> average_utilization = {};  ///< percent of the request
  std::optional<std::int64_t> average_value = {};
  std::optional<std::int64_t> value = {};

  friend bool operator==(const MetricValueStatus&, const MetricValueStatus&) = default;
};

/// How many replicas one metric asks for; never below 0.
struct Proposal {
  std::int32_t replicas = 0;
  MetricValueStatus current;
  Instant timestamp;  ///< when it was measured
  /// Of what was measured, before anything is filled in. With no replicas wanted it says nothing.
  Standing standing = Standing::on_target;

  friend bool operator==(const Proposal&, const Proposal&) = default;
};

/// Why a metric asks for nothing.
struct MetricFailure {
  std::string reason;  ///< the HPA's name for it, such as `FailedGetResourceMetric`
  std::string message;

  friend bool operator==(const MetricFailure&, const MetricFailure&) = default;
};

using MetricOutcome = std::variant<Proposal, MetricFailure>;

/// The HPA's reason for a metric of `type` (`Resource`, ...) that could not be read or makes no
/// sense; `InvalidMetricSourceType` for a type it does not know.
std::string failure_reason(const std::string& type);

/// How many replicas bring the metric to the target of `spec`. Pure; linear in the number of pods.
/// A target that is absent or not above zero, a measurement of another kind than the metric, and
/// pods of which nothing is known are a failure, never a guess.
MetricOutcome propose_replicas(const MetricSpec& spec, const Measurement& measured,
                               const ProposalRules& rules);

/// How many pods the selector matches that have not ended, as far as it was measured; otherwise 0.
std::int64_t matching_pods(const Measurement& measured);

}  // namespace cpab
