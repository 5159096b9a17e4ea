#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "cpab/model/time.h"
#include "cpab/simulation/selectors.h"

namespace cpab {

/// What a metric is about. Of an external metric only the namespace and the name are given. The pod
/// called `*` stands for every ready one that shares a load and has no value of its own.
struct MetricSubject {
  std::string namespace_name;
  std::string resource;  ///< its qualified plural: `pods`, `deployments.apps`; empty: external
  std::string object;
  std::string metric;

  friend auto operator<=>(const MetricSubject&, const MetricSubject&) = default;
};

/// One value with the labels that tell it from others of its name.
struct MetricSeries {
  std::map<std::string, std::string> labels;
  std::string value;  ///< a quantity: `1500m`

  friend bool operator==(const MetricSeries&, const MetricSeries&) = default;
};

/// What metrics.k8s.io shows of a container.
struct ContainerUsage {
  std::string cpu;     ///< a quantity
  std::string memory;  ///< a quantity

  friend bool operator==(const ContainerUsage&, const ContainerUsage&) = default;
};

/// How the metrics APIs behave.
struct MetricsServing {
  bool resource = true;                                            ///< metrics.k8s.io is there
  std::vector<std::string> custom_versions{"v1beta2", "v1beta1"};  ///< none: it is not there
  bool external = true;                                            ///< external.metrics.k8s.io
  Duration age{0};                                                 ///< of every value
  std::set<std::string> unmeasured_pods;                           ///< these have no samples
};

/// The metrics that somebody has set, in place of those that follow from the load.
class MetricValues {
 public:
  /// Replaces the series with the same labels.
  void set(const MetricSubject& subject, MetricSeries series);
  void erase(const MetricSubject& subject);
  /// Only the series with these labels.
  void erase(const MetricSubject& subject, const std::map<std::string, std::string>& labels);

  /// Those that `selector` matches.
  std::vector<MetricSeries> find(const MetricSubject& subject,
                                 const ParsedSelector& selector) const;

  void set_usage(const std::string& namespace_name, const std::string& pod,
                 const std::string& container, ContainerUsage usage);
  const ContainerUsage* usage(const std::string& namespace_name, const std::string& pod,
                              const std::string& container) const;

 private:
  std::map<MetricSubject, std::vector<MetricSeries>> series_;
  std::map<std::tuple<std::string, std::string, std::string>, ContainerUsage> usages_;
};

}  // namespace cpab
