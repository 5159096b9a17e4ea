#include "cpab/simulation/cluster_state.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "cpab/simulation/api_error.h"
#include "cpab/simulation/controllers.h"
#include "cpab/simulation/pod.h"

namespace cpab {
namespace {

bool is_pod(const Object& object) { return object->type().kind == "Pod"; }

/// 10.244.0.1 and so on.
std::string pod_ip(std::uint32_t number) {
  return "10.244." + std::to_string(number / 250 % 250) + "." + std::to_string(number % 250 + 1);
}

}  // namespace

ClusterState::ClusterState(Clock& clock, const SimulationOptions& options)
    : clock_(clock), options_(options), start_(clock.now()), time_(start_), store_(options.seed) {}

WallTime ClusterState::now() const {
  return clock_.wall_now() - std::chrono::duration_cast<Duration>(clock_.now() - time_);
}

void ClusterState::advance() {
  settle();
  const auto now = clock_.now();
  while (!timeline_.empty() && timeline_.begin()->first <= now) {
    time_ = std::max(time_, timeline_.begin()->first);
    while (!timeline_.empty() && timeline_.begin()->first <= time_) {
      const auto event = timeline_.extract(timeline_.begin());
      happen(event.mapped());
    }
    settle();
  }
  time_ = std::max(time_, now);
}

void ClusterState::settle() {
  while (!changed_.empty()) {
    const auto uid = changed_.extract(changed_.begin()).value();
    if (const auto workload = store_.find_uid(uid)) reconcile(*this, workload);
  }
}

void ClusterState::mark_changed(const Object& object) {
  if (object->type().has_scale) changed_.insert(object->uid());
  if (!object->owner_uid().empty()) changed_.insert(object->owner_uid());
}

Object ClusterState::create(const ResourceType& type, Json document) {
  const auto name = document.string_at("/metadata/name");
  const auto namespace_name = document.string_at("/metadata/namespace");
  static const auto& namespaces = type_of_kind("Namespace");
  if (type.namespaced && !store_.find(namespaces, "", namespace_name)) {
    throw not_found(namespaces, namespace_name);
  }
  if (store_.find(type, namespace_name, name)) throw already_exists(type, name);
  const auto object = store_.create(type, std::move(document), now());
  if (is_pod(object)) schedule(options_.pod_start_time, object, Step::start);
  mark_changed(object);
  return object;
}

Object ClusterState::update(const Object& object, Json document) {
  const auto next = store_.update(object, std::move(document));
  if (next != object) mark_changed(next);
  return next;
}

void ClusterState::remove(const Object& object, Removal removal) {
  if (is_pod(object)) return remove_pod(object, removal == Removal::immediate);
  if (object->type().kind == "Namespace") remove_namespace_content(object->name());
  store_.remove(object);
  mark_changed(object);
  for (const auto& owned : store_.owned_by(object->uid())) {
    if (removal == Removal::orphan) {
      auto document = owned->document();
      update(owned, document.erase("/metadata/ownerReferences"));
    } else {
      remove(owned, removal);
    }
  }
}

void ClusterState::remove_pod(const Object& pod, bool at_once) {
  if (at_once || options_.pod_stop_time == Duration::zero()) {
    store_.remove(pod);
    mark_changed(pod);
  } else if (!pod->terminating()) {
    update(pod, terminating_pod(pod->document(), now()));
    schedule(options_.pod_stop_time, pod, Step::vanish);
  }
}

void ClusterState::remove_namespace_content(const std::string& namespace_name) {
  for (const auto& type : resource_types()) {
    if (!type.namespaced) continue;
    for (const auto& object : store_.list(type, namespace_name)) store_.remove(object);
  }
}

void ClusterState::schedule(Duration after, const Object& pod, Step step) {
  timeline_.emplace(time_ + after, Event{pod->uid(), step});
}

void ClusterState::happen(const Event& event) {
  const auto pod = store_.find_uid(event.pod_uid);
  if (!pod) return;
  switch (event.step) {
    case Step::start:
      if (pod->terminating()) return;
      update(pod, started_pod(pod->document(), pod_ip(next_ip_++), now()));
      return schedule(options_.pod_ready_time, pod, Step::become_ready);
    case Step::become_ready:
      if (!pod->terminating() && !is_finished(*pod)) {
        update(pod, ready_pod(pod->document(), now()));
      }
      return;
    case Step::vanish:
      return remove_pod(pod, true);
  }
}

void ClusterState::set_load(const ResourceType& type, const std::string& namespace_name,
                            const std::string& name, LoadFunction load) {
  loads_[{&type, namespace_name, name}] = std::move(load);
}

std::vector<Load> ClusterState::loads() {
  std::vector<Load> result;
  for (const auto& [target, function] : loads_) result.push_back(load_now(target, function));
  return result;
}

std::optional<Load> ClusterState::load(const ResourceType& type, const std::string& namespace_name,
                                       const std::string& name) {
  const auto found = loads_.find({&type, namespace_name, name});
  if (found == loads_.end()) return std::nullopt;
  return load_now(found->first, found->second);
}

double ClusterState::pod_load(const Object& pod) {
  if (!is_ready(*pod)) return 0;
  for (auto owner = store_.find_uid(pod->owner_uid()); owner;
       owner = store_.find_uid(owner->owner_uid())) {
    const auto found = load(owner->type(), owner->namespace_name(), owner->name());
    if (found) return found->per_pod();
  }
  return 0;
}

Load ClusterState::load_now(const Target& target, const LoadFunction& function) {
  const auto& [type, namespace_name, name] = target;
  const auto age = std::chrono::duration_cast<Duration>(time_ - start_);
  Load result{type->kind, namespace_name, name, function(age), 0};
  if (const auto workload = store_.find(*type, namespace_name, name)) {
    result.ready_pods = ready_pods(workload);
  }
  return result;
}

/// Counting is remembered until something changes: with a thousand pods, each asking for its own
/// share, it would otherwise be quadratic.
std::int32_t ClusterState::ready_pods(const Object& workload) {
  if (std::exchange(ready_counts_version_, store_.version()) != store_.version()) {
    ready_counts_.clear();
  }
  if (const auto known = ready_counts_.find(workload->uid()); known != ready_counts_.end()) {
    return known->second;
  }
  std::int32_t count = 0;
  for (const auto& owned : store_.owned_by(workload->uid())) {
    count += is_pod(owned) ? static_cast<std::int32_t>(is_ready(*owned)) : ready_pods(owned);
  }
  return ready_counts_[workload->uid()] = count;
}

}  // namespace cpab
