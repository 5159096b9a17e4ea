#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "cpab/kubernetes/metric_lists.h"
#include "cpab/kubernetes/once.h"
#include "cpab/model/budget.h"
#include "cpab/model/metric_spec.h"

namespace cpab {

class Discovery;
class RestClient;

/// What the reads of one run share.
struct MetricsRun {
  Budget budget;
  Once<std::string> custom_version = {};  ///< of the custom metrics API
};

/// The requests of contract section 4.3. Selectors are in their text form; an empty one is left
/// out of the request. All functions throw KubernetesError: what the API server refused begins with
/// `unable to fetch metrics from {resource|custom|external} metrics API: `. Safe to call from
/// several threads at once.
class MetricsApis {
 public:
  /// The references outlive it.
  MetricsApis(RestClient& rest, Discovery& discovery);

  /// What pods use of all resources: a PodMetricsList, as it came.
  std::string pod_usage(const std::string& namespace_name, const std::string& pod_selector,
                        const Budget& budget);

  /// What it says of one resource: of whole pods, or with a `container` of that one in each.
  static PodReadings resource_metrics(std::string_view pod_usage, const std::string& resource,
                                      const std::string& container);

  PodReadings pods_metrics(const std::string& namespace_name, const std::string& pod_selector,
                           const std::string& metric, const std::string& metric_selector,
                           MetricsRun& run);

  Reading object_metric(const std::string& namespace_name, const ObjectReference& object,
                        const std::string& metric, const std::string& metric_selector,
                        MetricsRun& run);

  Reading external_metric(const std::string& namespace_name, const std::string& metric,
                          const std::string& metric_selector, const Budget& budget);

 private:
  template <typename Read>
  auto custom(const std::string& path, const std::string& subject, MetricsRun& run, Read read);
  const std::string& custom_version(MetricsRun& run);
  std::string find_custom_version(const Budget& budget);
  void forget_custom_version();

  RestClient& rest_;
  Discovery& discovery_;
  std::mutex mutex_;
  std::optional<std::string> custom_version_;  ///< guarded by mutex_
};

}  // namespace cpab
