#include "cpab/model/decision_record.h"

#include <nlohmann/json.hpp>

#include "cpab/model/printable.h"

namespace cpab {
namespace {

using Json = nlohmann::ordered_json;

Json target_json(const ScaleTarget& target) {
  return {{"apiVersion", target.api_version},
          {"kind", target.kind},
          {"namespace", target.namespace_name},
          {"name", target.name}};
}

Json metrics_json(const DecisionRecord& record) {
  Json values = Json::array();
  for (const Metric& metric : record.metrics) {
    values.push_back({{"resource", metric.resource}, {"value", metric.value}});
  }
  Json json = {{"count", record.metric_count}, {"values", std::move(values)}};
  if (record.measured_at) json["measuredAt"] = rfc3339(*record.measured_at);
  return json;
}

Json evaluation_json(const Evaluation& evaluation) {
  Json json = Json::object();
  if (evaluation.target_replicas) json["targetReplicas"] = *evaluation.target_replicas;
  if (evaluation.hold()) json["hold"] = true;
  if (!evaluation.reason.empty()) json["reason"] = evaluation.reason;
  if (!evaluation.proposals.empty()) json["proposals"] = Json::parse(to_json(evaluation.proposals));
  return json;
}

Json steps_json(const std::vector<DecisionStep>& steps) {
  Json json = Json::array();
  for (const DecisionStep& step : steps) {
    Json entry = {{"rule", step.rule}, {"from", step.from}, {"to", step.to}};
    if (!step.reason.empty()) entry["reason"] = step.reason;
    entry["detail"] = step.detail;
    json.push_back(std::move(entry));
  }
  return json;
}

Json failure_json(const Failure& failure) {
  Json json = {{"stage", failure.stage}, {"reason", failure.reason}, {"message", failure.message}};
  if (!failure.out.empty()) json["stdout"] = failure.out;
  if (!failure.err.empty()) json["stderr"] = failure.err;
  return json;
}

Json durations_json(const DecisionRecord& record) {
  Json json = Json::object();
  for (const auto& [stage, milliseconds] : record.durations) json[stage] = milliseconds;
  return json;
}

template <typename Value>
Json or_null(const std::optional<Value>& value) {
  return value ? Json(*value) : Json(nullptr);
}

}  // namespace

std::string_view to_string(Action action) {
  switch (action) {
    case Action::scaled:
      return "scaled";
    case Action::unchanged:
      return "unchanged";
    case Action::disabled:
      return "disabled";
    case Action::held:
      return "held";
    case Action::shadow:
      return "shadow";
    case Action::failed:
      return "failed";
  }
  return "";
}

void redact(DecisionRecord& record, const Redaction& redaction) {
  const auto redact_text = [&](std::string& text) { text = redaction(std::move(text)); };
  redact_text(record.message);
  for (Metric& metric : record.metrics) redact_text(metric.value);
  for (DecisionStep& step : record.steps) redact_text(step.detail);
  if (record.evaluation) {
    redact_text(record.evaluation->reason);
    for (MetricProposal& proposal : record.evaluation->proposals) {
      for (auto* text : {&proposal.metric, &proposal.error, &proposal.current, &proposal.target}) {
        redact_text(*text);
      }
    }
  }
  if (record.failure) {
    redact_text(record.failure->message);
    redact_text(record.failure->out);
    redact_text(record.failure->err);
  }
}

std::string to_json(const DecisionRecord& record) {
  const Json json = {
      {"id", record.id},
      {"time", rfc3339(record.time)},
      {"trigger", to_string(record.trigger)},
      {"mode", to_string(record.mode)},
      {"target", target_json(record.target)},
      {"currentReplicas", or_null(record.current_replicas)},
      {"metrics", metrics_json(record)},
      {"evaluation", record.evaluation ? evaluation_json(*record.evaluation) : Json(nullptr)},
      {"steps", steps_json(record.steps)},
      {"limitedBy", record.limited_by.empty() ? Json(nullptr) : Json(record.limited_by)},
      {"desiredReplicas", or_null(record.desired_replicas)},
      {"action", to_string(record.action)},
      {"failure", record.failure ? failure_json(*record.failure) : Json(nullptr)},
      {"durations", durations_json(record)},
      {"message", record.message}};
  return printable_json(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

}  // namespace cpab
