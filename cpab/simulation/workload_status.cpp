#include "cpab/simulation/workload_status.h"

#include <algorithm>

#include "cpab/simulation/pod.h"
#include "cpab/simulation/rollout.h"
#include "cpab/simulation/selectors.h"

namespace cpab {
namespace {

/// Kubernetes leaves a zero out of most status fields.
void set_count(Json& document, const std::string& field, std::int64_t count) {
  if (count == 0) {
    document.erase("/status/" + field);
  } else {
    document.set("/status/" + field, count);
  }
}

void set_observed(Json& document) {
  document.set("/status/observedGeneration",
               document.integer_at("/metadata/generation").value_or(1));
}

void set_stateful_counts(Json& document, std::int64_t count) {
  set_count(document, "currentReplicas", count);
  set_count(document, "updatedReplicas", count);
  document.set("/status/collisionCount", 0);
}

/// A condition that remembers when it last changed.
void set_condition(Json& document, const std::string& place, const std::string& type, bool holds,
                   const std::string& reason, WallTime now) {
  const std::string status = holds ? "True" : "False";
  const auto before = document.at(place);
  if (before.string_at("/status") == status && before.string_at("/reason") == reason) return;
  const auto time = rfc3339_seconds(now);
  Json condition;
  condition.set("/type", type).set("/status", status).set("/lastUpdateTime", time);
  const auto changed = before.string_at("/lastTransitionTime");
  const bool kept = before.string_at("/status") == status;
  condition.set("/lastTransitionTime", kept ? changed : time).set("/reason", reason);
  document.set(place, condition);
}

std::int64_t sum(const std::vector<Object>& sets, const std::string& pointer) {
  std::int64_t total = 0;
  for (const auto& set : sets) total += set->document().integer_at(pointer).value_or(0);
  return total;
}

void set_deployment_conditions(Json& document, bool available, bool complete, WallTime now) {
  if (!document.contains("/status/conditions")) {
    document.set("/status/conditions", Json::parse("[]"));
  }
  set_condition(document, "/status/conditions/0", "Available", available,
                available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", now);
  set_condition(document, "/status/conditions/1", "Progressing", true,
                complete ? "NewReplicaSetAvailable" : "ReplicaSetUpdated", now);
}

}  // namespace

bool runs_pods(const StoredObject& object) {
  const auto& type = object.type();
  if (!type.custom) return type.has_scale;
  return type.has_scale && type.namespaced && object.document().contains("/spec/template");
}

std::int64_t wanted_replicas(const StoredObject& workload) {
  const auto replicas = workload.document().integer_at(workload.type().scale.spec_replicas);
  return std::max<std::int64_t>(0, replicas.value_or(workload.type().custom ? 0 : 1));
}

Json with_pod_status(const StoredObject& workload, const std::vector<Object>& pods) {
  auto document = workload.document();
  const auto count = static_cast<std::int64_t>(pods.size());
  const auto ready =
      std::count_if(pods.begin(), pods.end(), [](const Object& pod) { return is_ready(*pod); });
  const auto& type = workload.type();
  document.set(type.scale.status_replicas, count);
  set_count(document, "readyReplicas", ready);
  if (type.custom) {
    if (!type.scale.selector.starts_with("/status/")) return document;
    const auto selector = selector_as_text(document.at("/spec/selector"));
    return selector.empty() ? document.erase(type.scale.selector)
                            : document.set(type.scale.selector, selector);
  }
  set_count(document, "availableReplicas", ready);
  if (type.kind == "StatefulSet") {
    set_stateful_counts(document, count);
  } else {
    set_count(document, "fullyLabeledReplicas", count);
  }
  set_observed(document);
  return document;
}

Json with_deployment_status(Json deployment, const std::vector<Object>& replica_sets,
                            const std::string& current, WallTime now) {
  const auto wanted = deployment.integer_at("/spec/replicas").value_or(1);
  const auto total = sum(replica_sets, "/status/replicas");
  const auto ready = sum(replica_sets, "/status/readyReplicas");
  std::int64_t updated = 0;
  for (const auto& set : replica_sets) {
    if (set->name() == current) updated = sum({set}, "/status/replicas");
  }
  set_observed(deployment);
  set_count(deployment, "replicas", total);
  set_count(deployment, "updatedReplicas", updated);
  set_count(deployment, "readyReplicas", ready);
  set_count(deployment, "availableReplicas", ready);
  set_count(deployment, "unavailableReplicas", std::max<std::int64_t>(0, total - ready));
  const auto least = wanted - rollout_limits(deployment, wanted).unavailable;
  const bool complete = ready == wanted && updated == wanted && total == wanted;
  set_deployment_conditions(deployment, ready >= least, complete, now);
  return deployment;
}

}  // namespace cpab
