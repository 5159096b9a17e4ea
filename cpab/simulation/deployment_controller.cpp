#include "cpab/simulation/deployment_controller.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>

#include "cpab/simulation/rollout.h"
#include "cpab/simulation/workload_status.h"

namespace cpab {
namespace {

constexpr const char* hash_label = "/pod-template-hash";
constexpr const char* revision_annotation =
    "/metadata/annotations/deployment.kubernetes.io~1revision";

/// FNV-1a in Kubernetes' vowel-free alphabet. The order of members does not count.
std::string template_hash(const Json& pod_template) {
  constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : nlohmann::json(pod_template.tree()).dump()) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  }
  std::string text;
  for (; text.size() < 9; hash /= letters.size()) text += letters[hash % letters.size()];
  return text;
}

Json owner_reference(const Object& deployment) {
  Json reference;
  reference.set("/apiVersion", "apps/v1").set("/kind", "Deployment");
  reference.set("/name", deployment->name()).set("/uid", deployment->uid());
  return reference.set("/controller", true).set("/blockOwnerDeletion", true);
}

Json new_replica_set(const Object& deployment, const std::string& hash,
                     const std::string& revision) {
  const auto& source = deployment->document();
  Json set;
  set.set("/metadata/name", deployment->name() + "-" + hash);
  set.set("/metadata/namespace", deployment->namespace_name()).set("/metadata/generation", 1);
  set.set("/metadata/labels", source.strings_at("/spec/template/metadata/labels"));
  set.set(std::string("/metadata/labels") + hash_label, hash);
  set.set(revision_annotation, revision);
  set.set("/metadata/ownerReferences", Json::parse("[]"));
  set.set("/metadata/ownerReferences/-", owner_reference(deployment));
  set.set("/spec/replicas", 0);
  set.set("/spec/selector", source.at("/spec/selector"));
  set.set(std::string("/spec/selector/matchLabels") + hash_label, hash);
  set.set("/spec/template", source.at("/spec/template"));
  set.set(std::string("/spec/template/metadata/labels") + hash_label, hash);
  return set.set("/status/replicas", 0);
}

void set_replicas(ClusterState& state, const Object& replica_set, std::int64_t replicas) {
  if (wanted_replicas(*replica_set) == replicas) return;
  auto document = replica_set->document();
  const auto generation = document.integer_at("/metadata/generation").value_or(0);
  document.set("/spec/replicas", replicas).set("/metadata/generation", generation + 1);
  state.update(replica_set, std::move(document));
}

RolloutSet rollout_set(const ClusterState& state, const Object& replica_set) {
  const auto available = replica_set->document().integer_at("/status/availableReplicas");
  return {wanted_replicas(*replica_set), available.value_or(0),
          !state.objects().owned_by(replica_set->uid()).empty()};
}

/// Makes the ReplicaSet for the template, without pods yet, and returns its revision.
std::string add_replica_set(ClusterState& state, const Object& deployment, const std::string& hash,
                            std::size_t known) {
  const auto revision = std::to_string(known + 1);
  state.create(type_of_kind("ReplicaSet"), new_replica_set(deployment, hash, revision));
  return revision;
}

/// Brings the pods of the template `current` one step nearer to all that are wanted.
void roll_out(ClusterState& state, const Object& deployment, const std::string& current) {
  const auto wanted = wanted_replicas(*deployment);
  std::vector<Object> old;
  std::vector<RolloutSet> old_sets;
  Object newest;
  for (const auto& set : state.objects().owned_by(deployment->uid())) {
    if (set->name() == current) {
      newest = set;
    } else {
      old.push_back(set);
      old_sets.push_back(rollout_set(state, set));
    }
  }
  if (!newest) return;
  const auto step = next_rollout_step(rollout_limits(deployment->document(), wanted), wanted,
                                      rollout_set(state, newest), old_sets);
  set_replicas(state, newest, step.current);
  for (std::size_t i = 0; i < old.size(); ++i) set_replicas(state, old[i], step.old[i]);
}

}  // namespace

void reconcile_deployment(ClusterState& state, const Object& deployment) {
  const auto hash = template_hash(deployment->document().at("/spec/template"));
  const auto name = deployment->name() + "-" + hash;
  auto document = deployment->document();
  const auto known = state.objects().owned_by(deployment->uid());
  const bool is_known = std::any_of(known.begin(), known.end(),
                                    [&](const Object& set) { return set->name() == name; });
  if (!is_known) {
    document.set(revision_annotation, add_replica_set(state, deployment, hash, known.size()));
  }
  roll_out(state, deployment, name);
  state.update(deployment, with_deployment_status(std::move(document),
                                                  state.objects().owned_by(deployment->uid()), name,
                                                  state.now()));
}

}  // namespace cpab
