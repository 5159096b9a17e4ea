#include "cpab/simulation/custom_resource_definition.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "cpab/simulation/api_error.h"

namespace cpab {
namespace {

constexpr const char* kind_name = "CustomResourceDefinition.apiextensions.k8s.io";

[[noreturn]] void refuse(const Json& definition, const std::string& field,
                         const std::string& problem) {
  throw invalid_field(kind_name, definition.string_at("/metadata/name"), field, problem);
}

std::string required(const Json& definition, const std::string& pointer, const char* field) {
  const auto text = definition.string_at(pointer);
  if (text.empty()) refuse(definition, field, "Required value");
  return text;
}

std::vector<std::string> texts_at(const Json& document, const std::string& pointer) {
  std::vector<std::string> texts;
  for (const auto& element : document.elements_at(pointer)) texts.push_back(element.string_at(""));
  return texts;
}

/// `.spec.replicas` as `/spec/replicas`. The API server takes plain paths only, below `below`.
std::string scale_path(const Json& definition, const Json& version, const std::string& member,
                       std::string_view below) {
  auto path = version.string_at("/subresources/scale/" + member);
  const bool plain = path.starts_with(below) && path.find_first_of("[]*~/") == std::string::npos;
  if (!plain) {
    refuse(definition, "spec.versions.subresources.scale." + member,
           "Invalid value: \"" + path + "\": should be a json path under " + std::string(below));
  }
  std::replace(path.begin(), path.end(), '.', '/');
  return path;
}

void read_scale(const Json& definition, const Json& version, ResourceType& type) {
  if (!version.at("/subresources/scale").is_object()) return;
  type.has_scale = true;
  type.scale.spec_replicas = scale_path(definition, version, "specReplicasPath", ".spec.");
  type.scale.status_replicas = scale_path(definition, version, "statusReplicasPath", ".status.");
  const bool has_selector = version.contains("/subresources/scale/labelSelectorPath");
  const bool in_spec =
      version.string_at("/subresources/scale/labelSelectorPath").starts_with(".spec.");
  if (has_selector) {
    type.scale.selector =
        scale_path(definition, version, "labelSelectorPath", in_spec ? ".spec." : ".status.");
  }
}

std::vector<PrinterColumn> columns_of(const Json& version) {
  std::vector<PrinterColumn> columns;
  for (const auto& entry : version.elements_at("/additionalPrinterColumns")) {
    columns.push_back({entry.string_at("/name"), entry.string_at("/type"),
                       entry.string_at("/format"), entry.string_at("/description"),
                       static_cast<std::int32_t>(entry.integer_at("/priority").value_or(0)),
                       entry.string_at("/jsonPath")});
  }
  return columns;
}

ResourceType names_of(const Json& definition) {
  ResourceType type;
  type.group = required(definition, "/spec/group", "spec.group");
  type.kind = required(definition, "/spec/names/kind", "spec.names.kind");
  type.plural = required(definition, "/spec/names/plural", "spec.names.plural");
  type.singular = definition.string_at("/spec/names/singular");
  type.list_kind = definition.string_at("/spec/names/listKind");
  type.short_names = texts_at(definition, "/spec/names/shortNames");
  type.categories = texts_at(definition, "/spec/names/categories");
  type.custom = true;
  const auto scope = required(definition, "/spec/scope", "spec.scope");
  if (scope != "Namespaced" && scope != "Cluster") {
    refuse(definition, "spec.scope",
           "Unsupported value: \"" + scope + R"(": supported values: "Cluster", "Namespaced")");
  }
  type.namespaced = scope == "Namespaced";
  return type;
}

ResourceType version_of(const Json& definition, const Json& version, ResourceType type) {
  type.version = version.string_at("/name");
  if (type.version.empty()) refuse(definition, "spec.versions.name", "Required value");
  if (!version.at("/schema/openAPIV3Schema").is_object()) {
    refuse(definition, "spec.versions[" + type.version + "].schema.openAPIV3Schema",
           "Required value: schemas are required");
  }
  type.has_status = version.at("/subresources/status").is_object();
  type.columns = columns_of(version);
  for (const auto& field : version.elements_at("/selectableFields")) {
    const auto path = field.string_at("/jsonPath");
    if (path.starts_with('.')) type.selectable_fields.push_back(path.substr(1));
  }
  read_scale(definition, version, type);
  return type;
}

bool is_true(const Json& document, const char* pointer) {
  return document.at(pointer) == Json::parse("true");
}

void set_condition(Json& definition, const std::string& type, const std::string& reason,
                   const std::string& message, WallTime now) {
  const auto conditions = definition.elements_at("/status/conditions");
  const bool known = std::any_of(conditions.begin(), conditions.end(), [&](const Json& condition) {
    return condition.string_at("/type") == type;
  });
  if (known) return;
  if (conditions.empty()) definition.set("/status/conditions", Json::parse("[]"));
  Json condition;
  condition.set("/type", type).set("/status", "True");
  condition.set("/lastTransitionTime", rfc3339_seconds(now));
  definition.set("/status/conditions/-", condition.set("/reason", reason).set("/message", message));
}

void remember_stored_version(Json& definition) {
  if (!definition.contains("/status/storedVersions")) {
    definition.set("/status/storedVersions", Json::parse("[]"));
  }
  const auto known = texts_at(definition, "/status/storedVersions");
  for (const auto& version : definition.elements_at("/spec/versions")) {
    const auto name = version.string_at("/name");
    if (is_true(version, "/storage") &&
        std::find(known.begin(), known.end(), name) == known.end()) {
      definition.set("/status/storedVersions/-", Json().set("", name));
    }
  }
}

constexpr const char* index_text = R"({
  "metadata": {"name": "indices.demo.cpab.dev"},
  "spec": {
    "group": "demo.cpab.dev",
    "scope": "Namespaced",
    "names": {"kind": "Index", "plural": "indices", "singular": "index", "shortNames": ["idx"],
              "categories": ["all"]},
    "versions": [{
      "name": "v1", "served": true, "storage": true,
      "schema": {"openAPIV3Schema": {"type": "object",
                                     "x-kubernetes-preserve-unknown-fields": true}},
      "subresources": {
        "status": {},
        "scale": {"specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
                  "labelSelectorPath": ".status.selector"}},
      "additionalPrinterColumns": [
        {"name": "Desired", "type": "integer", "jsonPath": ".spec.replicas"},
        {"name": "Current", "type": "integer", "jsonPath": ".status.replicas"},
        {"name": "Ready", "type": "integer", "jsonPath": ".status.readyReplicas"},
        {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"},
        {"name": "Selector", "type": "string", "jsonPath": ".status.selector", "priority": 1}]
    }]
  }
})";

}  // namespace

Json with_definition_defaults(Json definition) {
  const auto kind = definition.string_at("/spec/names/kind");
  if (kind.empty()) return definition;
  auto singular = kind;
  std::transform(singular.begin(), singular.end(), singular.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const auto set_if_absent = [&](const char* pointer, const std::string& text) {
    if (!definition.contains(pointer)) definition.set(pointer, text);
  };
  set_if_absent("/spec/names/singular", singular);
  set_if_absent("/spec/names/listKind", kind + "List");
  set_if_absent("/spec/conversion/strategy", "None");
  return definition;
}

DefinedResource parse_definition(const Json& definition) {
  const auto names = names_of(definition);
  const auto name = definition.string_at("/metadata/name");
  if (name != names.qualified_plural()) {
    refuse(definition, "metadata.name",
           "Invalid value: \"" + name + R"(": must be spec.names.plural+"."+spec.group)");
  }
  DefinedResource result;
  int stored = 0;
  for (const auto& version : definition.elements_at("/spec/versions")) {
    auto type = version_of(definition, version, names);
    if (is_true(version, "/storage") && ++stored == 1) result.storage = type;
    if (is_true(version, "/served")) result.versions.push_back(std::move(type));
  }
  if (stored != 1) {
    refuse(definition, "spec.versions",
           "Invalid value: must have exactly one version marked as storage version");
  }
  return result;
}

Json with_established_status(Json definition, WallTime now) {
  definition.set("/status/acceptedNames", definition.at("/spec/names"));
  remember_stored_version(definition);
  set_condition(definition, "NamesAccepted", "NoConflicts", "no conflicts found", now);
  set_condition(definition, "Established", "InitialNamesAccepted",
                "the initial names have been accepted", now);
  return definition;
}

Json with_terminating_status(Json definition, WallTime now) {
  set_condition(definition, "Terminating", "InstanceDeletionInProgress",
                "CustomResource deletion is in progress", now);
  return definition;
}

Json index_definition() { return Json::parse(index_text); }

}  // namespace cpab
