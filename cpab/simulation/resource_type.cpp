#include "cpab/simulation/resource_type.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

namespace cpab {
namespace {

struct Names {
  const char* kind;
  const char* plural;
  const char* singular;
  std::vector<std::string> short_names;
};

ResourceType named(const char* group, const char* version, const Names& names) {
  ResourceType type;
  type.group = group;
  type.version = version;
  type.kind = names.kind;
  type.plural = names.plural;
  type.singular = names.singular;
  type.short_names = names.short_names;
  return type;
}

/// A type that runs pods and can be scaled.
ResourceType workload(const char* group, const Names& names) {
  auto type = named(group, "v1", names);
  type.has_scale = true;
  type.categories = {"all"};
  return type;
}

/// A type that is only stored.
ResourceType passive(const char* group, const Names& names) {
  auto type = named(group, "v1", names);
  type.has_status = false;
  return type;
}

ResourceType cluster_wide(ResourceType type) {
  type.namespaced = false;
  return type;
}

ResourceType in_category_all(ResourceType type) {
  type.categories = {"all"};
  return type;
}

ResourceType with_status(ResourceType type) {
  type.has_status = true;
  return type;
}

ResourceType selectable(ResourceType type, std::vector<std::string> fields) {
  type.selectable_fields = std::move(fields);
  return type;
}

void add_core(std::deque<ResourceType>& types) {
  types.push_back(passive("", {"ConfigMap", "configmaps", "configmap", {"cm"}}));
  types.push_back(selectable(
      passive("", {"Event", "events", "event", {"ev"}}),
      {"involvedObject.kind", "involvedObject.namespace", "involvedObject.name",
       "involvedObject.uid", "involvedObject.apiVersion", "involvedObject.resourceVersion",
       "involvedObject.fieldPath", "reason", "reportingComponent", "source", "type"}));
  types.push_back(
      selectable(cluster_wide(named("", "v1", {"Namespace", "namespaces", "namespace", {"ns"}})),
                 {"status.phase"}));
  types.push_back(selectable(
      in_category_all(named("", "v1", {"Pod", "pods", "pod", {"po"}})),
      {"spec.nodeName", "spec.restartPolicy", "spec.schedulerName", "spec.serviceAccountName",
       "spec.hostNetwork", "status.phase", "status.podIP", "status.nominatedNodeName"}));
  types.push_back(selectable(
      workload(
          "", {"ReplicationController", "replicationcontrollers", "replicationcontroller", {"rc"}}),
      {"status.replicas"}));
  types.push_back(selectable(passive("", {"Secret", "secrets", "secret", {}}), {"type"}));
  types.push_back(passive("", {"ServiceAccount", "serviceaccounts", "serviceaccount", {"sa"}}));
  types.push_back(
      in_category_all(with_status(passive("", {"Service", "services", "service", {"svc"}}))));
}

void add_apps(std::deque<ResourceType>& types) {
  types.push_back(
      in_category_all(named("apps", "v1", {"DaemonSet", "daemonsets", "daemonset", {"ds"}})));
  types.push_back(workload("apps", {"Deployment", "deployments", "deployment", {"deploy"}}));
  types.push_back(selectable(workload("apps", {"ReplicaSet", "replicasets", "replicaset", {"rs"}}),
                             {"status.replicas"}));
  types.push_back(workload("apps", {"StatefulSet", "statefulsets", "statefulset", {"sts"}}));
}

void add_rbac(std::deque<ResourceType>& types) {
  const char* const group = "rbac.authorization.k8s.io";
  types.push_back(cluster_wide(
      passive(group, {"ClusterRoleBinding", "clusterrolebindings", "clusterrolebinding", {}})));
  types.push_back(cluster_wide(passive(group, {"ClusterRole", "clusterroles", "clusterrole", {}})));
  types.push_back(passive(group, {"RoleBinding", "rolebindings", "rolebinding", {}}));
  types.push_back(passive(group, {"Role", "roles", "role", {}}));
}

void add_others(std::deque<ResourceType>& types) {
  types.push_back(cluster_wide(named("apiextensions.k8s.io", "v1",
                                     {"CustomResourceDefinition",
                                      "customresourcedefinitions",
                                      "customresourcedefinition",
                                      {"crd", "crds"}})));
  types.push_back(in_category_all(named("autoscaling", "v2",
                                        {"HorizontalPodAutoscaler",
                                         "horizontalpodautoscalers",
                                         "horizontalpodautoscaler",
                                         {"hpa"}})));
  types.push_back(passive("coordination.k8s.io", {"Lease", "leases", "lease", {}}));
  types.push_back(
      named("policy", "v1",
            {"PodDisruptionBudget", "poddisruptionbudgets", "poddisruptionbudget", {"pdb"}}));
}

/// The same events once more, in the group that newer clients write them to.
void add_newer_events(std::deque<ResourceType>& types) {
  const auto events = std::find_if(types.begin(), types.end(),
                                   [](const ResourceType& type) { return type.kind == "Event"; });
  auto alias = *events;
  alias.group = "events.k8s.io";
  alias.stored_as = &*events;
  types.push_back(std::move(alias));
}

const std::deque<ResourceType>& table() {
  static const std::deque<ResourceType> types = [] {
    std::deque<ResourceType> made;  // a deque: its elements stay where they are
    add_core(made);
    add_apps(made);
    add_others(made);
    add_rbac(made);
    add_newer_events(made);
    return made;
  }();
  return types;
}

}  // namespace

const std::vector<const ResourceType*>& builtin_types() {
  static const std::vector<const ResourceType*> pointers = [] {
    std::vector<const ResourceType*> made;
    for (const auto& type : table()) made.push_back(&type);
    return made;
  }();
  return pointers;
}

const ResourceType& type_of_kind(std::string_view kind) {
  const auto& types = builtin_types();
  const auto found = std::find_if(types.begin(), types.end(),
                                  [&](const ResourceType* type) { return type->kind == kind; });
  if (found == types.end()) {
    throw std::invalid_argument("the simulated cluster has no built-in kind " + std::string(kind));
  }
  return **found;
}

}  // namespace cpab
