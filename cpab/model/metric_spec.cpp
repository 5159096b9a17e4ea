#include "cpab/model/metric_spec.h"

#include "cpab/model/json_text.h"

namespace cpab {
namespace {

/// Members are joined with commas; those given as empty text are left out.
std::string object(std::initializer_list<std::string> members) {
  std::string text;
  for (const std::string& member : members) {
    if (member.empty()) continue;
    if (!text.empty()) text += ',';
    text += member;
  }
  return '{' + text + '}';
}

std::string member(std::string_view key, const std::string& json) {
  return json_quote(key) + ':' + json;
}

std::string text_member(std::string_view key, const std::string& value) {
  return member(key, json_quote(value));
}

std::string text_member(std::string_view key, const std::optional<std::string>& value) {
  return value ? text_member(key, *value) : std::string();
}

std::string list(const std::vector<std::string>& elements) {
  std::string text;
  for (const std::string& element : elements) {
    if (!text.empty()) text += ',';
    text += element;
  }
  return '[' + text + ']';
}

std::string to_json(const LabelRequirement& requirement) {
  std::vector<std::string> values;
  for (const std::string& value : requirement.values) values.push_back(json_quote(value));
  return object({text_member("key", requirement.key), text_member("operator", requirement.op),
                 values.empty() ? std::string() : member("values", list(values))});
}

std::string match_labels(const LabelSelector& selector) {
  if (selector.match_labels.empty()) return {};
  std::string text;
  for (const auto& [key, value] : selector.match_labels) {
    if (!text.empty()) text += ',';
    text += text_member(key, value);
  }
  return member("matchLabels", '{' + text + '}');
}

std::string match_expressions(const LabelSelector& selector) {
  if (selector.match_expressions.empty()) return {};
  std::vector<std::string> elements;
  for (const auto& requirement : selector.match_expressions) {
    elements.push_back(to_json(requirement));
  }
  return member("matchExpressions", list(elements));
}

std::string to_json(const LabelSelector& selector) {
  return object({match_labels(selector), match_expressions(selector)});
}

std::string to_json(const MetricIdentifier& metric) {
  return object({text_member("name", metric.name),
                 metric.selector ? member("selector", to_json(*metric.selector)) : std::string()});
}

std::string to_json(const MetricTarget& target) {
  return object({text_member("type", target.type), text_member("value", target.value),
                 text_member("averageValue", target.average_value),
                 target.average_utilization
                     ? member("averageUtilization", std::to_string(*target.average_utilization))
                     : std::string()});
}

std::string to_json(const ObjectReference& reference) {
  return object({text_member("kind", reference.kind), text_member("name", reference.name),
                 reference.api_version.empty() ? std::string()
                                               : text_member("apiVersion", reference.api_version)});
}

std::string to_json(const ResourceMetricSource& source) {
  return object({text_member("name", source.name), member("target", to_json(source.target))});
}

std::string to_json(const ContainerResourceMetricSource& source) {
  return object({text_member("name", source.name), member("target", to_json(source.target)),
                 text_member("container", source.container)});
}

/// Pods and External have the same shape.
template <typename Source>
std::string metric_and_target(const Source& source) {
  return object(
      {member("metric", to_json(source.metric)), member("target", to_json(source.target))});
}

std::string to_json(const PodsMetricSource& source) { return metric_and_target(source); }

std::string to_json(const ExternalMetricSource& source) { return metric_and_target(source); }

std::string to_json(const ObjectMetricSource& source) {
  return object({member("describedObject", to_json(source.described_object)),
                 member("target", to_json(source.target)),
                 member("metric", to_json(source.metric))});
}

template <typename Source>
std::string source_member(std::string_view key, const std::optional<Source>& source) {
  return source ? member(key, to_json(*source)) : std::string();
}

}  // namespace

const MetricTarget* MetricSpec::target() const {
  const auto target_of = [](const auto& source) { return source ? &source->target : nullptr; };
  if (type == "Resource") return target_of(resource);
  if (type == "ContainerResource") return target_of(container_resource);
  if (type == "Pods") return target_of(pods);
  if (type == "Object") return target_of(object);
  return type == "External" ? target_of(external) : nullptr;
}

bool is_metric_source_type(std::string_view type) {
  return type == "Resource" || type == "ContainerResource" || type == "Pods" || type == "Object" ||
         type == "External";
}

std::string to_json(const MetricSpec& spec) {
  return object({text_member("type", spec.type), source_member("object", spec.object),
                 source_member("pods", spec.pods), source_member("resource", spec.resource),
                 source_member("containerResource", spec.container_resource),
                 source_member("external", spec.external)});
}

}  // namespace cpab
