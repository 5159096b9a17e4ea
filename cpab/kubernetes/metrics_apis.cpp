#include "cpab/kubernetes/metrics_apis.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "cpab/kubernetes/api_path.h"
#include "cpab/kubernetes/discovery.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

constexpr const char* custom_group = "custom.metrics.k8s.io";

/// `?key=value&...`, empty values left out.
std::string query_text(const std::vector<std::pair<const char*, std::string>>& parameters) {
  std::string query;
  for (const auto& [key, value] : parameters) {
    if (value.empty()) continue;
    query += (query.empty() ? "?" : "&") + std::string(key) + "=" + percent_encode(value);
  }
  return query;
}

/// The versions whose lists we can read.
bool is_known_version(const std::string& version) {
  return version == "v1beta1" || version == "v1beta2";
}

/// The preferred version when we know it, else the first one that we know (contract section 4.3).
std::optional<std::string> usable_version(const ApiGroup& group) {
  if (is_known_version(group.preferred_version)) return group.preferred_version;
  const auto found = std::find_if(group.versions.begin(), group.versions.end(), is_known_version);
  if (found == group.versions.end()) return std::nullopt;
  return *found;
}

/// Calls `call`, and says of which API an error is.
template <typename Call>
auto fetched_from(const char* api, Call call) {
  try {
    return call();
  } catch (const KubernetesError& error) {
    const std::string what = error.what();
    if (what.rfind("no metrics returned from ", 0) == 0) throw;
    throw KubernetesError(
        error.status, std::string("unable to fetch metrics from ") + api + " metrics API: " + what);
  }
}

/// How an object is named in the paths of the custom metrics API, and in messages.
struct ObjectPath {
  std::string path;  ///< percent-encoded
  std::string subject;
};

/// A namespace is described by itself; its name in the spec does not count, as in the reference,
/// so that nobody reads the metrics of another one.
ObjectPath path_of(const ObjectReference& object, Discovery& discovery, const Budget& budget) {
  const auto version = parse_api_version(object.api_version);
  const std::string group = version ? version->group : "";
  if (object.kind == "Namespace" && group.empty()) {
    return {"metrics", std::string("namespaces.") + custom_group};
  }
  std::string plural = discovery.resource_in_group(group, object.kind, budget).plural;
  if (!group.empty()) plural += "." + group;
  return {percent_encode(plural) + "/" + percent_encode(object.name),
          plural + "." + custom_group + " " + object.name};
}

}  // namespace

MetricsApis::MetricsApis(RestClient& rest, Discovery& discovery)
    : rest_(rest), discovery_(discovery) {}

template <typename Read>
auto MetricsApis::custom(const std::string& path, const std::string& subject, MetricsRun& run,
                         Read read) {
  const std::string base = std::string("/apis/") + custom_group + "/" + custom_version(run);
  try {
    return rest_.send({.path = base + path, .subject = subject}, run.budget, read);
  } catch (const RequestError& error) {
    // Nobody behind the path even speaks Kubernetes: the version may be gone.
    if (error.status == 404 && !error.has_status_object) forget_custom_version();
    throw;
  }
}

std::string MetricsApis::pod_usage(const std::string& namespace_name,
                                   const std::string& pod_selector, const Budget& budget) {
  const std::string path = "/apis/metrics.k8s.io/v1beta1/namespaces/" +
                           percent_encode(namespace_name) + "/pods" +
                           query_text({{"labelSelector", pod_selector}});
  return fetched_from("resource", [&] {
    return rest_.send({.path = path, .subject = "pods.metrics.k8s.io"}, budget,
                      [](std::string_view body) { return std::string(json_value(body)); });
  });
}

PodReadings MetricsApis::resource_metrics(std::string_view pod_usage, const std::string& resource,
                                          const std::string& container) {
  return fetched_from("resource",
                      [&] { return parse_resource_metrics(pod_usage, resource, container); });
}

PodReadings MetricsApis::pods_metrics(const std::string& namespace_name,
                                      const std::string& pod_selector, const std::string& metric,
                                      const std::string& metric_selector, MetricsRun& run) {
  const std::string path =
      "/namespaces/" + percent_encode(namespace_name) + "/pods/%2A/" + percent_encode(metric) +
      query_text({{"labelSelector", pod_selector}, {"metricLabelSelector", metric_selector}});
  return fetched_from("custom", [&] {
    return custom(path, std::string("pods.") + custom_group + " *", run, parse_pods_metrics);
  });
}

Reading MetricsApis::object_metric(const std::string& namespace_name, const ObjectReference& object,
                                   const std::string& metric, const std::string& metric_selector,
                                   MetricsRun& run) {
  return fetched_from("custom", [&] {
    custom_version(run);  // without it there is no use in looking up the kind
    const ObjectPath described = path_of(object, discovery_, run.budget);
    const std::string path = "/namespaces/" + percent_encode(namespace_name) + "/" +
                             described.path + "/" + percent_encode(metric) +
                             query_text({{"metricLabelSelector", metric_selector}});
    return custom(path, described.subject, run, parse_object_metric);
  });
}

Reading MetricsApis::external_metric(const std::string& namespace_name, const std::string& metric,
                                     const std::string& metric_selector, const Budget& budget) {
  const std::string path = "/apis/external.metrics.k8s.io/v1beta1/namespaces/" +
                           percent_encode(namespace_name) + "/" + percent_encode(metric) +
                           query_text({{"labelSelector", metric_selector}});
  return fetched_from("external", [&] {
    return rest_.send({.path = path, .subject = metric + ".external.metrics.k8s.io"}, budget,
                      parse_external_metric);
  });
}

const std::string& MetricsApis::custom_version(MetricsRun& run) {
  return run.custom_version.get([&] { return find_custom_version(run.budget); });
}

std::string MetricsApis::find_custom_version(const Budget& budget) {
  {
    const std::lock_guard lock(mutex_);
    if (custom_version_) return *custom_version_;
  }
  const auto group = discovery_.group(custom_group, budget);
  const auto version = group ? usable_version(*group) : std::nullopt;
  if (!version) {
    throw KubernetesError(404,
                          std::string("no custom metrics API (") + custom_group + ") registered");
  }
  const std::lock_guard lock(mutex_);
  custom_version_ = version;
  return *version;
}

void MetricsApis::forget_custom_version() {
  discovery_.forget_groups();
  const std::lock_guard lock(mutex_);
  custom_version_.reset();
}

}  // namespace cpab
