#include "cpab/config/hpa_conversion.h"

#include <optional>

#include "cpab/config/display.h"
#include "cpab/config/load.h"
#include "cpab/config/sections.h"
#include "cpab/config/yaml_writer.h"

namespace cpab {
namespace {

/// What it takes to write the configuration.
struct Hpa {
  std::string name;
  std::string namespace_name;
  ScaleTarget target{};
  std::optional<std::int32_t> minimum;
  std::optional<std::int32_t> maximum;
  std::optional<std::int32_t> cpu_percent;  ///< only of autoscaling/v1
  Node metrics;                             ///< null: none are given
  Node behavior;                            ///< the same
};

constexpr const char* get_it_whole =
    "get it whole with kubectl get hpa.v2.autoscaling NAME -o yaml";

/// Of metav1.ObjectMeta, what says nothing about scaling.
constexpr const char* other_metadata[] = {"annotations",
                                          "clusterName",
                                          "creationTimestamp",
                                          "deletionGracePeriodSeconds",
                                          "deletionTimestamp",
                                          "finalizers",
                                          "generateName",
                                          "generation",
                                          "labels",
                                          "managedFields",
                                          "ownerReferences",
                                          "resourceVersion",
                                          "selfLink",
                                          "uid"};

Field ignored(const char* name) {
  return {name, [](const Node&, const std::string&) {}};
}

/// Reads an object of one version of the API, and complains of all that this version does not have.
class HpaReader {
 public:
  explicit HpaReader(const Node& object)
      : object_(object), version_(text_member(object, "apiVersion")) {}

  Hpa read() {
    check_version();
    decoder_.object(object_, "",
                    {ignored("apiVersion"), ignored("kind"), metadata(), spec(), ignored("status")},
                    Decoder::Unknown::refused);
    if (!has_spec_) complain(object_, "the HorizontalPodAutoscaler has no spec", get_it_whole);
    fail_when_wrong();
    return std::move(hpa_);
  }

 private:
  bool is_v1() const { return version_ == "autoscaling/v1"; }

  void check_version() const {
    if (is_v1() || version_ == "autoscaling/v2" || version_ == "autoscaling/v2beta2") return;
    throw ConversionError("the apiVersion is " + quoted(version_) +
                          "; write the manifest as autoscaling/v2, which "
                          "kubectl get hpa.v2.autoscaling NAME -o yaml does");
  }

  Field metadata() {
    return {"metadata", [this](const Node& node, const std::string& path) {
              std::vector<Field> fields{decoder_.field("name", hpa_.name),
                                        decoder_.field("namespace", hpa_.namespace_name)};
              for (const char* name : other_metadata) fields.push_back(ignored(name));
              if (is_v1()) fields[2] = annotations();
              decoder_.object(node, path, fields, Decoder::Unknown::refused);
            }};
  }

  /// autoscaling/v1 has no room for all that an HPA may be; the rest hides in annotations.
  Field annotations() {
    return {"annotations", [this](const Node& node, const std::string& path) {
              for (const Member& one : node.members) {
                if (one.key == "autoscaling.alpha.kubernetes.io/metrics" ||
                    one.key == "autoscaling.alpha.kubernetes.io/behavior") {
                  complain(one.value, path + " has more in " + one.key, get_it_whole);
                }
              }
            }};
  }

  Field spec() {
    return {"spec", [this](const Node& node, const std::string& path) {
              has_spec_ = node.kind != Node::Kind::null;
              std::vector<Field> fields{target(), decoder_.field("minReplicas", hpa_.minimum),
                                        decoder_.field("maxReplicas", hpa_.maximum)};
              const std::vector<Field> others = is_v1() ? fields_of_v1() : fields_of_v2();
              fields.insert(fields.end(), others.begin(), others.end());
              decoder_.object(node, path, fields, Decoder::Unknown::refused);
              if (node.kind == Node::Kind::map) check_is_whole(node, path);
            }};
  }

  std::vector<Field> fields_of_v1() {
    return {decoder_.field("targetCPUUtilizationPercentage", hpa_.cpu_percent),
            foreign("metrics", get_it_whole), foreign("behavior", get_it_whole)};
  }

  std::vector<Field> fields_of_v2() {
    return {metrics(), behavior(),
            foreign("targetCPUUtilizationPercentage",
                    "write a Resource metric in spec.metrics, with averageUtilization")};
  }

  /// A key of another version. The API server would drop it.
  Field foreign(const char* name, const char* hint) {
    return {name, [this, hint](const Node& node, const std::string& path) {
              complain(node, path + " is not of " + version_, hint);
            }};
  }

  Field target() {
    return {"scaleTargetRef", [this](const Node& node, const std::string& path) {
              has_target_ = node.kind != Node::Kind::null;
              decode(decoder_, node, path, hpa_.target);
              const auto require = [&](const std::string& value, const char* key,
                                       const char* hint) {
                if (value.empty()) complain(node, path + "." + key + " is missing", hint);
              };
              if (node.kind != Node::Kind::map) return;
              require(hpa_.target.api_version, "apiVersion",
                      "write apps/v1 for a Deployment, v1 for the core group");
              require(hpa_.target.kind, "kind", "write a kind such as Deployment");
              require(hpa_.target.name, "name", "name the object to scale");
            }};
  }

  void check_is_whole(const Node& spec, const std::string& path) {
    if (!has_target_) complain(spec, path + ".scaleTargetRef is missing", "say what is scaled");
    const bool has_maximum = hpa_.maximum || report_.is_broken(path + ".maxReplicas");
    if (!has_maximum) complain(spec, path + ".maxReplicas is missing", "an HPA has one");
  }

  Field metrics() {
    return {"metrics", [this](const Node& node, const std::string& path) {
              std::vector<MetricSpec> specs;
              decode(decoder_, node, path, specs);
              for (std::size_t i = 0; i < specs.size(); ++i) {
                check(specs[i], node.elements[i], path + "[" + std::to_string(i) + "]");
              }
              if (!specs.empty()) hpa_.metrics = node;
            }};
  }

  /// The type decides; of what is beside it the API server would not take anything.
  void check(const MetricSpec& spec, const Node& node, const std::string& path) {
    const int sources = spec.resource.has_value() + spec.pods.has_value() +
                        spec.object.has_value() + spec.external.has_value() +
                        spec.container_resource.has_value();
    if (sources > 1) complain(node, path + " has several metrics", "keep the one of its type");
    const MetricTarget* target = spec.target();
    if (target == nullptr) return;
    const int values = target->value.has_value() + target->average_value.has_value() +
                       target->average_utilization.has_value();
    if (values > 1) complain(node, path + " has several targets", "keep the one of its type");
  }

  Field behavior() {
    return {"behavior", [this](const Node& node, const std::string& path) {
              Behavior behavior;
              decode(decoder_, node, path, behavior);
              hpa_.behavior = node;
            }};
  }

  void complain(const Node& node, const std::string& what, std::string_view hint) {
    decoder_.complain(node, "", what, hint);
  }

  /// Nothing is let pass here that a configuration would be warned of.
  void fail_when_wrong() const {
    std::string lines;
    for (const auto* texts : {&report_.complaints, &report_.slips, &report_.warnings}) {
      for (const std::string& text : *texts) lines += (lines.empty() ? "" : "\n") + text;
    }
    if (!lines.empty()) throw ConversionError(lines);
  }

  const Node& object_;
  const std::string version_;
  Report report_;
  Decoder decoder_{{Source::Kind::manifest, ""}, Language::yaml, report_};
  Hpa hpa_;
  bool has_spec_ = false;
  bool has_target_ = false;
};

std::string target_line(const ScaleTarget& target) {
  return "scaleTargetRef: {apiVersion: " + yaml_text(target.api_version) +
         ", kind: " + yaml_text(target.kind) + ", name: " + yaml_text(target.name) + "}\n";
}

std::string namespace_line(const Hpa& hpa) {
  if (!hpa.namespace_name.empty()) return "namespace: " + yaml_text(hpa.namespace_name) + "\n";
  return "namespace: default                # the manifest names none\n";
}

std::string metric_lines(const Hpa& hpa) {
  if (hpa.metrics.kind != Node::Kind::null)
    return yaml_member("kubernetesMetricSpecs", hpa.metrics);
  return "kubernetesMetricSpecs:\n"
         "- type: Resource\n"
         "  resource: {name: cpu, target: {type: Utilization, averageUtilization: " +
         std::to_string(hpa.cpu_percent.value_or(80)) + "}}\n";
}

std::string window_lines(const Hpa& hpa) {
  if (hpa.behavior.kind != Node::Kind::null) return yaml_member("behavior", hpa.behavior);
  return "downscaleStabilization: 300       # seconds; that of the HPA controller without "
         "behavior\n";
}

std::string config_of(const Hpa& hpa) {
  return "# What the HorizontalPodAutoscaler " + escaped(hpa.name) +
         " does, for cpab. Written by `cpab convert`.\n" + target_line(hpa.target) +
         namespace_line(hpa) + "minReplicas: " + std::to_string(hpa.minimum.value_or(1)) +
         "\nmaxReplicas: " + std::to_string(hpa.maximum.value_or(0)) +
         "\ninterval: 15000                   # milliseconds; that of the HPA controller\n"
         "runMode: per-resource\n"
         "metric: {type: kubernetes}\n"
         "evaluate: {type: hpa}             # tolerance: 0.1 by default, see docs/hpa.md\n"
         "parity: true                      # as the HPA counts pods that are not ready, finished "
         "or\n"
         "                                  # too many, and samples of any age; see docs/hpa.md\n" +
         metric_lines(hpa) + window_lines(hpa);
}

}  // namespace

std::string config_of_hpa(const std::string& manifest, const std::string& name) {
  const Node object = chosen_hpa(manifest, name);
  const std::string config = config_of(HpaReader(object).read());
  try {
    load_config_text(config, "converted", {}, Slips::refuse);
  } catch (const ConfigError& error) {
    throw ConversionError(std::string("what it would become is refused:\n") + error.what());
  }
  return config;
}

}  // namespace cpab
