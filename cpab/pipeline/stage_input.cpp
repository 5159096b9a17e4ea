#include "cpab/pipeline/stage_input.h"

#include "cpab/model/json_text.h"

namespace cpab {
namespace {

/// Builds one JSON object; the values are JSON already.
class ObjectWriter {
 public:
  explicit ObjectWriter(std::size_t expected_size) { text_.reserve(expected_size); }

  ObjectWriter& add(std::string_view key, std::string_view value) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += key;
    text_ += "\":";
    text_ += value;
    return *this;
  }

  ObjectWriter& add_text(std::string_view key, std::string_view value) {
    return add(key, json_quote(value));
  }

  ObjectWriter& add_number(std::string_view key, std::int32_t value) {
    return add(key, std::to_string(value));
  }

  std::string finish() {
    text_ += text_.empty() ? "{}" : "}";
    return std::move(text_);
  }

 private:
  std::string text_;
};

constexpr std::size_t room_for_the_rest = 256;

std::string list(const std::vector<std::string>& items) {
  std::string text = "[";
  for (const std::string& item : items) {
    if (text.size() > 1) text += ',';
    text += item;
  }
  return text + "]";
}

void add_kubernetes_metrics(ObjectWriter& object, const std::vector<std::string>& metrics) {
  if (!metrics.empty()) object.add("kubernetesMetrics", list(metrics));
}

std::string reference_json(const ScaleTarget& target) {
  ObjectWriter object(room_for_the_rest);
  object.add_text("kind", target.kind).add_text("name", target.name);
  if (!target.api_version.empty()) object.add_text("apiVersion", target.api_version);
  return object.finish();
}

}  // namespace

std::string metric_input(const Resource& resource, RunType run_type,
                         const std::vector<std::string>& kubernetes_metrics) {
  ObjectWriter object(resource.json.size() + room_for_the_rest);
  object.add("resource", resource.json).add_text("runType", to_string(run_type));
  add_kubernetes_metrics(object, kubernetes_metrics);
  return object.finish();
}

std::string post_metric_input(const Resource& target, RunType run_type,
                              const std::vector<Metric>& metrics,
                              const std::vector<std::string>& kubernetes_metrics) {
  ObjectWriter object(target.json.size() + room_for_the_rest);
  object.add("resource", target.json);
  object.add("metrics", metrics_json(metrics)).add_text("runType", to_string(run_type));
  add_kubernetes_metrics(object, kubernetes_metrics);
  return object.finish();
}

std::string evaluate_input(const Resource& target, RunType run_type,
                           const std::vector<Metric>& metrics) {
  ObjectWriter object(target.json.size() + room_for_the_rest);
  object.add("metrics", metrics_json(metrics)).add("resource", target.json);
  return object.add_text("runType", to_string(run_type)).finish();
}

std::string post_evaluate_input(const Resource& target, RunType run_type,
                                const std::vector<Metric>& metrics, const Evaluation& evaluation) {
  ObjectWriter object(target.json.size() + room_for_the_rest);
  object.add("metrics", metrics_json(metrics)).add("resource", target.json);
  object.add("evaluation", to_json(evaluation));
  return object.add_text("runType", to_string(run_type)).finish();
}

std::string scale_input(const ScaleInput& input) {
  ObjectWriter object(input.target.json.size() + 2 * room_for_the_rest);
  object.add("evaluation", to_json(Evaluation{input.final_replicas, {}}));
  object.add("resource", input.target.json);
  object.add("scaleTargetRef", reference_json(input.scale_target));
  object.add_text("namespace", input.scale_target.namespace_name);
  object.add_number("minReplicas", input.bounds.minimum);
  object.add_number("maxReplicas", input.bounds.maximum);
  object.add_number("targetReplicas", input.wanted_replicas);
  object.add_number("currentReplicas", input.current_replicas);
  return object.add_text("runType", to_string(input.run_type)).finish();
}

std::string metrics_json(const std::vector<Metric>& metrics) {
  std::vector<std::string> items;
  items.reserve(metrics.size());
  for (const Metric& metric : metrics) {
    ObjectWriter object(room_for_the_rest);
    object.add_text("resource", metric.resource);
    if (!metric.value.empty()) object.add_text("value", metric.value);
    items.push_back(object.finish());
  }
  return list(items);
}

}  // namespace cpab
