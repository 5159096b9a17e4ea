#include "cpab/model/decision_record.h"

#include "cpab/model/json_writer.h"
#include "cpab/model/printable.h"

namespace cpab {
namespace {

std::string metric_json(const Metric& metric) {
  return JsonWriter()
      .add_text("resource", metric.resource)
      .add_text("value", metric.value)
      .finish();
}

std::string step_json(const DecisionStep& step) {
  JsonWriter json;
  json.add_text("rule", step.rule).add_number("from", step.from).add_number("to", step.to);
  return json.add_text_unless_empty("reason", step.reason).add_text("detail", step.detail).finish();
}

/// One text for each item.
template <typename Item>
std::vector<std::string> texts_of(const std::vector<Item>& items,
                                  std::string (*text)(const Item&)) {
  std::vector<std::string> texts;
  texts.reserve(items.size());
  for (const Item& item : items) texts.push_back(text(item));
  return texts;
}

std::string metrics_json(const DecisionRecord& record) {
  JsonWriter json;
  json.add_number("count", static_cast<std::int64_t>(record.metric_count));
  json.add_list("values", texts_of(record.metrics, metric_json));
  if (record.measured_at) json.add_text("measuredAt", rfc3339(*record.measured_at));
  return json.finish();
}

std::string failure_json(const Failure& failure) {
  JsonWriter json;
  json.add_text("stage", failure.stage).add_text("reason", failure.reason);
  json.add_text("message", failure.message);
  json.add_text_unless_empty("stdout", failure.out);
  return json.add_text_unless_empty("stderr", failure.err).finish();
}

std::string durations_json(const DecisionRecord& record) {
  JsonWriter json;
  for (const auto& [stage, milliseconds] : record.durations) json.add_double(stage, milliseconds);
  return json.finish();
}

std::string or_null(const std::optional<std::int32_t>& value) {
  return value ? std::to_string(*value) : "null";
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

// No tree of JSON values is built: where memory ends, not even taking one apart may need some.
std::string to_json(const DecisionRecord& record) {
  JsonWriter json;
  json.add_number("id", static_cast<std::int64_t>(record.id));
  json.add_text("time", rfc3339(record.time)).add_text("trigger", to_string(record.trigger));
  json.add_text("mode", to_string(record.mode)).add("target", to_json(record.target));
  json.add("currentReplicas", or_null(record.current_replicas));
  json.add("metrics", metrics_json(record));
  json.add("evaluation", record.evaluation ? to_json(*record.evaluation) : "null");
  json.add_list("steps", texts_of(record.steps, step_json));
  json.add("limitedBy", record.limited_by.empty() ? "null" : json_quote(record.limited_by));
  json.add("desiredReplicas", or_null(record.desired_replicas));
  json.add_text("action", to_string(record.action));
  json.add("failure", record.failure ? failure_json(*record.failure) : "null");
  json.add("durations", durations_json(record));
  return printable_json(json.add_text("message", record.message).finish());
}

}  // namespace cpab
