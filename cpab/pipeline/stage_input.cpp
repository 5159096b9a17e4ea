#include "cpab/pipeline/stage_input.h"

#include "cpab/model/json_writer.h"

namespace cpab {
namespace {

constexpr std::size_t room_for_the_rest = 256;

/// An empty value is left out, as the reference does.
void append_metrics(std::string& out, const std::vector<Metric>& metrics) {
  out += '[';
  for (const Metric& metric : metrics) {
    if (out.back() != '[') out += ',';
    out += "{\"resource\":";
    append_json_quoted(out, metric.resource);
    if (!metric.value.empty()) {
      out += ",\"value\":";
      append_json_quoted(out, metric.value);
    }
    out += '}';
  }
  out += ']';
}

void add_metrics(JsonWriter& object, const std::vector<Metric>& metrics) {
  object.add_with("metrics", [&](std::string& text) { append_metrics(text, metrics); });
}

void add_kubernetes_metrics(JsonWriter& object, const std::vector<std::string>& metrics) {
  if (!metrics.empty()) object.add_list("kubernetesMetrics", metrics);
}

std::string reference_json(const ScaleTarget& target) {
  JsonWriter object(room_for_the_rest);
  object.add_text("kind", target.kind).add_text("name", target.name);
  if (!target.api_version.empty()) object.add_text("apiVersion", target.api_version);
  return object.finish();
}

}  // namespace

std::string metric_input(const Resource& resource, RunType run_type,
                         const std::vector<std::string>& kubernetes_metrics) {
  JsonWriter object(input_size(resource, {}, kubernetes_metrics));
  object.add("resource", resource.json).add_text("runType", to_string(run_type));
  add_kubernetes_metrics(object, kubernetes_metrics);
  return object.finish();
}

std::string post_metric_input(const Resource& target, RunType run_type,
                              const std::vector<Metric>& metrics,
                              const std::vector<std::string>& kubernetes_metrics) {
  JsonWriter object(input_size(target, metrics, kubernetes_metrics));
  object.add("resource", target.json);
  add_metrics(object, metrics);
  object.add_text("runType", to_string(run_type));
  add_kubernetes_metrics(object, kubernetes_metrics);
  return object.finish();
}

std::string evaluate_input(const Resource& target, RunType run_type,
                           const std::vector<Metric>& metrics) {
  JsonWriter object(input_size(target, metrics));
  add_metrics(object, metrics);
  object.add("resource", target.json);
  return object.add_text("runType", to_string(run_type)).finish();
}

std::string post_evaluate_input(const Resource& target, RunType run_type,
                                const std::vector<Metric>& metrics, const Evaluation& evaluation) {
  JsonWriter object(input_size(target, metrics));
  add_metrics(object, metrics);
  object.add("resource", target.json);
  object.add("evaluation", to_json(evaluation));
  return object.add_text("runType", to_string(run_type)).finish();
}

std::string scale_input(const ScaleInput& input) {
  JsonWriter object(input.target.json.size() + 2 * room_for_the_rest);
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
  std::string text;
  text.reserve(metrics_json_size(metrics));
  append_metrics(text, metrics);
  return text;
}

std::size_t metrics_json_size(const std::vector<Metric>& metrics) {
  constexpr std::size_t around = sizeof R"({"resource":,"value":},)";
  std::size_t size = 2;
  for (const Metric& metric : metrics) {
    size += json_quoted_size(metric.resource) + json_quoted_size(metric.value) + around;
  }
  return size;
}

std::size_t input_size(const Resource& resource, const std::vector<Metric>& metrics,
                       const std::vector<std::string>& kubernetes_metrics) {
  std::size_t size = resource.json.size() + metrics_json_size(metrics) + room_for_the_rest;
  for (const std::string& metric : kubernetes_metrics) size += metric.size() + 1;
  return size;
}

}  // namespace cpab
