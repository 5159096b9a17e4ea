#include "cpab/pipeline/gatherer.h"

#include "cpab/io/logging.h"
#include "cpab/io/side_by_side.h"
#include "cpab/pipeline/stage_input.h"

namespace cpab {
namespace {

std::string summary(const std::vector<std::string>& errors) {
  return "gatherer multi metric error: " + std::to_string(errors.size()) +
         " errors, first error is " + errors.front();
}

std::string failure_text(const std::vector<std::string>& errors, std::size_t specs) {
  const std::string share = errors.size() == specs ? "all"
                                                   : "some (" + std::to_string(errors.size()) +
                                                         "/" + std::to_string(specs) + ")";
  return "failed to get " + share + " required Kubernetes metrics: " + summary(errors);
}

}  // namespace

Gatherer::Gatherer(GathererSettings settings, Cluster& cluster,
                   KubernetesMetrics& kubernetes_metrics, const StageMethods& methods)
    : settings_(std::move(settings)),
      cluster_(cluster),
      kubernetes_metrics_(kubernetes_metrics),
      methods_(methods) {}

CountedMetrics Gatherer::gather(const Resource& target, const Scale& scale,
                                StageRunner& stages) const {
  const bool per_pod = settings_.run_mode == RunMode::per_pod;
  RunPods pods(cluster_, settings_.target.namespace_name, scale.selector,
               per_pod ? RunPods::Keep::objects : RunPods::Keep::facts);
  MemoryShare extra_memory = stages.share("Kubernetes metrics");
  const std::vector<std::string> extra = kubernetes_metrics(scale, pods, stages, extra_memory);
  const std::span<const Resource> resources = measured(target, pods, stages);
  stages.hook(
      Stage::pre_metric, methods_.pre_metric.get(),
      [&] { return metric_input(target, stages.run_type(), extra); },
      input_size(target, {}, extra));
  CountedMetrics gathered = measure(resources, extra, stages);
  stages.hook(
      Stage::post_metric, methods_.post_metric.get(),
      [&] { return post_metric_input(target, stages.run_type(), gathered.metrics, extra); },
      input_size(target, gathered.metrics, extra));
  return gathered;
}

std::vector<std::string> Gatherer::kubernetes_metrics(const Scale& scale, RunPods& pods,
                                                      StageRunner& stages,
                                                      MemoryShare& memory) const {
  if (!settings_.kubernetes_metric_specs || settings_.kubernetes_metric_specs->empty()) return {};
  const std::vector<MetricSpec>& specs = *settings_.kubernetes_metric_specs;
  return stages.run(Stage::kubernetes_metrics, [&]() -> std::vector<std::string> {
    KubernetesMetricsResult result = kubernetes_metrics_.gather(
        {specs, scale, pods, stages.clock().wall_now(), settings_.metric_detail, settings_.parity,
         settings_.formula_tolerance},
        stages.metrics_budget());
    for (std::size_t i = 0; i < result.errors.size(); ++i) {
      log_error("Error when retrieving K8s metrics (" + std::to_string(i + 1) + "/" +
                std::to_string(result.errors.size()) + "): " + result.errors[i]);
    }
    for (const std::string& metric : result.metrics) memory.grow(metric.size());
    if (result.errors.empty()) return std::move(result.metrics);
    if (settings_.require_kubernetes_metrics) {
      throw StageError(Stage::kubernetes_metrics, "kubernetes",
                       failure_text(result.errors, specs.size()));
    }
    log_error("Failed to retrieve K8s metrics, not required so continuing: " +
              summary(result.errors));
    return std::move(result.metrics);
  });
}

std::span<const Resource> Gatherer::measured(const Resource& target, RunPods& pods,
                                             StageRunner& stages) const {
  if (settings_.run_mode == RunMode::per_resource) return {&target, 1};
  return stages.run(Stage::pods, [&]() -> std::span<const Resource> {
    if (pods.selector().empty()) {
      throw StageError(Stage::pods, "kubernetes",
                       "the scale subresource of " + describe(settings_.target) +
                           " names no pod selector, and no selector would mean every pod of the "
                           "namespace; set runMode to per-resource or give the target a selector");
    }
    return pods.objects(stages.kubernetes_budget());
  });
}

CountedMetrics Gatherer::measure(std::span<const Resource> resources,
                                 const std::vector<std::string>& kubernetes_metrics,
                                 StageRunner& stages) const {
  return stages.run(Stage::metric, [&] {
    CountedMetrics gathered{std::vector<Metric>(resources.size()), {}, stages.memory()};
    for (const Resource& resource : resources) {
      gathered.memory.push_back(stages.share("the metric of " + name_of(resource)));
    }
    side_by_side(resources.size(), static_cast<std::size_t>(settings_.metric_concurrency),
                 [&](std::size_t index) {
                   gathered.metrics[index] = measure_one(resources[index], kubernetes_metrics,
                                                         stages, gathered.memory[index]);
                 });
    return gathered;
  });
}

Metric Gatherer::measure_one(const Resource& resource,
                             const std::vector<std::string>& kubernetes_metrics,
                             const StageRunner& stages, MemoryShare& memory) const {
  stages.beat();
  const auto input = [&] { return metric_input(resource, stages.run_type(), kubernetes_metrics); };
  try {
    return {resource.name, stages.call(Stage::metric, *methods_.metric, input,
                                       input_size(resource, {}, kubernetes_metrics), memory)};
  } catch (const MethodError& error) {
    if (settings_.run_mode == RunMode::per_resource) throw;
    throw StageError(Stage::metric, error.reason,
                     std::string(error.what()) + " (" + name_of(resource) + ")", error.out,
                     error.err);
  }
}

std::string Gatherer::name_of(const Resource& resource) const {
  return (settings_.run_mode == RunMode::per_pod ? "pod " : "") + resource.name;
}

}  // namespace cpab
