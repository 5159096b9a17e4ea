#include "cpab/app/hpa_conversion.h"

#include <yaml-cpp/yaml.h>

#include <vector>

#include "cpab/config/display.h"
#include "cpab/model/yaml_marks.h"

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
  if (yaml_marks(manifest) > most_yaml_marks) {
    throw ConversionError("more than " + std::to_string(most_yaml_marks) +
                          " lines, commas and brackets are no manifest");
  }
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

/// In quotes, or with the tag of a text.
bool is_written_as_text(const YAML::Node& scalar) {
  return scalar.Tag() == "!" || scalar.Tag() == "tag:yaml.org,2002:str";
}

/// As it was written: text in quotes stays text. Deeper than any manifest is refused.
void emit(YAML::Emitter& out, const YAML::Node& node, int depth = 0) {
  if (depth > 50) throw ConversionError("the manifest is nested too deep");
  const bool flow = node.Style() == YAML::EmitterStyle::Flow;
  if (flow) out << YAML::Flow;
  if (node.IsMap()) {
    out << YAML::BeginMap;
    for (const auto& member : node) {
      out << YAML::Key;
      emit(out, member.first, depth + 1);
      out << YAML::Value;
      emit(out, member.second, depth + 1);
    }
    out << YAML::EndMap;
  } else if (node.IsSequence()) {
    out << YAML::BeginSeq;
    for (const YAML::Node& element : node) emit(out, element, depth + 1);
    out << YAML::EndSeq;
  } else if (node.IsScalar()) {
    if (is_written_as_text(node)) out << YAML::DoubleQuoted;
    out << node.Scalar();
  } else {
    out << YAML::Null;
  }
}

/// `{key: {...}}` as YAML, without the braces of the outer map.
std::string block(const char* key, const YAML::Node& value) {
  YAML::Emitter out;
  out << YAML::BeginMap << YAML::Key << key << YAML::Value;
  emit(out, value);
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

YAML::Node cpu_metric(const YAML::Node& percent) {
  YAML::Node metrics = YAML::Load(default_metrics);
  metrics[0]["resource"]["target"]["averageUtilization"] = percent;
  return metrics;
}

/// autoscaling/v1 has no room for all that an HPA may be; the rest hides in annotations.
void refuse_annotations(const YAML::Node& hpa) {
  const YAML::Node metadata = hpa["metadata"];
  if (!metadata || !metadata.IsMap() || !metadata["annotations"]) return;
  for (const auto& annotation : metadata["annotations"]) {
    const std::string name = annotation.first.Scalar();
    if (name == "autoscaling.alpha.kubernetes.io/metrics" ||
        name == "autoscaling.alpha.kubernetes.io/behavior") {
      throw ConversionError("it has more in the annotation " + name +
                            "; get it whole with kubectl get hpa.v2.autoscaling NAME -o yaml");
    }
  }
}

/// As autoscaling/v2 has them.
YAML::Node metrics_of(const YAML::Node& hpa) {
  const YAML::Node& spec = hpa["spec"];
  const std::string version = text_of(hpa, "apiVersion");
  if (version == "autoscaling/v1") {
    refuse_annotations(hpa);
    const YAML::Node percent = spec["targetCPUUtilizationPercentage"];
    return percent && percent.IsScalar() ? cpu_metric(percent) : YAML::Load(default_metrics);
  }
  if (version != "autoscaling/v2" && version != "autoscaling/v2beta2") {
    throw ConversionError("the apiVersion is \"" + version +
                          "\"; write the manifest as autoscaling/v2, which "
                          "kubectl get hpa.v2.autoscaling NAME -o yaml does");
  }
  const YAML::Node metrics = spec["metrics"];
  const bool none = !metrics || metrics.IsNull() || (metrics.IsSequence() && metrics.size() == 0);
  if (!none && !metrics.IsSequence()) throw ConversionError("spec.metrics is no list");
  return none ? YAML::Load(default_metrics) : spec["metrics"];
}

/// The number `key`; empty when it is not there.
std::string count(const YAML::Node& spec, const char* key) {
  const YAML::Node node = spec[key];
  if (!node || node.IsNull()) return {};
  const std::string value = node.IsScalar() ? node.Scalar() : std::string("-");
  if (value.find_first_not_of("0123456789") == std::string::npos) return value;
  throw ConversionError(std::string("spec.") + key + " is no whole number");
}

std::string required(const YAML::Node& spec, const char* key) {
  const std::string value = count(spec, key);
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
  if (!name.empty()) return block("namespace", hpa["metadata"]["namespace"]);
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
  const std::string minimum = count(spec, "minReplicas");
  return "# What the HorizontalPodAutoscaler " + escaped(name_of(hpa)) +
         " does, for cpab. Written by `cpab convert`.\n" + target_block(spec) +
         namespace_line(hpa) + "minReplicas: " + (minimum.empty() ? "1" : minimum) +
         "\nmaxReplicas: " + required(spec, "maxReplicas") +
         "\ninterval: 15000                   # milliseconds; that of the HPA controller\n"
         "runMode: per-resource\n"
         "metric: {type: kubernetes}\n"
         "evaluate: {type: hpa}             # tolerance: 0.1 by default, see docs/hpa.md\n"
         "parity: true                      # as the HPA counts pods that are not ready, finished "
         "or\n"
         "                                  # too many, and samples of any age; see docs/hpa.md\n" +
         block("kubernetesMetricSpecs", metrics_of(hpa)) + window_lines(spec);
}

}  // namespace cpab
