#include "cpab/kubernetes/rest_kubernetes_metrics.h"

#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>

#include "cpab/decision/pod_groups.h"
#include "cpab/decision/pod_requests.h"
#include "cpab/decision/replica_calculator.h"
#include "cpab/io/side_by_side.h"
#include "cpab/kubernetes/label_selector.h"
#include "cpab/kubernetes/metric_json.h"
#include "cpab/kubernetes/once.h"
#include "cpab/model/json_text.h"
#include "cpab/model/memory_account.h"
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
  const MetricsRequest& request;
  const Budget& budget;
  StartupRules startup;

  const std::string& namespace_name() const { return request.pods.namespace_name(); }
  const std::string& selector() const { return request.pods.selector(); }
  bool complete() const { return request.detail == MetricDetail::complete; }
};

/// The request of every pod; one container without it fails the metric (contract section 4.1).
PodRequests sum_of_containers(const std::vector<PodFacts>& pods, const std::string& resource) {
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

/// What became of one spec.
struct Gathered {
  std::string element;  ///< of `kubernetesMetrics`; empty: there is none
  std::string error;    ///< empty: none
};

/// A failing API is asked once more, and then not before the next cycle: it may be overloaded, and
/// what it has to say is of use only as long as it is new.
Budget with_one_retry(Budget budget) {
  budget.max_retries = 1;
  return budget;
}

/// Gathers the specs of one run. Safe to call from several threads at once.
class Gatherer {
 public:
  Gatherer(MetricsApis& apis, const Run& run)
      : apis_(apis), run_(run), metrics_{with_one_retry(run.budget)} {}

  Gathered gather(const MetricSpec& spec) {
    try {
      return {element(spec), {}};
    } catch (const std::runtime_error& error) {
      return {run_.complete() ? failed_element(spec, error.what()) : "", error.what()};
    }
  }

 private:
  /// The element of `kubernetesMetrics` for `spec`. Throws std::runtime_error: MetricError,
  /// KubernetesError and PodRequestError.
  std::string element(const MetricSpec& spec) {
    MetricPart read = part(spec);
    const std::int32_t replicas = run_.request.scale.replicas();
    if (!run_.complete()) return metric_element_json(replicas, to_json(spec), read);
    read.formula.status_replicas = run_.request.scale.status_replicas;
    return complete_element_json(replicas, to_json(spec), read);
  }

  std::string failed_element(const MetricSpec& spec, const std::string& error) const {
    return failed_element_json(run_.request.scale.replicas(), to_json(spec), error,
                               failure_reason(spec.type));
  }

  MetricPart part(const MetricSpec& spec) {
    if (spec.type == "Resource" && spec.resource) return resource(*spec.resource);
    if (spec.type == "ContainerResource" && spec.container_resource) {
      return container_resource(*spec.container_resource);
    }
    if (spec.type == "Pods" && spec.pods) return pods(*spec.pods);
    if (spec.type == "Object" && spec.object) return object(spec, *spec.object);
    if (spec.type == "External" && spec.external) return external(spec, *spec.external);
    if (is_metric_source_type(spec.type)) {
      throw MetricError("the metric spec of type " + spec.type + " has no source");
    }
    throw MetricError("unknown metric source type " + json_quote(spec.type));
  }

  MetricPart resource(const ResourceMetricSource& source) {
    require_pod_target(source.target, "resource");
    return in_context("failed to get resource metric", [&] {
      require_selector();
      return usage("resource", {source.name}, source.target);
    });
  }

  MetricPart container_resource(const ContainerResourceMetricSource& source) {
    require_pod_target(source.target, "container resource");
    return in_context("failed to get container resource metric", [&] {
      require_selector();
      return usage("container_resource", {source.name, source.container}, source.target);
    });
  }

  static void require_pod_target(const MetricTarget& target, const std::string& source) {
    if (target.type == "Utilization" || target.type == "AverageValue") return;
    throw MetricError("invalid " + source +
                      " metric source: must be either average value or average utilization");
  }

  /// The same for all resources and containers.
  const std::string& pod_usage() {
    return pod_usage_.get([&] {
      std::string usage = apis_.pod_usage(run_.namespace_name(), run_.selector(), metrics_.budget);
      pod_usage_memory_.grow(usage.size());
      return usage;
    });
  }

  /// What pods, or one container of each, use of a resource.
  MetricPart usage(const char* key, const RequestOf& of, const MetricTarget& target) {
    PodReadings readings = in_context("unable to get metrics for resource " + of.resource, [&] {
      return MetricsApis::resource_metrics(pod_usage(), of.resource, of.container);
    });
    const std::vector<PodFacts>& pods = listed_pods();
    if (pods.empty()) {
      throw MetricError("no pods returned by selector while calculating replica count");
    }
    PodGroups groups = classify_pods(pods, readings.pods, of.resource, run_.startup);
    for (const std::string& pod : groups.unready) readings.pods.erase(pod);
    MetricPart part{key, {}, {}};
    std::optional<PodRequests> requests;
    if (target.type == "Utilization") requests = requests_for(of, pods, part.formula);
    part.value =
        resource_metric_json({std::move(readings.pods), groups.ready, std::move(groups.unready),
                              std::move(groups.missing), pods.size(), readings.timestamp},
                             requests);
    part.formula.ended_pods = std::move(groups.ignored);
    return part;
  }

  /// What pods request: by the rule of the reference, which knows neither sidecars nor requests of
  /// whole pods, and for the formula by that of the HPA.
  std::optional<PodRequests> requests_for(const RequestOf& of, const std::vector<PodFacts>& pods,
                                          FormulaInput& formula) const {
    if (!of.container.empty()) return pod_requests(pods, of, run_.request.parity);
    if (!run_.complete()) return sum_of_containers(pods, of.resource);
    formula.pod_requests = pod_requests(pods, of, run_.request.parity);
    std::optional<PodRequests> requests;
    try {
      requests = sum_of_containers(pods, of.resource);
    } catch (const MetricError&) {
      return std::nullopt;  // the reference would fail where the HPA does not
    }
    if (requests == formula.pod_requests) formula.pod_requests.reset();
    return requests;
  }

  MetricPart pods(const PodsMetricSource& source) {
    if (source.target.type != "AverageValue") {
      throw MetricError("invalid pods metric source: must be average value");
    }
    return in_context("failed to get pods metric", [&] {
      require_selector();
      return pods_part(source.metric);
    });
  }

  MetricPart pods_part(const MetricIdentifier& metric) {
    const std::string metric_selector = selector_text(metric.selector);
    PodReadings readings = in_context("unable to get metric " + metric.name, [&] {
      return apis_.pods_metrics(run_.namespace_name(), run_.selector(), metric.name,
                                metric_selector, metrics_);
    });
    const std::vector<PodFacts>& pods = listed_pods();
    PodsSummary summary;
    summary.timestamp = readings.timestamp;
    MetricPart part{"pods", {}, {}};
    if (!pods.empty()) {
      PodGroups groups = classify_pods(pods, readings.pods, "", run_.startup);
      summary.metrics = std::move(readings.pods);
      summary.ready_pod_count = groups.ready;
      summary.missing_pods = std::move(groups.missing);
      summary.total_pods = pods.size();
      part.formula.unready_pods = std::move(groups.unready);
      part.formula.ended_pods = std::move(groups.ignored);
    }
    part.value = pods_metric_json(summary);
    return part;
  }

  MetricPart object(const MetricSpec& spec, const ObjectMetricSource& source) {
    require_value_target(source.target, "object");
    const ObjectReference& described = source.described_object;
    return in_context("failed to get object metric", [&] {
      require_selector_for_value(source.target);
      const std::string metric_selector = selector_text(source.metric.selector);
      const Reading reading =
          in_context("unable to get metric " + source.metric.name + ": " + described.kind + " on " +
                         run_.namespace_name() + " " + described.name,
                     [&] {
                       return apis_.object_metric(run_.namespace_name(), described,
                                                  source.metric.name, metric_selector, metrics_);
                     });
      return reading_part("object", spec, source.target, reading);
    });
  }

  MetricPart external(const MetricSpec& spec, const ExternalMetricSource& source) {
    require_value_target(source.target, "external");
    return in_context("failed to get external metric", [&] {
      require_selector_for_value(source.target);
      const std::string metric_selector = selector_text(source.metric.selector);
      const Reading reading = in_context(
          "unable to get external metric " + run_.namespace_name() + "/" + source.metric.name +
              "/" + (source.metric.selector ? metric_selector : "nil"),
          [&] {
            return apis_.external_metric(run_.namespace_name(), source.metric.name, metric_selector,
                                         metrics_.budget);
          });
      return reading_part("external", spec, source.target, reading);
    });
  }

  static void require_value_target(const MetricTarget& target, const std::string& source) {
    if (target.type == "Value" || target.type == "AverageValue") return;
    throw MetricError("invalid " + source +
                      " metric source: must be either value or average value");
  }

  /// Throws unless the scale says which pods are its own.
  void require_selector() const {
    if (!run_.selector().empty()) return;
    throw MetricError(
        "the scale's status.selector is empty, which would mean every pod of namespace " +
        run_.namespace_name() + "; give the target a selector");
  }

  void require_selector_for_value(const MetricTarget& target) const {
    if (target.type != "Value") return;
    in_context("unable to calculate ready pods", [&] { require_selector(); });
  }

  MetricPart reading_part(const char* key, const MetricSpec& spec, const MetricTarget& target,
                          const Reading& reading) {
    MetricPart part{key, {}, {}};
    if (reading.oldest != reading.timestamp) part.formula.oldest_timestamp = reading.oldest;
    if (target.type == "AverageValue") {
      part.value = average_value_json(reading);
      return part;
    }
    if (is_enough_for_formula(spec, reading)) {
      part.value = value_json(reading, std::nullopt);
      return part;
    }
    const std::vector<PodFacts>& pods = *in_context(
        "unable to calculate ready pods", [&] { return &run_.request.pods.facts(run_.budget); });
    part.value = value_json(reading, ready_pod_count(pods));
    part.formula.total_pods = pods.size();
    part.formula.ended_pods = ended_pods(pods, run_.request.parity);
    return part;
  }

  /// Whether only the formula is told, and it has an answer without knowing of any pod.
  bool is_enough_for_formula(const MetricSpec& spec, const Reading& reading) const {
    const auto& tolerance = run_.request.formula_tolerance;
    if (!tolerance) return false;
    const Scale& scale = run_.request.scale;
    const ProposalRules rules({scale.replicas(), scale.status_replicas}, *tolerance,
                              run_.request.parity);
    return std::holds_alternative<Proposal>(
        propose_replicas(spec, MeasuredValue{.value = reading.value}, rules));
  }

  const std::vector<PodFacts>& listed_pods() {
    return *in_context("unable to get pods while calculating replica count",
                       [&] { return &run_.request.pods.facts(run_.budget); });
  }

  MetricsApis& apis_;
  const Run& run_;
  MetricsRun metrics_;
  Once<std::string> pod_usage_;
  MemoryShare pod_usage_memory_{run_.budget.memory, "what pods use"};
};

}  // namespace

RestKubernetesMetrics::RestKubernetesMetrics(RestClient& rest, Discovery& discovery,
                                             const StartupPeriods& periods, std::size_t concurrency)
    : apis_(rest, discovery), periods_(periods), concurrency_(concurrency) {}

KubernetesMetricsResult RestKubernetesMetrics::gather(const MetricsRequest& request,
                                                      const Budget& budget) {
  const Run run{request,
                budget,
                {instant_of(request.now), periods_.cpu_initialization,
                 periods_.initial_readiness_delay, request.parity}};
  Gatherer gatherer(apis_, run);
  std::vector<Gathered> gathered(request.specs.size());
  side_by_side(request.specs.size(), concurrency_,
               [&](std::size_t i) { gathered[i] = gatherer.gather(request.specs[i]); });
  KubernetesMetricsResult result;
  for (Gathered& metric : gathered) {
    if (!metric.element.empty()) result.metrics.push_back(std::move(metric.element));
    if (!metric.error.empty()) result.errors.push_back(std::move(metric.error));
  }
  return result;
}

}  // namespace cpab
