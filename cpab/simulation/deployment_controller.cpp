#include "cpab/simulation/deployment_controller.h"

#include <string_view>

#include "cpab/simulation/workload_status.h"

namespace cpab {
namespace {

constexpr const char* hash_label = "/pod-template-hash";
constexpr const char* revision_annotation =
    "/metadata/annotations/deployment.kubernetes.io~1revision";

/// FNV-1a in Kubernetes' vowel-free alphabet.
std::string template_hash(const Json& pod_template) {
  constexpr std::string_view letters = "bcdfghjklmnpqrstvwxz2456789";
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const unsigned char c : pod_template.text()) hash = (hash ^ c) * 0x100000001b3u;
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
  set.set("/spec/replicas", wanted_replicas(*deployment));
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

}  // namespace

void reconcile_deployment(ClusterState& state, const Object& deployment) {
  const auto hash = template_hash(deployment->document().at("/spec/template"));
  const auto name = deployment->name() + "-" + hash;
  auto replica_sets = state.objects().owned_by(deployment->uid());
  Object current;
  for (const auto& set : replica_sets) {
    if (set->name() == name) current = set;
    set_replicas(state, set, set->name() == name ? wanted_replicas(*deployment) : 0);
  }
  auto document = deployment->document();
  if (!current) {
    const auto revision = std::to_string(replica_sets.size() + 1);
    state.create(type_of_kind("ReplicaSet"), new_replica_set(deployment, hash, revision));
    document.set(revision_annotation, revision);
  }
  replica_sets = state.objects().owned_by(deployment->uid());
  state.update(deployment,
               with_deployment_status(std::move(document), replica_sets, name, state.now()));
}

}  // namespace cpab
