#include "cpab/simulation/field_validation.h"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "cpab/model/json_text.h"

namespace cpab {
namespace {

using Names = std::set<std::string, std::less<>>;

const Names& metadata_fields() {
  static const Names names{"annotations",
                           "creationTimestamp",
                           "deletionGracePeriodSeconds",
                           "deletionTimestamp",
                           "finalizers",
                           "generateName",
                           "generation",
                           "labels",
                           "managedFields",
                           "name",
                           "namespace",
                           "ownerReferences",
                           "resourceVersion",
                           "selfLink",
                           "uid"};
  return names;
}

/// Besides apiVersion, kind and metadata. Kinds that are not listed have spec and status.
const std::map<std::string, Names>& object_fields() {
  static const Names binding{"roleRef", "subjects"};
  static const std::map<std::string, Names> fields{
      {"ClusterRole", {"aggregationRule", "rules"}},
      {"ClusterRoleBinding", binding},
      {"ConfigMap", {"binaryData", "data", "immutable"}},
      {"Event",
       {"action",
        "count",
        "deprecatedCount",
        "deprecatedFirstTimestamp",
        "deprecatedLastTimestamp",
        "deprecatedSource",
        "eventTime",
        "firstTimestamp",
        "involvedObject",
        "lastTimestamp",
        "message",
        "note",
        "reason",
        "regarding",
        "related",
        "reportingComponent",
        "reportingController",
        "reportingInstance",
        "series",
        "source",
        "type"}},
      {"Role", {"rules"}},
      {"RoleBinding", binding},
      {"Secret", {"data", "immutable", "stringData", "type"}},
      {"ServiceAccount", {"automountServiceAccountToken", "imagePullSecrets", "secrets"}},
  };
  return fields;
}

const std::map<std::string, Names>& spec_fields() {
  static const std::map<std::string, Names> fields{
      {"Deployment",
       {"minReadySeconds", "paused", "progressDeadlineSeconds", "replicas", "revisionHistoryLimit",
        "selector", "strategy", "template"}},
      {"HorizontalPodAutoscaler",
       {"behavior", "maxReplicas", "metrics", "minReplicas", "scaleTargetRef"}},
      {"PodDisruptionBudget",
       {"maxUnavailable", "minAvailable", "selector", "unhealthyPodEvictionPolicy"}},
      {"ReplicaSet", {"minReadySeconds", "replicas", "selector", "template"}},
      {"ReplicationController", {"minReadySeconds", "replicas", "selector", "template"}},
      {"StatefulSet",
       {"minReadySeconds", "ordinals", "persistentVolumeClaimRetentionPolicy",
        "podManagementPolicy", "replicas", "revisionHistoryLimit", "selector", "serviceName",
        "template", "updateStrategy", "volumeClaimTemplates"}},
  };
  return fields;
}

/// `$patch` and the like are no fields.
void check_members(const Json& sent, const std::string& place, const Names& known,
                   std::vector<std::string>& problems) {
  const auto part = place.empty() ? sent : sent.at("/" + place);
  if (!part.is_object()) return;
  for (const auto& [name, value] : part.tree().items()) {
    if (known.contains(name) || name.starts_with('$')) continue;
    problems.push_back("unknown field " + json_quote((place.empty() ? "" : place + ".") + name));
  }
}

void check_known_fields(const ResourceType& type, const Json& sent,
                        std::vector<std::string>& problems) {
  const auto own = object_fields().find(type.kind);
  auto names = own == object_fields().end() ? Names{"spec", "status"} : own->second;
  names.insert({"apiVersion", "kind", "metadata"});
  check_members(sent, "", names, problems);
  const auto spec = spec_fields().find(type.kind);
  if (spec != spec_fields().end()) check_members(sent, "spec", spec->second, problems);
}

/// The places of members that come twice in an object of JSON text; YAML has none.
std::vector<std::string> duplicate_fields(std::string_view text) {
  std::vector<std::string> duplicates;
  std::vector<Names> open;
  const auto callback = [&](int, nlohmann::json::parse_event_t event, nlohmann::json& parsed) {
    using Event = nlohmann::json::parse_event_t;
    if (event == Event::object_start) open.emplace_back();
    if (event == Event::object_end) open.pop_back();
    if (event == Event::key && !open.back().insert(parsed.get<std::string>()).second) {
      duplicates.push_back("duplicate field " + json_quote(parsed.get<std::string>()));
    }
    return true;
  };
  // Discarded: only the events count, and text that is no JSON is somebody else's business.
  [[maybe_unused]] const auto tree = nlohmann::json::parse(text, callback, false);
  return duplicates;
}

}  // namespace

std::vector<std::string> field_problems(const ResourceType& type, const Json& sent,
                                        std::string_view text) {
  auto problems = duplicate_fields(text);
  check_members(sent, "metadata", metadata_fields(), problems);
  if (!type.custom) check_known_fields(type, sent, problems);
  return problems;
}

ApiError strict_decoding_error(const ResourceType& type, const std::vector<std::string>& problems) {
  std::string list;
  for (const auto& problem : problems) list += (list.empty() ? "" : ", ") + problem;
  return bad_request(type.kind + " in version \"" + type.version + "\" cannot be handled as a " +
                     type.kind + ": strict decoding error: " + list);
}

}  // namespace cpab
