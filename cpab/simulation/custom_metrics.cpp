#include "cpab/simulation/custom_metrics.h"

#include <cmath>

#include "cpab/model/json_text.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/labels_json.h"

namespace cpab {
namespace {

const std::string load_metric = "load";

std::string in_thousandths(double value) {
  return std::to_string(std::llround(value * 1000)) + "m";
}

std::string measured_at(const ClusterState& state) {
  return json_quote(rfc3339_seconds(state.now() - state.serving().age));
}

ApiError no_such_metric(const MetricSubject& subject) {
  return {404, "NotFound",
          "the server could not find the metric " + subject.metric + " for " + subject.resource +
              (subject.object.empty() ? "" : " " + subject.object)};
}

/// `deployments.apps` as a type; null when there is none.
const ResourceType* type_of_resource(const ClusterState& state, const std::string& resource) {
  for (const auto* type : state.types().served()) {
    if (type->qualified_plural() == resource || type->plural == resource) return type;
  }
  return nullptr;
}

/// What a pod that shares a load shows without a value of its own.
std::vector<MetricSeries> pod_series(ClusterState& state, const ResourceType& type,
                                     const MetricSubject& subject, const ParsedSelector& metric) {
  const auto pod = state.objects().find(type, subject.namespace_name, subject.object);
  const auto share = pod ? state.pod_share(pod) : std::nullopt;
  if (!share) return {};
  MetricSubject every = subject;
  every.object = "*";
  auto series = state.metrics().find(every, metric);
  if (series.empty() && subject.metric == load_metric && metric.empty()) {
    series.push_back({{}, in_thousandths(*share)});
  }
  return series;
}

/// The series of one object, those that follow from its load when nobody has set any.
std::vector<MetricSeries> series_of(ClusterState& state, const MetricSubject& subject,
                                    const ParsedSelector& metric) {
  auto series = state.metrics().find(subject, metric);
  const auto* type = type_of_resource(state, subject.resource);
  if (!series.empty() || type == nullptr) return series;
  if (type->kind == "Pod") return pod_series(state, *type, subject, metric);
  if (subject.metric != load_metric || !metric.empty()) return series;
  if (const auto load = state.load(*type, subject.namespace_name, subject.object)) {
    series.push_back({{}, in_thousandths(load->total)});
  }
  return series;
}

std::string described_object(const ClusterState& state, const MetricSubject& subject) {
  const auto* type = type_of_resource(state, subject.resource);
  const std::string kind = type == nullptr ? subject.resource : type->kind;
  const std::string api_version =
      type == nullptr || type->group.empty() ? "/v1" : type->api_version();
  return R"({"kind":)" + json_quote(kind) + R"(,"namespace":)" +
         json_quote(subject.namespace_name) + R"(,"name":)" + json_quote(subject.object) +
         R"(,"apiVersion":)" + json_quote(api_version) + "}";
}

std::string value_item(const ClusterState& state, const std::string& version,
                       const MetricSubject& subject, const MetricSeries& series) {
  const std::string name = json_quote(subject.metric);
  const bool first_version = version == "v1beta1";
  return R"({"describedObject":)" + described_object(state, subject) +
         (first_version ? R"(,"metricName":)" + name
                        : R"(,"metric":{"name":)" + name + R"(,"selector":null})") +
         R"(,"timestamp":)" + measured_at(state) + R"(,"value":)" + json_quote(series.value) +
         (first_version ? R"(,"selector":null})" : "}");
}

std::string list_of(const std::string& kind, const std::string& api_version,
                    const std::string& items) {
  return R"({"kind":")" + kind + R"(","apiVersion":")" + api_version +
         R"(","metadata":{},"items":[)" + items + "]}\n";
}

void append(std::string& items, const std::string& item) {
  if (!items.empty()) items += ',';
  items += item;
}

std::vector<MetricSeries> external_series(ClusterState& state, const MetricSubject& subject,
                                          const ParsedSelector& metric) {
  auto series = state.metrics().find(subject, metric);
  if (!series.empty() || subject.metric != load_metric) return series;
  for (const Load& load : state.loads()) {
    const std::map<std::string, std::string> labels{{"kind", load.kind}, {"name", load.name}};
    if (load.namespace_name != subject.namespace_name || !metric.matches(labels)) continue;
    series.push_back({labels, in_thousandths(load.total)});
  }
  return series;
}

}  // namespace

std::string pods_metric_list(ClusterState& state, const std::string& version,
                             const MetricSubject& subject, const ParsedSelector& pods,
                             const ParsedSelector& metric) {
  std::string items;
  for (const auto& pod : state.objects().list(type_of_kind("Pod"), subject.namespace_name)) {
    if (!pods.matches(pod->labels()) || state.serving().unmeasured_pods.contains(pod->name())) {
      continue;
    }
    MetricSubject own = subject;
    own.object = pod->name();
    for (const MetricSeries& series : series_of(state, own, metric)) {
      append(items, value_item(state, version, own, series));
    }
  }
  if (items.empty()) throw no_such_metric(subject);
  return list_of("MetricValueList", "custom.metrics.k8s.io/" + version, items);
}

std::string object_metric_list(ClusterState& state, const std::string& version,
                               const MetricSubject& subject, const ParsedSelector& metric) {
  std::string items;
  for (const MetricSeries& series : series_of(state, subject, metric)) {
    append(items, value_item(state, version, subject, series));
  }
  if (items.empty()) throw no_such_metric(subject);
  return list_of("MetricValueList", "custom.metrics.k8s.io/" + version, items);
}

std::string external_metric_list(ClusterState& state, const MetricSubject& subject,
                                 const ParsedSelector& metric) {
  std::string items;
  for (const MetricSeries& series : external_series(state, subject, metric)) {
    append(items, R"({"metricName":)" + json_quote(subject.metric) + R"(,"metricLabels":)" +
                      labels_json(series.labels) + R"(,"timestamp":)" + measured_at(state) +
                      R"(,"value":)" + json_quote(series.value) + "}");
  }
  return list_of("ExternalMetricValueList", "external.metrics.k8s.io/v1beta1", items);
}

}  // namespace cpab
