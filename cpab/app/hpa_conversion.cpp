#include "cpab/app/hpa_conversion.h"

#include <yaml-cpp/yaml.h>

#include <vector>

namespace cpab {
namespace {

constexpr const char* default_metrics =
    "[{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: "
    "80}}}]";

std::string text_of(const YAML::Node& node, const char* key) {
  const YAML::Node value = node && node.IsMap() ? node[key] : YAML::Node();
  return value && value.IsScalar() ? value.as<std::string>() : std::string();
}

std::string name_of(const YAML::Node& hpa) {
  return hpa["metadata"] ? text_of(hpa["metadata"], "name") : std::string();
}

bool is_hpa(const YAML::Node& object) {
  return text_of(object, "kind") == "HorizontalPodAutoscaler";
}

/// Lists in lists are not looked into: an alias may make one contain itself.
void add_hpas(const YAML::Node& document, std::vector<YAML::Node>& found) {
  if (is_hpa(document)) found.push_back(document);
  if (!text_of(document, "kind").ends_with("List") || !document["items"]) return;
  for (const YAML::Node& item : document["items"]) {
    if (is_hpa(item)) found.push_back(item);
  }
}

std::vector<YAML::Node> hpas_in(const std::string& manifest) {
  std::vector<YAML::Node> found;
  try {
    for (const YAML::Node& document : YAML::LoadAll(manifest)) add_hpas(document, found);
  } catch (const YAML::Exception& error) {
    throw ConversionError("the manifest is neither YAML nor JSON: " + error.msg + " (line " +
                          std::to_string(error.mark.line + 1) + ")");
  }
  return found;
}

YAML::Node chosen(const std::vector<YAML::Node>& hpas, const std::string& name) {
  if (hpas.empty()) {
    throw ConversionError(
        "there is no HorizontalPodAutoscaler in the manifest; get one with "
        "kubectl get hpa NAME -o yaml");
  }
  std::string names;
  for (const YAML::Node& hpa : hpas) {
    if (name.empty() ? hpas.size() == 1 : name_of(hpa) == name) return hpa;
    names += (names.empty() ? "" : ", ") + name_of(hpa);
  }
  throw ConversionError(name.empty()
                            ? "there are several; choose one with --name: " + names
                            : "there is no HorizontalPodAutoscaler " + name + ", but: " + names);
}

/// `{key: {...}}` as YAML, without the braces of the outer map.
std::string block(const char* key, const YAML::Node& value) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << key << YAML::Value << value << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

YAML::Node cpu_metric(const YAML::Node& percent) {
  YAML::Node metrics = YAML::Load(default_metrics);
  metrics[0]["resource"]["target"]["averageUtilization"] = percent;
  return metrics;
}

/// As autoscaling/v2 has them.
YAML::Node metrics_of(const YAML::Node& hpa) {
  const YAML::Node& spec = hpa["spec"];
  const std::string version = text_of(hpa, "apiVersion");
  if (version == "autoscaling/v1") {
    const YAML::Node percent = spec["targetCPUUtilizationPercentage"];
    return percent ? cpu_metric(percent) : YAML::Load(default_metrics);
  }
  if (version != "autoscaling/v2" && version != "autoscaling/v2beta2") {
    throw ConversionError("the apiVersion is \"" + version +
                          "\"; write the manifest as autoscaling/v2, which "
                          "kubectl get hpa.v2.autoscaling NAME -o yaml does");
  }
  const bool none = !spec["metrics"] || spec["metrics"].size() == 0;
  return none ? YAML::Load(default_metrics) : spec["metrics"];
}

std::string required(const YAML::Node& spec, const char* key) {
  const std::string value = text_of(spec, key);
  if (value.empty()) throw ConversionError(std::string("spec.") + key + " is missing");
  return value;
}

std::string target_block(const YAML::Node& spec) {
  const YAML::Node reference = spec["scaleTargetRef"];
  if (!reference || !reference.IsMap()) throw ConversionError("spec.scaleTargetRef is missing");
  return block("scaleTargetRef", reference);
}

std::string namespace_line(const YAML::Node& hpa) {
  const std::string name = text_of(hpa["metadata"], "namespace");
  if (!name.empty()) return "namespace: " + name + "\n";
  return "namespace: default                # the manifest names none\n";
}

std::string window_lines(const YAML::Node& spec) {
  if (spec["behavior"]) return block("behavior", spec["behavior"]);
  return "downscaleStabilization: 300       # seconds; that of the HPA controller without "
         "behavior\n";
}

}  // namespace

std::string config_of_hpa(const std::string& manifest, const std::string& name) {
  const YAML::Node hpa = chosen(hpas_in(manifest), name);
  const YAML::Node spec = hpa["spec"];
  if (!spec || !spec.IsMap()) throw ConversionError("the HorizontalPodAutoscaler has no spec");
  const std::string minimum = text_of(spec, "minReplicas");
  return "# What the HorizontalPodAutoscaler " + name_of(hpa) +
         " does, for cpab. Written by `cpab convert`.\n" + target_block(spec) +
         namespace_line(hpa) + "minReplicas: " + (minimum.empty() ? "1" : minimum) +
         "\nmaxReplicas: " + required(spec, "maxReplicas") +
         "\ninterval: 15000                   # milliseconds; that of the HPA controller\n"
         "runMode: per-resource\n"
         "metric: {type: kubernetes}\n"
         "evaluate: {type: hpa}             # tolerance: 0.1 by default, see docs/hpa.md\n" +
         block("kubernetesMetricSpecs", metrics_of(hpa)) + window_lines(spec);
}

}  // namespace cpab
