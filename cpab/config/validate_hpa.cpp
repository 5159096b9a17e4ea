#include <algorithm>
#include <cmath>

#include "cpab/config/checker.h"
#include "cpab/config/sections.h"
#include "cpab/model/quantity.h"

namespace cpab {
namespace {

/// Each type belongs to one stage.
void check_place(const MethodConfig& method, const std::string& key, Checker& checker) {
  if (method.calls_user_logic()) return;
  const std::string place = method.type == "hpa" ? "evaluate" : "metric";
  checker.require(key == place, key + ".type", "type " + method.type + " is not for " + key,
                  "it is for " + place + "; write shell or http");
  if (method.timeout == Duration(0)) return;
  checker.warn(key + ".timeout", "has no effect: type " + method.type + " calls nobody");
}

/// The metric is one for the whole target.
void check_run_mode(const Config& config, Checker& checker) {
  const std::string type = config.measured_by_kubernetes() ? "kubernetes" : "hpa";
  checker.require(config.run_mode == RunMode::per_resource, "runMode",
                  "runMode is per-pod and type " + type + " looks at the target as a whole",
                  "write runMode: per-resource");
}

void check_specs_are_there(const Config& config, Checker& checker) {
  const auto& specs = config.kubernetes_metric_specs;
  checker.require(specs && !specs->empty(), "kubernetesMetricSpecs",
                  "metric is of type kubernetes and kubernetesMetricSpecs names no metrics",
                  "list metrics as spec.metrics of a HorizontalPodAutoscaler does");
}

bool is_above_zero(const std::optional<std::string>& quantity) {
  return quantity && quantity_milli(*quantity).value_or(0) > 0;
}

/// The formula divides by the number that goes with the type of the target.
void check_target(const MetricTarget& target, const std::string& path, Checker& checker) {
  if (target.type == "Utilization") {
    checker.require(target.average_utilization.value_or(0) > 0, path + ".averageUtilization",
                    path + ".averageUtilization is missing or not above zero",
                    "write how many percent of their requests pods should use");
  } else if (target.type == "AverageValue") {
    checker.require(is_above_zero(target.average_value), path + ".averageValue",
                    path + ".averageValue is missing or not above zero",
                    "write a quantity such as 500m, 2 or 64Mi");
  } else {
    checker.require(is_above_zero(target.value), path + ".value",
                    path + ".value is missing or not above zero",
                    "write a quantity such as 500m, 2 or 64Mi");
  }
}

void check_targets(const Config& config, Checker& checker) {
  std::size_t index = 0;
  for (const MetricSpec& spec :
       config.kubernetes_metric_specs.value_or(std::vector<MetricSpec>())) {
    const std::string path = "kubernetesMetricSpecs[" + std::to_string(index++) + "]";
    const auto check = [&](const auto& source, const char* key) {
      if (source) check_target(source->target, path + "." + key + ".target", checker);
    };
    if (spec.type == "Resource") check(spec.resource, "resource");
    if (spec.type == "ContainerResource") check(spec.container_resource, "containerResource");
    if (spec.type == "Pods") check(spec.pods, "pods");
    if (spec.type == "Object") check(spec.object, "object");
    if (spec.type == "External") check(spec.external, "external");
  }
}

/// Metrics of pods are no longer there when the pods are not.
void check_way_back_from_zero(const Config& config, Checker& checker) {
  if (config.bounds.minimum != 0 || !config.kubernetes_metric_specs) return;
  const auto& specs = *config.kubernetes_metric_specs;
  const bool has_way = std::any_of(specs.begin(), specs.end(),
                                   [](const MetricSpec& spec) { return spec.is_single_value(); });
  if (has_way) return;
  checker.warn("minReplicas",
               "is 0, and without an Object or External metric nothing scales up again from there");
}

void check_tolerance(const MethodConfig& evaluate, Checker& checker) {
  if (!evaluate.hpa) return;
  checker.require(evaluate.hpa->tolerance >= 0, "evaluate.hpa.tolerance",
                  "evaluate.hpa.tolerance is negative", "it is a share of the target, such as 0.1");
}

void check_parity(const Config& config, Checker& checker) {
  checker.require(
      config.parity == Parity::none || config.evaluated_as_hpa(), "parity",
      "parity is " + std::string(yaml_of(config.parity)) + " and evaluate is not of type hpa",
      "remove parity: it is about the formula of the HPA; or write "
      "evaluate: {type: hpa}");
}

}  // namespace

void validate_hpa(const Config& config, Checker& checker) {
  for (const MethodKey& key : method_keys) {
    const auto& method = config.*key.member;
    if (method) check_place(*method, key.name, checker);
  }
  check_parity(config, checker);
  if (!config.measured_by_kubernetes() && !config.evaluated_as_hpa()) return;
  check_run_mode(config, checker);
  if (config.measured_by_kubernetes()) check_specs_are_there(config, checker);
  if (!config.evaluated_as_hpa()) return;
  check_targets(config, checker);
  check_way_back_from_zero(config, checker);
  check_tolerance(*config.evaluate, checker);
}

}  // namespace cpab
