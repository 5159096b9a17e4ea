#include "cpab/simulation/cluster_state.h"

#include <algorithm>
#include <tuple>
#include <utility>

#include "cpab/simulation/api_error.h"
#include "cpab/simulation/controllers.h"
#include "cpab/simulation/custom_resource_definition.h"
#include "cpab/simulation/metrics_types.h"
#include "cpab/simulation/pod.h"
#include "cpab/simulation/workload_status.h"

namespace cpab {
namespace {

bool is_pod(const Object& object) { return object->type().kind == "Pod"; }

bool is_namespace(const Object& object) { return object->type().kind == "Namespace"; }

bool is_definition(const ResourceType& type) {
  return &type.storage() == &type_of_kind("CustomResourceDefinition");
}

constexpr const char* foreground_finalizer = "foregroundDeletion";

bool has_finalizers(const Object& object) {
  return object->document().contains("/metadata/finalizers/0");
}

/// Null when the object does not wait for what it owns.
Json without_foreground_finalizer(const Object& object) {
  const auto finalizers = object->document().elements_at("/metadata/finalizers");
  for (std::size_t i = 0; i < finalizers.size(); ++i) {
    if (finalizers[i].string_at("") != foreground_finalizer) continue;
    auto document = object->document();
    return document.erase("/metadata/finalizers/" + std::to_string(i));
  }
  return Json::parse("null");
}

/// 10.244.0.1 and so on.
std::string pod_ip(std::uint32_t number) {
  return "10.244." + std::to_string(number / 250 % 250) + "." + std::to_string(number % 250 + 1);
}

}  // namespace

ClusterState::ClusterState(Clock& clock, const SimulationOptions& options)
    : clock_(clock),
      options_(options),
      start_(clock.now()),
      time_(start_),
      store_(options.seed, options.history_length),
      spread_(options.seed) {
  set_serving({});
}

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
  do {
    while (!changed_.empty()) {
      const auto uid = changed_.extract(changed_.begin()).value();
      if (const auto workload = store_.find_uid(uid)) reconcile(*this, workload);
    }
  } while (advance_ending());
}

/// Deployments look at the pods of their ReplicaSets, too.
void ClusterState::mark_changed(const Object& object) {
  if (runs_pods(*object)) changed_.insert(object->uid());
  if (object->owner_uid().empty()) return;
  changed_.insert(object->owner_uid());
  const auto owner = is_pod(object) ? store_.find_uid(object->owner_uid()) : nullptr;
  if (owner && !owner->owner_uid().empty()) changed_.insert(owner->owner_uid());
}

void ClusterState::check_creation(const ResourceType& type, const Json& document) const {
  const auto name = document.string_at("/metadata/name");
  const auto namespace_name = document.string_at("/metadata/namespace");
  static const auto& namespaces = type_of_kind("Namespace");
  if (type.namespaced) {
    const auto home = store_.find(namespaces, "", namespace_name);
    if (!home) throw not_found(namespaces, namespace_name);
    if (home->terminating()) {
      throw forbidden(type.qualified_plural() + " \"" + name +
                      "\" is forbidden: unable to create new content in namespace " +
                      namespace_name + " because it is being terminated");
    }
  }
  if (store_.find(type, namespace_name, name)) throw already_exists(type, name);
}

Object ClusterState::create(const ResourceType& type, Json document, WriteMode mode) {
  check_creation(type, document);
  if (mode == WriteMode::dry_run) return store_.preview(type, std::move(document), now());
  if (is_definition(type)) {
    const auto defined = parse_definition(document);
    catalog_.define(defined.storage, defined.versions);
    document = with_established_status(std::move(document), now());
  }
  const auto object = store_.create(type, std::move(document), now());
  if (is_pod(object)) schedule(options_.pod_start_time, object, Step::start);
  mark_changed(object);
  return object;
}

Object ClusterState::update(const Object& object, Json document, WriteMode mode) {
  if (mode == WriteMode::dry_run) {
    return std::make_shared<const StoredObject>(object->type(), std::move(document),
                                                object->version(), object->born());
  }
  if (is_definition(object->type()) && !object->terminating()) {
    const auto defined = parse_definition(document);
    catalog_.define(defined.storage, defined.versions);
    document = with_established_status(std::move(document), now());
  }
  const auto next = store_.update(object, std::move(document));
  if (next != object) mark_changed(next);
  return next;
}

void ClusterState::remove(const Object& object, Removal removal) {
  if (removal == Removal::orphan) {
    release(object);
    removal = Removal::graceful;
  }
  if (is_pod(object)) return remove_pod(object, removal == Removal::immediate);
  const bool foreground = removal == Removal::foreground && !store_.owned_by(object->uid()).empty();
  if (foreground || has_finalizers(object) || is_namespace(object) ||
      is_definition(object->type())) {
    begin_to_end(object, foreground);
  } else {
    erase(object, removal);
  }
}

void ClusterState::begin_to_end(const Object& object, bool foreground) {
  ending_.insert(object->uid());
  if (object->terminating()) return;
  auto document = object->document();
  document.set("/metadata/deletionTimestamp", rfc3339_seconds(now()));
  document.set("/metadata/deletionGracePeriodSeconds", 0);
  if (is_namespace(object)) document.set("/status/phase", "Terminating");
  if (is_definition(object->type())) {
    document = with_terminating_status(std::move(document), now());
  }
  if (foreground) {
    if (!has_finalizers(object)) document.set("/metadata/finalizers", Json::parse("[]"));
    document.set("/metadata/finalizers/-", foreground_finalizer);
  }
  const auto next = store_.update(object, std::move(document));
  mark_changed(next);
}

void ClusterState::erase(const Object& object, Removal dependents) {
  store_.remove(object);
  if (is_definition(object->type())) {
    catalog_.undefine(object->document().string_at("/spec/group"),
                      object->document().string_at("/spec/names/plural"));
  }
  mark_changed(object);
  for (const auto& owned : store_.owned_by(object->uid())) remove(owned, dependents);
}

void ClusterState::release(const Object& owner) {
  for (const auto& owned : store_.owned_by(owner->uid())) {
    auto document = owned->document();
    update(owned, document.erase("/metadata/ownerReferences"));
  }
}

void ClusterState::remove_pod(const Object& pod, bool at_once) {
  if (at_once || options_.pod_stop_time == Duration::zero()) {
    if (has_finalizers(pod)) return begin_to_end(pod, false);
    erase(pod, Removal::graceful);
  } else if (!pod->terminating()) {
    update(pod, terminating_pod(pod->document(), now()));
    schedule(options_.pod_stop_time, pod, Step::vanish);
  }
}

/// What goes before `object` does.
std::vector<Object> ClusterState::content_of(const Object& object) const {
  const auto& document = object->document();
  std::vector<Object> content;
  if (is_definition(object->type())) {
    const auto* type = catalog_.find(document.string_at("/spec/group"),
                                     document.string_at("/status/storedVersions/0"),
                                     document.string_at("/spec/names/plural"));
    if (type != nullptr) content = store_.list(*type, "");
  }
  if (is_namespace(object)) {
    for (const auto* type : catalog_.served()) {
      if (!type->namespaced) continue;
      const auto objects = store_.list(*type, object->name());
      content.insert(content.end(), objects.begin(), objects.end());
    }
  }
  if (without_foreground_finalizer(object).is_object()) content = store_.owned_by(object->uid());
  return content;
}

/// Whether anything happened.
bool ClusterState::advance_ending() {
  bool happened = false;
  for (const auto& uid : std::set<std::string>(ending_)) {
    if (const auto object = store_.find_uid(uid)) {
      happened = advance_ending(object) || happened;
    } else {
      ending_.erase(uid);
    }
  }
  return happened;
}

bool ClusterState::advance_ending(const Object& object) {
  const auto content = content_of(object);
  const bool waits_for_dependents = without_foreground_finalizer(object).is_object();
  bool happened = false;
  for (const auto& part : content) {
    if (part->terminating() || !store_.find_uid(part->uid())) continue;
    remove(part, waits_for_dependents ? Removal::foreground : Removal::graceful);
    happened = true;
  }
  if (!content.empty()) return happened;
  if (auto document = without_foreground_finalizer(object); document.is_object()) {
    update(object, std::move(document));
    return true;
  }
  if (has_finalizers(object)) return false;
  ending_.erase(object->uid());
  erase(object, Removal::graceful);
  return true;
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
      return schedule(options_.pod_ready_time + draw(options_.pod_ready_extra, spread_), pod,
                      Step::become_ready);
    case Step::become_ready:
      if (!pod->terminating() && !is_finished(*pod)) {
        update(pod, ready_pod(pod->document(), now()));
      }
      return;
    case Step::vanish:
      return remove_pod(pod, true);
  }
}

void ClusterState::set_serving(MetricsServing serving) {
  serving_ = std::move(serving);
  catalog_.set_extensions(metrics_types(serving_));
}

void ClusterState::set_load(const ResourceType& type, const std::string& namespace_name,
                            const std::string& name, LoadFunction load) {
  loads_[{&type.storage(), namespace_name, name}] = std::move(load);
}

std::vector<Load> ClusterState::loads() {
  std::vector<Load> result;
  for (const auto& [target, function] : loads_) result.push_back(load_now(target, function));
  return result;
}

std::optional<Load> ClusterState::load(const ResourceType& type, const std::string& namespace_name,
                                       const std::string& name) {
  const auto found = loads_.find({&type.storage(), namespace_name, name});
  if (found == loads_.end()) return std::nullopt;
  return load_now(found->first, found->second);
}

std::optional<double> ClusterState::pod_share(const Object& pod) {
  if (!is_ready(*pod)) return std::nullopt;
  for (auto owner = store_.find_uid(pod->owner_uid()); owner;
       owner = store_.find_uid(owner->owner_uid())) {
    const auto found = load(owner->type(), owner->namespace_name(), owner->name());
    if (found) return found->per_pod();
  }
  return std::nullopt;
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
