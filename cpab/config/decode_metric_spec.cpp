#include "cpab/config/display.h"
#include "cpab/config/quantity_field.h"
#include "cpab/config/sections.h"
#include "cpab/config/yaml_scalar.h"
#include "cpab/model/quantity.h"

namespace cpab {
namespace {

/// What was written, as the text of a quantity. YAML numbers count by their value, JSON numbers as
/// they stand.
std::string quantity_text(const Node& node, Language language) {
  if (language == Language::json && node.kind != Node::Kind::string) return node.source;
  if (node.kind == Node::Kind::floating) return float_as_json(node.number);
  const auto first = node.text.find_first_not_of(" \t\n\r");
  if (first == std::string::npos) return {};
  return node.text.substr(first, node.text.find_last_not_of(" \t\n\r") + 1 - first);
}

Field quantity_field(Decoder& decoder, std::string name, std::optional<std::string>& target) {
  return {std::move(name), [&](const Node& node, const std::string& path) {
            decode_quantity(decoder, node, path, target);
          }};
}

}  // namespace

void decode_quantity(Decoder& decoder, const Node& node, const std::string& path,
                     std::optional<std::string>& target) {
  target.reset();
  if (node.kind == Node::Kind::null) return;
  target = canonical_quantity(quantity_text(node, decoder.language()));
  if (target) return;
  const std::string shown = node.source.empty() ? std::string(kind_name(node.kind)) : node.source;
  decoder.complain(node, path,
                   "quantities must match the regular expression "
                   "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$': " +
                       path + " is " + quoted_value(shown),
                   "write a quantity such as 500m, 2 or 64Mi");
}

// The parts of a metric spec. They are overloads of decode() so that Decoder::field finds them.

void decode(Decoder& decoder, const Node& node, const std::string& path,
            LabelRequirement& requirement) {
  decoder.object(node, path,
                 {decoder.field("key", requirement.key), decoder.field("operator", requirement.op),
                  decoder.field("values", requirement.values)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path, LabelSelector& selector) {
  if (node.kind == Node::Kind::string) {
    decoder.mismatch(node, path, "object",
                     "write a label selector with matchLabels or matchExpressions, such as "
                     "{matchLabels: {queue: work}}");
    return;
  }
  std::map<std::string, std::string> labels(selector.match_labels.begin(),
                                            selector.match_labels.end());
  decoder.object(node, path,
                 {decoder.field("matchLabels", labels),
                  decoder.field("matchExpressions", selector.match_expressions)});
  selector.match_labels.assign(labels.begin(), labels.end());
}

void decode(Decoder& decoder, const Node& node, const std::string& path, MetricIdentifier& metric) {
  decoder.object(node, path,
                 {decoder.field("name", metric.name), decoder.field("selector", metric.selector)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path, MetricTarget& target) {
  decoder.object(
      node, path,
      {decoder.field("type", target.type), quantity_field(decoder, "value", target.value),
       quantity_field(decoder, "averageValue", target.average_value),
       decoder.field("averageUtilization", target.average_utilization)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path,
            ObjectReference& reference) {
  decoder.object(node, path,
                 {decoder.field("kind", reference.kind), decoder.field("name", reference.name),
                  decoder.field("apiVersion", reference.api_version)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path,
            ResourceMetricSource& source) {
  decoder.object(node, path,
                 {decoder.field("name", source.name), decoder.field("target", source.target)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path,
            ContainerResourceMetricSource& source) {
  decoder.object(node, path,
                 {decoder.field("name", source.name), decoder.field("container", source.container),
                  decoder.field("target", source.target)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path, PodsMetricSource& source) {
  decoder.object(node, path,
                 {decoder.field("metric", source.metric), decoder.field("target", source.target)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path,
            ObjectMetricSource& source) {
  decoder.object(node, path,
                 {decoder.field("describedObject", source.described_object),
                  decoder.field("target", source.target), decoder.field("metric", source.metric)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path,
            ExternalMetricSource& source) {
  decoder.object(node, path,
                 {decoder.field("metric", source.metric), decoder.field("target", source.target)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path, MetricSpec& spec) {
  decoder.object(node, path,
                 {decoder.field("type", spec.type), decoder.field("resource", spec.resource),
                  decoder.field("pods", spec.pods), decoder.field("object", spec.object),
                  decoder.field("external", spec.external),
                  decoder.field("containerResource", spec.container_resource)});
}

}  // namespace cpab
