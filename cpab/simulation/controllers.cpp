#include "cpab/simulation/controllers.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "cpab/simulation/deployment_controller.h"
#include "cpab/simulation/pod.h"
#include "cpab/simulation/workload_status.h"

namespace cpab {
namespace {

std::vector<Object> active_pods(const ClusterState& state, const Object& workload) {
  auto pods = state.objects().owned_by(workload->uid());
  std::erase_if(pods, [](const Object& pod) { return pod->terminating() || is_finished(*pod); });
  return pods;
}

void create_pod(ClusterState& state, const Object& workload, const std::string& name) {
  state.create(type_of_kind("Pod"), new_pod(*workload, name, state.now()));
}

/// Made up, and no other pod's: of thousands two would be called the same now and then.
std::string new_pod_name(ClusterState& state, const Object& workload) {
  const ResourceType& pods = type_of_kind("Pod");
  std::string name;
  do {
    name = workload->name() + "-" + state.random_suffix();
  } while (state.objects().find(pods, workload->namespace_name(), name) != nullptr);
  return name;
}

/// Those worth least first: not ready before ready, then young before old.
void order_for_removal(std::vector<Object>& pods) {
  std::sort(pods.begin(), pods.end(), [](const Object& left, const Object& right) {
    const bool left_ready = is_ready(*left);
    const bool right_ready = is_ready(*right);
    return left_ready != right_ready ? right_ready : left->born() > right->born();
  });
}

void reconcile_replicas(ClusterState& state, const Object& workload) {
  auto pods = active_pods(state, workload);
  const auto wanted = static_cast<std::size_t>(wanted_replicas(*workload));
  for (auto count = pods.size(); count < wanted; ++count) {
    create_pod(state, workload, new_pod_name(state, workload));
  }
  if (pods.size() > wanted) {
    order_for_removal(pods);
    for (std::size_t i = 0; i < pods.size() - wanted; ++i) state.remove(pods[i]);
  }
}

/// Pods are called `name-0` to `name-(n-1)`. A name is free again when its last bearer is gone.
void reconcile_ordinals(ClusterState& state, const Object& workload) {
  const auto wanted = wanted_replicas(*workload);
  std::set<std::string> names;
  for (std::int64_t ordinal = 0; ordinal < wanted; ++ordinal) {
    names.insert(workload->name() + "-" + std::to_string(ordinal));
  }
  for (const auto& pod : state.objects().owned_by(workload->uid())) {
    if (names.erase(pod->name()) == 0 && !pod->terminating()) state.remove(pod);
  }
  for (const auto& name : names) create_pod(state, workload, name);
}

}  // namespace

void reconcile(ClusterState& state, const Object& workload) {
  if (!runs_pods(*workload) || workload->terminating()) return;
  const auto& kind = workload->type().kind;
  if (kind == "Deployment") return reconcile_deployment(state, workload);
  if (kind == "StatefulSet") {
    reconcile_ordinals(state, workload);
  } else {
    reconcile_replicas(state, workload);
  }
  state.update(workload, with_pod_status(*workload, active_pods(state, workload)));
}

}  // namespace cpab
