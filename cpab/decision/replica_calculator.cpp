#include "cpab/decision/replica_calculator.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include "cpab/decision/ordered_lookup.h"
#include "cpab/decision/usage_ratio.h"
#include "cpab/model/quantity.h"

namespace cpab {
namespace {

/// `percent` of `value`, cut off; saturated.
std::int64_t percent_of(std::int64_t value, std::int32_t percent) {
  using Limits = std::numeric_limits<std::int64_t>;
  std::int64_t product = 0;
  if (!__builtin_mul_overflow(value, percent, &product)) return product / 100;
  return value < 0 ? Limits::min() : Limits::max();
}

/// Why there is no proposal; does not leave this file.
struct CalculationError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The whole number from `value` up, saturated.
template <typename Integer>
Integer ceiling(double value) {
  using Limits = std::numeric_limits<Integer>;
  const double up = std::ceil(value);
  if (!(up > static_cast<double>(Limits::min()))) return Limits::min();
  // 2^31 - 1 is a double, 2^63 - 1 is rounded up to one that is out of range.
  return up >= static_cast<double>(Limits::max()) ? Limits::max() : static_cast<Integer>(up);
}

/// A count from `value` up. A metric below zero wants no replicas, not fewer than none.
std::int32_t replicas_from(double value) { return std::max(0, ceiling<std::int32_t>(value)); }

/// The quantity of a target in thousandths; `name` is its key in the spec.
std::int64_t target_milli(const std::string& quantity, const char* name) {
  const auto milli = quantity_milli(quantity);
  if (!milli || *milli <= 0) {
    throw CalculationError(std::string("target.") + name + " is \"" + quantity +
                           "\", not a quantity above zero");
  }
  return *milli;
}

/// A metric with a value per pod.
class PodsCalculation {
 public:
  PodsCalculation(const MetricTarget& target, const MeasuredPods& measured,
                  const ProposalRules& rules)
      : measured_(measured), rules_(rules), current_(rules.replicas().spec) {
    if (target.average_value) {
      average_value_ = target_milli(*target.average_value, "averageValue");
    } else if (target.average_utilization) {
      utilization_ = *target.average_utilization;
    } else {
      throw CalculationError("neither target.averageUtilization nor target.averageValue is set");
    }
    if (!average_value_ && utilization_ <= 0) {
      throw CalculationError("target.averageUtilization is " + std::to_string(utilization_) +
                             ", not above zero");
    }
  }

  Proposal propose() const {
    const PodGroups& groups = measured_.groups;
    if (groups.empty()) {
      throw CalculationError("no pods returned by selector while calculating replica count");
    }
    std::vector<PodUsage> pods = sampled_pods();
    if (pods.empty()) {
      throw CalculationError("did not receive metrics for targeted pods (pods might be unready)");
    }
    const UsageRatio usage = ratio_of(pods);
    const bool counts_unready = usage.ratio > 1.0 && !groups.unready.empty();
    const bool complete = !counts_unready && groups.missing.empty();
    Proposal proposal;
    proposal.current = {usage.utilization, usage.average, std::nullopt};
    proposal.timestamp = measured_.timestamp;
    proposal.standing = rules_.standing(usage.ratio);
    proposal.replicas = complete ? replicas_for(usage.ratio, groups.ready)
                                 : careful_replicas_for(usage.ratio, std::move(pods));
    return proposal;
  }

 private:
  /// The pods whose sample counts.
  std::vector<PodUsage> sampled_pods() const {
    OrderedLookup unready(measured_.groups.unready);
    OrderedLookup ignored(measured_.groups.ignored);
    OrderedLookup requests(measured_.requests);
    std::vector<PodUsage> pods;
    pods.reserve(measured_.samples.size());
    for (const auto& [name, sample] : measured_.samples) {
      if (unready.find(name) != nullptr || ignored.find(name) != nullptr) continue;
      pods.push_back({sample.value, value_of(requests.find(name))});
    }
    return pods;
  }

  UsageRatio ratio_of(const std::vector<PodUsage>& pods) const {
    if (average_value_) return average_ratio(pods, *average_value_);
    const auto ratio = utilization_ratio(pods, utilization_);
    if (!ratio) throw CalculationError("no metrics returned matched known pods");
    return *ratio;
  }

  std::int32_t scaled(double ratio, std::int64_t pods) const {
    return replicas_from(ratio * static_cast<double>(rules_.own(pods)));
  }

  /// All pods are accounted for.
  std::int32_t replicas_for(double ratio, std::int64_t ready) const {
    if (rules_.tolerates(ratio)) return current_;
    return rules_.lawful(scaled(ratio, ready), ratio);
  }

  /// Some pods are not: they are taken to be such that less is changed, and if that turns the
  /// change around, nothing is.
  std::int32_t careful_replicas_for(double ratio, std::vector<PodUsage> pods) const {
    // What is filled in for a request of some thousandths is rounded, and could leave the
    // tolerance.
    if (!rules_.as_hpa() && rules_.tolerates(ratio)) return current_;
    add_missing(pods, ratio);
    if (ratio > 1.0) add_idle(pods, measured_.groups.unready);
    const double completed = ratio_of(pods).ratio;
    const bool turned = (ratio < 1.0 && completed > 1.0) || (ratio > 1.0 && completed < 1.0);
    if (rules_.tolerates(completed) || turned) return current_;
    const std::int32_t wanted = scaled(completed, static_cast<std::int64_t>(pods.size()));
    const bool backwards = completed < 1.0 ? wanted > current_ : wanted < current_;
    return backwards ? current_ : wanted;
  }

  void add_missing(std::vector<PodUsage>& pods, double ratio) const {
    const bool idle_on_target = rules_.parity() == Parity::kubernetes_1_24 && average_value_;
    if (ratio > 1.0 || (idle_on_target && ratio == 1.0)) add_idle(pods, measured_.groups.missing);
    if (ratio < 1.0) add_on_target(pods, measured_.groups.missing);
  }

  void add_idle(std::vector<PodUsage>& pods, const std::set<std::string>& names) const {
    OrderedLookup requests(measured_.requests);
    for (const std::string& name : names) pods.push_back({0, value_of(requests.find(name))});
  }

  /// For utilization as if they used all they request, or more when the target is more.
  void add_on_target(std::vector<PodUsage>& pods, const std::set<std::string>& names) const {
    const bool at_most_all = rules_.parity() == Parity::kubernetes_1_24;
    const std::int32_t percent = at_most_all ? 100 : std::max<std::int32_t>(100, utilization_);
    OrderedLookup requests(measured_.requests);
    for (const std::string& name : names) {
      const auto request = value_of(requests.find(name));
      const std::int64_t value = average_value_.value_or(percent_of(request.value_or(0), percent));
      pods.push_back({value, request});
    }
  }

  static std::optional<std::int64_t> value_of(PodRequests::const_pointer request) {
    if (request == nullptr) return std::nullopt;
    return request->second;
  }

  const MeasuredPods& measured_;
  const ProposalRules& rules_;
  std::int32_t current_;
  std::optional<std::int64_t> average_value_;
  std::int32_t utilization_ = 0;  ///< percent; 0 when there is an average value
};

/// As many pods as share the one value of a metric, of which `ready` are ready. When none is, its
/// fall says as little about them as its rise: they count for the one and not for the other.
std::int64_t sharing_pods(std::int64_t ready, double ratio, const ProposalRules& rules) {
  const bool unknown = ready == 0 && ratio < 1.0 && !rules.as_hpa();
  return unknown ? rules.replicas().spec : rules.own(ready);
}

/// A metric with one value: what the target as a whole may use.
Proposal propose_for_value(const MeasuredValue& measured, std::int64_t target,
                           const ProposalRules& rules) {
  const double ratio = static_cast<double>(measured.value) / static_cast<double>(target);
  Proposal proposal{rules.replicas().spec, {}, measured.timestamp};
  proposal.current.value = measured.value;
  if (rules.replicas().spec == 0) {
    proposal.replicas = replicas_from(ratio);
  } else if (!rules.tolerates(ratio)) {
    proposal.standing = rules.standing(ratio);
    if (!measured.ready_pods) {
      throw CalculationError(
          "unable to calculate ready pods: no pods returned by selector while calculating replica "
          "count");
    }
    const std::int64_t pods = sharing_pods(*measured.ready_pods, ratio, rules);
    proposal.replicas = rules.lawful(replicas_from(ratio * static_cast<double>(pods)), ratio);
  }
  return proposal;
}

/// A metric with one value: what each replica may use of it. Without replicas any value is off
/// target, and there is no average. During a rollout not as many are observed as are wanted:
/// without parity only a metric that is off its target by both changes the count.
Proposal propose_for_average(const MeasuredValue& measured, std::int64_t target,
                             const ProposalRules& rules) {
  const auto value = static_cast<double>(measured.value);
  const auto each = static_cast<double>(target);
  const auto [wanted, observed] = rules.replicas();
  Proposal proposal{replicas_from(value / each), {}, measured.timestamp};
  if (observed > 0) proposal.current.average_value = ceiling<std::int64_t>(value / observed);
  const std::int32_t present = rules.as_hpa() ? observed : wanted;
  if (present == 0) return proposal;
  const double ratio = value / (each * (observed > 0 ? observed : wanted));
  const bool tolerated = rules.tolerates(ratio) || rules.tolerates(value / (each * present));
  if (!tolerated) proposal.standing = rules.standing(ratio);
  proposal.replicas = tolerated ? present : rules.lawful(proposal.replicas, ratio);
  return proposal;
}

const MetricTarget& target_of(const MetricSpec& spec) {
  if (const MetricTarget* target = spec.target()) return *target;
  throw CalculationError(is_metric_source_type(spec.type)
                             ? "the metric spec has no source of its type"
                             : "unknown metric source type \"" + spec.type + "\"");
}

Proposal propose(const MetricSpec& spec, const MetricTarget& target, const MeasuredPods& measured,
                 const ProposalRules& rules) {
  if (spec.is_single_value()) {
    throw CalculationError("values of pods are no measurement of a metric of this type");
  }
  if (spec.type == "Pods" && !target.average_value) {
    throw CalculationError("target.averageValue is not set");
  }
  return PodsCalculation(target, measured, rules).propose();
}

Proposal propose(const MetricSpec& spec, const MetricTarget& target, const MeasuredValue& measured,
                 const ProposalRules& rules) {
  if (!spec.is_single_value()) {
    throw CalculationError("a single value is no measurement of a metric of this type");
  }
  // For an object the type of its target decides; otherwise what is there does.
  const bool by_average =
      spec.type == "Object" ? target.type == "AverageValue" : target.average_value.has_value();
  const auto& quantity = by_average ? target.average_value : target.value;
  const char* name = by_average ? "averageValue" : "value";
  if (!quantity) throw CalculationError(std::string("target.") + name + " is not set");
  const std::int64_t milli = target_milli(*quantity, name);
  return by_average ? propose_for_average(measured, milli, rules)
                    : propose_for_value(measured, milli, rules);
}

}  // namespace

std::string failure_reason(const std::string& type) {
  return is_metric_source_type(type) ? "FailedGet" + type + "Metric" : "InvalidMetricSourceType";
}

MetricOutcome propose_replicas(const MetricSpec& spec, const Measurement& measured,
                               const ProposalRules& rules) {
  try {
    const MetricTarget& target = target_of(spec);
    return std::visit([&](const auto& kind) { return propose(spec, target, kind, rules); },
                      measured);
  } catch (const CalculationError& error) {
    return MetricFailure{failure_reason(spec.type), error.what()};
  }
}

std::int64_t matching_pods(const Measurement& measured) {
  if (const auto* value = std::get_if<MeasuredValue>(&measured)) return value->pods;
  const PodGroups& groups = std::get<MeasuredPods>(measured).groups;
  return groups.ready + static_cast<std::int64_t>(groups.unready.size() + groups.missing.size());
}

}  // namespace cpab
