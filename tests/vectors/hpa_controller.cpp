#include "tests/vectors/hpa_controller.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "cpab/kubernetes/label_selector.h"
#include "cpab/model/quantity.h"
#include "tests/vectors/behavior_vectors.h"

namespace cpab {
namespace {

using nlohmann::json;
using std::chrono::seconds;

/// Those of `pods` that a selector of one label selects.
json selected_pods(const json& pods, const std::string& selector) {
  const std::size_t equals = selector.find('=');
  json selected = json::array();
  for (const json& pod : pods) {
    if (pod["labels"].value(selector.substr(0, equals), "") != selector.substr(equals + 1))
      continue;
    selected.push_back(pod);
  }
  return selected;
}

/// What the status of an HPA says about a metric.
json metric_status(const json& metric, const MetricOutcome& outcome) {
  const auto* proposal = std::get_if<Proposal>(&outcome);
  if (proposal == nullptr) return {{"type", ""}};
  json status = {{"type", metric["type"]}, {"name", metric["name"]}};
  if (metric.contains("container")) status["container"] = metric["container"];
  const MetricValueStatus& current = proposal->current;
  if (current.average_utilization) {
    status["average_utilization_percent"] = *current.average_utilization;
  }
  const bool of_resource = metric["type"] == "Resource" || metric["type"] == "ContainerResource";
  const std::string resource = of_resource ? metric["name"].get<std::string>() : "";
  if (current.average_value) {
    status["average_value_milli"] = *current.average_value;
    status["average_value"] = status_quantity(resource, *current.average_value);
  }
  if (current.value) {
    status["value_milli"] = *current.value;
    status["value"] = status_quantity(resource, *current.value);
  }
  return status;
}

/// What was scaled up or down, and when.
std::vector<std::pair<std::int64_t, TimePoint>> changes(const ScaleEventHistory& events, bool up) {
  std::vector<std::pair<std::int64_t, TimePoint>> changes;
  for (const ScaleEvent& event : events.entries()) {
    if (event.is_up() == up) changes.emplace_back(event.size(), event.at);
  }
  return changes;
}

/// The last reason of `decision` that is one of `reasons`; empty when there is none.
std::string last_reason(const Decision& decision, const std::vector<std::string>& reasons) {
  std::string found;
  for (const DecisionStep& step : decision.steps) {
    if (std::find(reasons.begin(), reasons.end(), step.reason) != reasons.end()) {
      found = step.reason;
    }
  }
  return found;
}

std::string stabilization_reason(const Decision& decision) {
  return last_reason(decision, {"ScaleUpStabilized", "ScaleDownStabilized"});
}

std::string limiting_reason(const Decision& decision) {
  return last_reason(decision,
                     {"ScaleUpLimit", "ScaleDownLimit", "TooManyReplicas", "TooFewReplicas"});
}

}  // namespace

HpaController::HpaController(const json& controller, const json& hpa)
    : controller_(controller), metrics_(hpa["metrics"]), conditions_(json::array()) {
  set_bounds(hpa);
  rules_.downscale_stabilization =
      seconds(controller["downscale_stabilization_ms"].get<std::int64_t>() / 1000);
  rules_.as_hpa = true;
  rules_.parity = Parity::current;
  if (!hpa["behavior_as_given"].is_null()) {
    rules_.behavior = behavior_of(hpa["behavior_as_given"]);
    const auto down = rules_.behavior->scale_down.stabilization_window;
    rules_.downscale_stabilization = down.value_or(rules_.downscale_stabilization);
  }
  for (const json& condition : hpa["status_conditions"]) {
    conditions_.push_back({{"type", condition["type"]},
                           {"status", condition["status"]},
                           {"reason", condition["reason"]}});
  }
  current_replicas_ = hpa["status_current_replicas"];
  desired_replicas_ = hpa["status_desired_replicas"];
}

void HpaController::set_bounds(const json& bounds) {
  const json& minimum = bounds["min_replicas"];
  rules_.bounds = {minimum.is_null() ? 1 : minimum.get<std::int32_t>(), bounds["max_replicas"]};
}

void HpaController::restore(const json& state) {
  events_ = events_of(state["scale_up_events"], state["scale_down_events"]);
  // An empty list has been there before, so it does not start with the current count.
  if (!state["recommendations"].is_null()) {
    history_ = recommendations_of(state["recommendations"]);
  }
}

json HpaController::sync(const json& step, std::int64_t now_ms) {
  now_ = {time_of_ms(now_ms), WallTime(Duration(now_ms))};
  result_ = {{"error", true}, {"scale_written", nullptr}};
  const json& scale = step["scale"];
  if (!scale["get_error"].is_null()) {
    set_condition("AbleToScale", "False", "FailedGetScale");
  } else {
    const std::int32_t current = scale["spec_replicas"];
    set_condition("AbleToScale", "True", "SucceededGetScale");
    if (!history_) history_.emplace().add({now_.monotonic, current});
    current_replicas_ = current;
    const auto replicas = wanted(step, current);
    if (replicas && (*replicas == current || write(scale, current, *replicas))) {
      desired_replicas_ = *replicas;
    }
  }
  result_["current_replicas"] = current_replicas_;
  result_["desired_replicas"] = desired_replicas_;
  result_["conditions"] = conditions_;
  return result_;
}

std::optional<std::int32_t> HpaController::wanted(const json& step, std::int32_t current) {
  const bool from_zero = current == 0;
  const bool outside = current > rules_.bounds.maximum || current < rules_.bounds.minimum;
  if (from_zero && is_disabled()) {
    set_condition("ScalingActive", "False", "ScalingDisabled");
    if (!controller_["gate_scale_to_zero"]) remove_condition("ScaledToZero");
  } else if (from_zero || !outside) {
    return compute(step, current);
  }
  result_["error"] = false;
  return from_zero ? 0 : normalize(current, current).replicas;
}

std::optional<std::int32_t> HpaController::compute(const json& step, std::int32_t current) {
  if (!selects_its_own_pods(step)) return std::nullopt;
  const std::vector<MetricOutcome> outcomes = outcomes_of(step, current);
  json& statuses = result_["current_metrics"] = json::array();
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    statuses.push_back(metric_status(metrics_[i], outcomes[i]));
  }
  const ProposalChoice choice = choose_proposal(outcomes, current);
  if (!choice.replicas) {
    set_condition("ScalingActive", "False", choice.failure.value().reason);
    return std::nullopt;
  }
  set_condition("ScalingActive", "True", "ValidMetricFound");
  const Decision decision = normalize(*choice.replicas, current);
  set_conditions_of(decision);
  result_["error"] = choice.failure.has_value();
  return decision.replicas;
}

bool HpaController::selects_its_own_pods(const json& step) {
  const std::string text = step["scale"]["selector"];
  try {
    if (normalized_selector(text).empty()) throw SelectorError("it is empty");
  } catch (const SelectorError&) {
    set_condition("ScalingActive", "False", "InvalidSelector");
    return false;
  }
  for (const json& other : step.value("other_hpa_selectors", json::array())) {
    const auto pods = selected_pods(selected_pods(step["pods"], text), other["selector"]);
    if (pods.empty()) continue;
    set_condition("ScalingActive", "False", "AmbiguousSelector");
    return false;
  }
  return true;
}

std::vector<MetricOutcome> HpaController::outcomes_of(const json& step,
                                                      std::int32_t current) const {
  const Tolerance tolerance{controller_["tolerance"], controller_["tolerance"]};
  const bool own = rules_.behavior && controller_["gate_configurable_tolerance"];
  const VectorCluster cluster{pods_of(selected_pods(step["pods"], step["scale"]["selector"])),
                              step["metrics"],
                              startup_rules(controller_, now_.wall.time_since_epoch().count()),
                              {current, step["scale"]["status_replicas"]},
                              own ? rules_.behavior->tolerance(tolerance) : tolerance,
                              controller_["gate_pod_level_resources"]};
  std::vector<MetricOutcome> outcomes;
  for (const json& metric : metrics_) {
    outcomes.push_back(outcome_of(metric_spec_of(metric), cluster));
  }
  return outcomes;
}

/// The product takes a target at zero whose minimum is above for switched off; this controller has
/// found out that it has scaled it there itself.
Decision HpaController::normalize(std::int32_t proposal, std::int32_t current) {
  const std::int32_t minimum = rules_.bounds.minimum;
  ScalingRules rules = rules_;
  if (current == 0) rules.bounds.minimum = 0;
  Decision decision = decide(current, {proposal, ""}, rules, *history_, now_, events_);
  if (current == 0 && decision.replicas < minimum) {
    const bool says_so = !rules.behavior && limiting_reason(decision).empty();
    decision.apply("minReplicas", says_so ? "TooFewReplicas" : "", minimum, "");
  }
  history_ = decision.history;
  return decision;
}

void HpaController::set_conditions_of(const Decision& decision) {
  const std::string stabilized = stabilization_reason(decision);
  set_condition("AbleToScale", "True", stabilized.empty() ? "ReadyForNewScale" : stabilized);
  const std::string limited = limiting_reason(decision);
  if (limited.empty()) {
    set_condition("ScalingLimited", "False", "DesiredWithinRange");
  } else {
    set_condition("ScalingLimited", "True", limited);
  }
}

bool HpaController::write(const json& scale, std::int32_t current, std::int32_t replicas) {
  if (!scale["update_error"].is_null()) {
    set_condition("AbleToScale", "False", "FailedUpdateScale");
    result_["error"] = true;
    return false;
  }
  result_["scale_written"] = replicas;
  set_condition("AbleToScale", "True", "SucceededRescale");
  if (rules_.behavior) {
    const auto& rules =
        replicas > current ? rules_.behavior->scale_up : rules_.behavior->scale_down;
    events_.add({now_.monotonic, current, replicas}, longest_period(rules));
  }
  if (!controller_["gate_scale_to_zero"]) {
    remove_condition("ScaledToZero");
  } else if (replicas == 0 && rules_.bounds.minimum == 0 && has_single_values()) {
    set_condition("ScaledToZero", "True", "ScaledToZero");
  } else {
    set_condition("ScaledToZero", "False", "NotScaledToZero");
  }
  return true;
}

bool HpaController::is_disabled() const {
  const bool zeroed = controller_["gate_scale_to_zero"] && is_scaled_to_zero();
  return !zeroed || (rules_.bounds.minimum == 0 && !has_single_values());
}

bool HpaController::has_single_values() const {
  return std::any_of(metrics_.begin(), metrics_.end(), [](const json& metric) {
    return metric["type"] == "Object" || metric["type"] == "External";
  });
}

bool HpaController::is_scaled_to_zero() const {
  return std::any_of(conditions_.begin(), conditions_.end(), [](const json& condition) {
    return condition["type"] == "ScaledToZero" && condition["status"] == "True";
  });
}

void HpaController::set_condition(const char* type, const char* status, const std::string& reason) {
  const json wanted = {{"type", type}, {"status", status}, {"reason", reason}};
  for (json& condition : conditions_) {
    if (condition["type"] != type) continue;
    condition = wanted;
    return;
  }
  conditions_.push_back(wanted);
}

void HpaController::remove_condition(const char* type) {
  const auto found = std::find_if(conditions_.begin(), conditions_.end(),
                                  [&](const json& condition) { return condition["type"] == type; });
  if (found != conditions_.end()) conditions_.erase(found);
}

void HpaController::check_state(const json& state) const {
  const ScaleEventHistory expected =
      events_of(state["scale_up_events"], state["scale_down_events"]);
  for (const bool up : {true, false}) CHECK(changes(events_, up) == changes(expected, up));
  if (state["recommendations"].is_null()) return;
  REQUIRE(history_.has_value());
  check_history(recommendations_of(state["recommendations"]), rules_.downscale_stabilization);
  if (rules_.behavior) {
    check_history(recommendations_of(state["recommendations"]),
                  rules_.behavior->scale_up.stabilization_window.value());
  }
}

void HpaController::check_history(const RecommendationHistory& expected, seconds window) const {
  const TimePoint since = now_.monotonic - window;
  CHECK(history_->highest_after(since) == expected.highest_after(since));
  CHECK(history_->lowest_after(since) == expected.lowest_after(since));
}

}  // namespace cpab
