#include "cpab/kubernetes/metric_json.h"

#include "cpab/model/json_text.h"

namespace cpab {
namespace {

/// `{"key":text,...}` for whatever `text` makes of each item.
template <typename Items, typename Text>
std::string object_json(const Items& items, Text text) {
  std::string out = "{";
  for (const auto& item : items) {
    if (out.size() > 1) out += ',';
    out += text(item);
  }
  return out + "}";
}

std::string timestamp_json(Instant timestamp) { return json_quote(to_string(timestamp)); }

std::string metrics_json(const std::optional<PodMetrics>& metrics) {
  if (!metrics) return "null";
  return object_json(*metrics, [](const auto& item) {
    const PodMetric& metric = item.second;
    return json_quote(item.first) + ":{\"Timestamp\":" + timestamp_json(metric.timestamp) +
           ",\"Window\":" + std::to_string(metric.window.count()) +
           ",\"Value\":" + std::to_string(metric.value) + "}";
  });
}

std::string requests_json(const std::optional<PodRequests>& requests) {
  if (!requests) return "null";
  return object_json(*requests, [](const auto& item) {
    return json_quote(item.first) + ":" + std::to_string(item.second);
  });
}

std::string set_json(const std::optional<std::set<std::string>>& names) {
  if (!names) return "null";
  return object_json(*names, [](const std::string& name) { return json_quote(name) + ":{}"; });
}

std::string pods_json(const PodsSummary& summary, const std::string& requests_member) {
  return "{\"pod_metrics_info\":" + metrics_json(summary.metrics) + requests_member +
         ",\"ready_pod_count\":" + std::to_string(summary.ready_pod_count) +
         ",\"ignored_pods\":" + set_json(summary.ignored_pods) +
         ",\"missing_pods\":" + set_json(summary.missing_pods) +
         ",\"total_pods\":" + std::to_string(summary.total_pods) +
         ",\"timestamp\":" + timestamp_json(summary.timestamp) + "}";
}

std::string formula_members(const FormulaInput& formula) {
  std::string out = ",\"status_replicas\":" + std::to_string(formula.status_replicas);
  if (formula.unready_pods) out += ",\"unready_pods\":" + set_json(formula.unready_pods);
  if (formula.ended_pods) out += ",\"ended_pods\":" + set_json(formula.ended_pods);
  if (formula.pod_requests) out += ",\"pod_requests\":" + requests_json(formula.pod_requests);
  if (formula.total_pods) out += ",\"total_pods\":" + std::to_string(*formula.total_pods);
  if (formula.oldest_timestamp) {
    out += ",\"oldest_timestamp\":" + timestamp_json(*formula.oldest_timestamp);
  }
  return out;
}

/// `members` begin with a comma.
std::string element_json(std::int32_t current_replicas, std::string_view spec,
                         std::string_view members) {
  std::string out;
  out.reserve(spec.size() + members.size() + 64);
  out += "{\"current_replicas\":" + std::to_string(current_replicas) + ",\"spec\":";
  out += spec;
  out += members;
  out += '}';
  return out;
}

}  // namespace

std::string resource_metric_json(const PodsSummary& summary,
                                 const std::optional<PodRequests>& requests) {
  return pods_json(summary, ",\"requests\":" + requests_json(requests));
}

std::string pods_metric_json(const PodsSummary& summary) { return pods_json(summary, ""); }

std::string value_json(const Reading& reading, std::optional<std::int64_t> ready_pod_count) {
  const std::string ready =
      ready_pod_count ? ",\"ready_pod_count\":" + std::to_string(*ready_pod_count) : "";
  return "{\"current\":{\"value\":" + std::to_string(reading.value) + "}" + ready +
         ",\"timestamp\":" + timestamp_json(reading.timestamp) + "}";
}

std::string average_value_json(const Reading& reading) {
  return "{\"current\":{\"average_value\":" + std::to_string(reading.value) +
         "},\"timestamp\":" + timestamp_json(reading.timestamp) + "}";
}

std::string metric_element_json(std::int32_t current_replicas, std::string_view spec,
                                const MetricPart& part) {
  return element_json(current_replicas, spec, "," + json_quote(part.key) + ":" + part.value);
}

std::string complete_element_json(std::int32_t current_replicas, std::string_view spec,
                                  const MetricPart& part) {
  return element_json(
      current_replicas, spec,
      "," + json_quote(part.key) + ":" + part.value + formula_members(part.formula));
}

std::string failed_element_json(std::int32_t current_replicas, std::string_view spec,
                                std::string_view error, std::string_view reason) {
  return element_json(current_replicas, spec,
                      ",\"error\":" + json_quote(error) + ",\"reason\":" + json_quote(reason));
}

}  // namespace cpab
