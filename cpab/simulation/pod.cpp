#include "cpab/simulation/pod.h"

#include <array>

namespace cpab {
namespace {

constexpr std::int64_t grace_seconds = 30;  // only shown; how long stopping takes is an option

Json condition(const std::string& type, bool holds, const std::string& time) {
  Json result;
  result.set("/type", type).set("/status", holds ? "True" : "False");
  result.set("/lastProbeTime", Json::parse("null")).set("/lastTransitionTime", time);
  return result;
}

/// The conditions in the API server's order; `ready_since` is kept apart because becoming ready
/// has its own transition time.
Json conditions(const std::string& scheduled, bool ready, const std::string& ready_since) {
  Json list = Json::parse("[]");
  list.set("/-", condition("Initialized", true, scheduled));
  for (const char* type : {"Ready", "ContainersReady"}) {
    auto entry = condition(type, ready, ready_since);
    if (!ready) {
      entry.set("/reason", "ContainersNotReady");
      entry.set("/message", "containers with unready status");
    }
    list.set("/-", entry);
  }
  return list.set("/-", condition("PodScheduled", true, scheduled));
}

Json container_status(const Json& container, const Json& state, bool ready) {
  Json status;
  status.set("/name", container.string_at("/name")).set("/state", state);
  status.set("/lastState", Json()).set("/ready", ready).set("/restartCount", 0);
  status.set("/image", container.string_at("/image")).set("/imageID", "");
  return status.set("/started", state.contains("/running"));
}

Json container_statuses(const Json& pod, const Json& state, bool ready) {
  Json list = Json::parse("[]");
  for (const auto& container : pod.elements_at("/spec/containers")) {
    list.set("/-", container_status(container, state, ready));
  }
  return list;
}

Json waiting() { return Json().set("/waiting/reason", "ContainerCreating"); }

std::string node_of(const StoredObject& owner) {
  return "node-" + std::to_string(owner.version() % 3 + 1);
}

Json owner_reference(const StoredObject& owner) {
  Json reference;
  reference.set("/apiVersion", owner.type().api_version()).set("/kind", owner.type().kind);
  reference.set("/name", owner.name()).set("/uid", owner.uid());
  return reference.set("/controller", true).set("/blockOwnerDeletion", true);
}

Json metadata(const StoredObject& owner, const std::string& name) {
  Json result = owner.document().at("/spec/template/metadata");
  if (!result.is_object()) result = Json();
  result.erase("/creationTimestamp");
  result.set("/name", name).set("/generateName", owner.name() + "-");
  result.set("/namespace", owner.namespace_name());
  return result.set("/ownerReferences", Json::parse("[]"))
      .set("/ownerReferences/-", owner_reference(owner));
}

}  // namespace

Json new_pod(const StoredObject& owner, const std::string& name, WallTime now) {
  const auto time = rfc3339_seconds(now);
  Json pod;
  pod.set("/metadata", metadata(owner, name));
  pod.set("/spec", owner.document().at("/spec/template/spec"));
  pod.set("/spec/nodeName", node_of(owner));
  pod.set("/status/phase", "Pending");
  pod.set("/status/conditions", conditions(time, false, time));
  pod.set("/status/startTime", time);
  pod.set("/status/containerStatuses", container_statuses(pod, waiting(), false));
  return pod.set("/status/qosClass", "Burstable");
}

Json started_pod(Json pod, const std::string& ip, WallTime now) {
  const auto time = rfc3339_seconds(now);
  const auto state = Json().set("/running/startedAt", time);
  if (!pod.contains("/status/startTime")) {  // no controller has made it
    pod.set("/status/startTime", time).set("/status/conditions", conditions(time, false, time));
  }
  pod.set("/status/phase", "Running").set("/status/hostIP", "10.0.0.1");
  pod.set("/status/podIP", ip).set("/status/podIPs", Json::parse("[]"));
  pod.set("/status/podIPs/-", Json().set("/ip", ip));
  return pod.set("/status/containerStatuses", container_statuses(pod, state, false));
}

Json ready_pod(Json pod, WallTime now) {
  const auto state = pod.at("/status/containerStatuses/0/state");
  const auto scheduled = pod.string_at("/status/startTime");
  pod.set("/status/conditions", conditions(scheduled, true, rfc3339_seconds(now)));
  return pod.set("/status/containerStatuses", container_statuses(pod, state, true));
}

Json terminating_pod(Json pod, WallTime now) {
  const auto end = rfc3339_seconds(now + std::chrono::seconds(grace_seconds));
  pod.set("/metadata/deletionTimestamp", end);
  return pod.set("/metadata/deletionGracePeriodSeconds", grace_seconds);
}

bool is_ready(const StoredObject& pod) {
  if (pod.terminating()) return false;
  for (const auto& entry : pod.document().elements_at("/status/conditions")) {
    if (entry.string_at("/type") == "Ready") return entry.string_at("/status") == "True";
  }
  return false;
}

bool is_finished(const StoredObject& pod) {
  const auto phase = pod.document().string_at("/status/phase");
  return phase == "Failed" || phase == "Succeeded";
}

}  // namespace cpab
