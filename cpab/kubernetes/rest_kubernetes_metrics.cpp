#include "cpab/kubernetes/rest_kubernetes_metrics.h"

#include <exception>
#include <utility>

#include "cpab/decision/pod_groups.h"
#include "cpab/kubernetes/label_selector.h"
#include "cpab/kubernetes/metric_json.h"
#include "cpab/kubernetes/pod_facts.h"
#include "cpab/model/json_text.h"
#include "cpab/model/saturating_sum.h"

namespace cpab {
namespace {

/// Why a spec could not be gathered, in the words of the reference.
struct MetricError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Calls `call` and puts `context` in front of its errors.
template <typename Call>
auto in_context(const std::string& context, Call call) {
  try {
    return call();
  } catch (const std::runtime_error& error) {
    throw MetricError(context + ": " + error.what());
  }
}

/// What one run is about.
struct Run {
  const Scale& scale;
  const std::string& namespace_name;
  const Budget& budget;
  StartupRules rules;
};

/// The pods of a run: listed when first asked for, and once only, also when that fails.
class RunPods {
 public:
  RunPods(Cluster& cluster, const Run& run) : cluster_(cluster), run_(run) {}

  const std::vector<PodFacts>& list() {
    if (failure_) std::rethrow_exception(failure_);
    if (!pods_) {
      try {
        pods_ = read();
      } catch (...) {
        failure_ = std::current_exception();
        throw;
      }
    }
    return *pods_;
  }

  /// Throws unless the scale says which pods are its own.
  void require_selector() const {
    if (!run_.scale.selector.empty()) return;
    throw MetricError(
        "the scale's status.selector is empty, which would mean every pod of "
        "namespace " +
        run_.namespace_name + "; give the target a selector");
  }

 private:
  std::vector<PodFacts> read() const {
    std::vector<PodFacts> pods;
    for (const Resource& pod :
         cluster_.pods(run_.namespace_name, run_.scale.selector, run_.budget)) {
      pods.push_back(in_context("pod " + pod.name, [&] { return parse_pod(pod.json); }));
    }
    return pods;
  }

  Cluster& cluster_;
  const Run& run_;
  std::optional<std::vector<PodFacts>> pods_;
  std::exception_ptr failure_;
};

/// The request of every pod; one container without it fails the metric (contract section 4.1).
PodRequests requests_of(const std::vector<PodFacts>& pods, const std::string& resource) {
  PodRequests requests;
  for (const PodFacts& pod : pods) {
    std::int64_t sum = 0;
    for (const PodContainer& container : pod.containers) {
      const auto request = container.requests.find(resource);
      if (request == container.requests.end()) {
        throw MetricError("missing request for " + resource + " (container " + container.name +
                          " of pod " + pod.name + ")");
      }
      sum = saturating_sum(sum, request->second);
    }
    requests[pod.name] = sum;
  }
  return requests;
}

/// Gathers the specs of one run.
class Gatherer {
 public:
  Gatherer(MetricsApis& apis, Cluster& cluster, const Run& run)
      : apis_(apis), pods_(cluster, run), run_(run) {}

  /// The element of `kubernetesMetrics` for `spec`. Throws MetricError and KubernetesError.
  std::string element(const MetricSpec& spec) {
    const auto [key, value] = key_and_value(spec);
    return metric_element_json(run_.scale.replicas(), to_json(spec), key, value);
  }

 private:
  std::pair<std::string, std::string> key_and_value(const MetricSpec& spec) {
    if (spec.type == "Resource" && spec.resource) return {"resource", resource(*spec.resource)};
    if (spec.type == "Pods" && spec.pods) return {"pods", pods(*spec.pods)};
    if (spec.type == "Object" && spec.object) return {"object", object(*spec.object)};
    if (spec.type == "External" && spec.external) return {"external", external(*spec.external)};
    for (const char* known : {"Resource", "Pods", "Object", "External"}) {
      if (spec.type == known) {
        throw MetricError("the metric spec of type " + spec.type + " has no source");
      }
    }
    throw MetricError("unknown metric source type " + json_quote(spec.type));
  }

  std::string resource(const ResourceMetricSource& source) {
    const bool utilization = source.target.type == "Utilization";
    if (!utilization && source.target.type != "AverageValue") {
      throw MetricError(
          "invalid resource metric source: must be either average value or average utilization");
    }
    return in_context("failed to get resource metric", [&] {
      pods_.require_selector();
      return resource_value(source.name, utilization);
    });
  }

  std::string resource_value(const std::string& name, bool with_requests) {
    PodReadings readings = in_context("unable to get metrics for resource " + name, [&] {
      return apis_.resource_metrics(run_.namespace_name, run_.scale.selector, name, run_.budget);
    });
    const std::vector<PodFacts>& pods = listed_pods();
    if (pods.empty()) {
      throw MetricError("no pods returned by selector while calculating replica count");
    }
    PodGroups groups = classify_pods(pods, readings.pods, name, run_.rules);
    for (const std::string& pod : groups.unready) readings.pods.erase(pod);
    std::optional<PodRequests> requests;
    if (with_requests) requests = requests_of(pods, name);
    return resource_metric_json({std::move(readings.pods), groups.ready, std::move(groups.unready),
                                 std::move(groups.missing), pods.size(), readings.timestamp},
                                requests);
  }

  std::string pods(const PodsMetricSource& source) {
    if (source.target.type != "AverageValue") {
      throw MetricError("invalid pods metric source: must be average value");
    }
    return in_context("failed to get pods metric", [&] {
      pods_.require_selector();
      return pods_value(source.metric);
    });
  }

  std::string pods_value(const MetricIdentifier& metric) {
    const std::string metric_selector = selector_text(metric.selector);
    PodReadings readings = in_context("unable to get metric " + metric.name, [&] {
      return apis_.pods_metrics(run_.namespace_name, run_.scale.selector, metric.name,
                                metric_selector, run_.budget);
    });
    const std::vector<PodFacts>& pods = listed_pods();
    PodsSummary summary;
    summary.timestamp = readings.timestamp;
    if (!pods.empty()) {
      PodGroups groups = classify_pods(pods, readings.pods, "", run_.rules);
      summary.metrics = std::move(readings.pods);
      summary.ready_pod_count = groups.ready;
      summary.missing_pods = std::move(groups.missing);
      summary.total_pods = pods.size();
    }
    return pods_metric_json(summary);
  }

  std::string object(const ObjectMetricSource& source) {
    require_value_target(source.target, "object");
    const ObjectReference& described = source.described_object;
    return in_context("failed to get object metric", [&] {
      require_selector_for_value(source.target);
      const std::string metric_selector = selector_text(source.metric.selector);
      const Reading reading =
          in_context("unable to get metric " + source.metric.name + ": " + described.kind + " on " +
                         run_.namespace_name + " " + described.name,
                     [&] {
                       return apis_.object_metric(run_.namespace_name, described,
                                                  source.metric.name, metric_selector, run_.budget);
                     });
      return reading_json(source.target, reading);
    });
  }

  std::string external(const ExternalMetricSource& source) {
    require_value_target(source.target, "external");
    return in_context("failed to get external metric", [&] {
      require_selector_for_value(source.target);
      const std::string metric_selector = selector_text(source.metric.selector);
      const Reading reading = in_context(
          "unable to get external metric " + run_.namespace_name + "/" + source.metric.name + "/" +
              (source.metric.selector ? metric_selector : "nil"),
          [&] {
            return apis_.external_metric(run_.namespace_name, source.metric.name, metric_selector,
                                         run_.budget);
          });
      return reading_json(source.target, reading);
    });
  }

  static void require_value_target(const MetricTarget& target, const std::string& source) {
    if (target.type == "Value" || target.type == "AverageValue") return;
    throw MetricError("invalid " + source +
                      " metric source: must be either value or average value");
  }

  void require_selector_for_value(const MetricTarget& target) const {
    if (target.type != "Value") return;
    in_context("unable to calculate ready pods", [&] { pods_.require_selector(); });
  }

  std::string reading_json(const MetricTarget& target, const Reading& reading) {
    if (target.type == "AverageValue") return average_value_json(reading);
    return in_context("unable to calculate ready pods",
                      [&] { return value_json(reading, ready_pod_count(pods_.list())); });
  }

  const std::vector<PodFacts>& listed_pods() {
    return *in_context("unable to get pods while calculating replica count",
                       [&] { return &pods_.list(); });
  }

  MetricsApis& apis_;
  RunPods pods_;
  const Run& run_;
};

}  // namespace

RestKubernetesMetrics::RestKubernetesMetrics(RestClient& rest, Discovery& discovery,
                                             Cluster& cluster, const StartupPeriods& periods)
    : apis_(rest, discovery), cluster_(cluster), periods_(periods) {}

KubernetesMetricsResult RestKubernetesMetrics::gather(const std::vector<MetricSpec>& specs,
                                                      const Scale& scale,
                                                      const std::string& namespace_name,
                                                      WallTime now, const Budget& budget) {
  const Run run{scale,
                namespace_name,
                budget,
                {instant_of(now), periods_.cpu_initialization, periods_.initial_readiness_delay}};
  Gatherer gatherer(apis_, cluster_, run);
  KubernetesMetricsResult result;
  for (const MetricSpec& spec : specs) {
    try {
      result.metrics.push_back(gatherer.element(spec));
    } catch (const std::runtime_error& error) {
      result.errors.emplace_back(error.what());
    }
  }
  return result;
}

}  // namespace cpab
