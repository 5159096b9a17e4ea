#include "cpab/simulation/resource_type.h"

#include <algorithm>
#include <stdexcept>

namespace cpab {
namespace {

/// A type that runs pods and can be scaled.
ResourceType workload(std::string group, std::string version, std::string kind, std::string plural,
                      std::string singular, std::vector<std::string> short_names) {
  ResourceType type{std::move(group),  std::move(version),  std::move(kind),
                    std::move(plural), std::move(singular), std::move(short_names)};
  type.has_scale = true;
  type.in_category_all = true;
  return type;
}

/// A type that is only stored.
ResourceType passive(std::string group, std::string kind, std::string plural, std::string singular,
                     std::vector<std::string> short_names) {
  ResourceType type{std::move(group),    "v1",
                    std::move(kind),     std::move(plural),
                    std::move(singular), std::move(short_names)};
  type.has_status = false;
  return type;
}

std::vector<ResourceType> make_types() {
  ResourceType namespaces{"", "v1", "Namespace", "namespaces", "namespace", {"ns"}};
  namespaces.namespaced = false;
  ResourceType pods{"", "v1", "Pod", "pods", "pod", {"po"}};
  pods.in_category_all = true;
  ResourceType daemon_sets{"apps", "v1", "DaemonSet", "daemonsets", "daemonset", {"ds"}};
  daemon_sets.in_category_all = true;
  auto indices = workload("demo.cpab.dev", "v1", "Index", "indices", "index", {"idx"});
  indices.custom = true;
  return {
      passive("", "ConfigMap", "configmaps", "configmap", {"cm"}),
      passive("", "Event", "events", "event", {"ev"}),
      namespaces,
      pods,
      workload("", "v1", "ReplicationController", "replicationcontrollers", "replicationcontroller",
               {"rc"}),
      passive("", "ServiceAccount", "serviceaccounts", "serviceaccount", {"sa"}),
      passive("", "Service", "services", "service", {"svc"}),
      daemon_sets,
      workload("apps", "v1", "Deployment", "deployments", "deployment", {"deploy"}),
      workload("apps", "v1", "ReplicaSet", "replicasets", "replicaset", {"rs"}),
      workload("apps", "v1", "StatefulSet", "statefulsets", "statefulset", {"sts"}),
      passive("coordination.k8s.io", "Lease", "leases", "lease", {}),
      indices,
  };
}

template <class Predicate>
const ResourceType* find_type(Predicate matches) {
  const auto& types = resource_types();
  const auto found = std::find_if(types.begin(), types.end(), matches);
  return found == types.end() ? nullptr : &*found;
}

}  // namespace

const std::vector<ResourceType>& resource_types() {
  static const std::vector<ResourceType> types = make_types();
  return types;
}

const ResourceType* find_resource_type(std::string_view group, std::string_view version,
                                       std::string_view plural) {
  return find_type([&](const ResourceType& type) {
    return type.plural == plural && type.group == group && type.version == version;
  });
}

const ResourceType* find_kind(std::string_view api_version, std::string_view kind) {
  return find_type([&](const ResourceType& type) {
    return type.kind == kind && type.api_version() == api_version;
  });
}

const ResourceType& type_of_kind(std::string_view kind) {
  const auto* type = find_type([&](const ResourceType& each) { return each.kind == kind; });
  if (type == nullptr) {
    throw std::invalid_argument("the simulated cluster has no kind " + std::string(kind));
  }
  return *type;
}

}  // namespace cpab
