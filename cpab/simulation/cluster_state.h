#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "cpab/io/clock.h"
#include "cpab/simulation/load.h"
#include "cpab/simulation/metric_values.h"
#include "cpab/simulation/object_store.h"
#include "cpab/simulation/resource_catalog.h"
#include "cpab/simulation/simulation_options.h"

namespace cpab {

/// Whether a write takes effect, or is only checked and shown (`dryRun=All`).
enum class WriteMode { real, dry_run };

/// The objects of the simulated cluster and what happens to them as time passes: controllers
/// create and delete pods, pods start, become ready and end. Nothing runs by itself: advance()
/// catches up with the clock. Not thread-safe; SimulatedCluster guards it.
class ClusterState {
 public:
  ClusterState(Clock& clock, const SimulationOptions& options);

  /// Lets everything happen that is due, in its order. What controllers do in answer to a change
  /// happens at the next call, as on a real cluster: the answer to a write does not show it yet.
  void advance();

  const ObjectStore& objects() const { return store_; }
  const ResourceCatalog& types() const { return catalog_; }
  const SimulationOptions& options() const { return options_; }
  WallTime now() const;
  std::string random_suffix() { return store_.random_suffix(); }

  /// Stores a new object and lets its controller know. A CustomResourceDefinition is served at
  /// once. Throws ApiError when the name is taken or the namespace missing or ending.
  Object create(const ResourceType& type, Json document, WriteMode mode = WriteMode::real);

  /// Stores the next version; returns the stored one when nothing changed. An object that is
  /// being deleted goes when its last finalizer does.
  Object update(const Object& object, Json document, WriteMode mode = WriteMode::real);

  enum class Removal {
    graceful,    ///< pods take their time to stop; what the object owns goes after it
    immediate,   ///< the same, with no time to stop
    foreground,  ///< the object goes after what it owns
    orphan,      ///< what the object owns stays, owned by nobody
  };

  /// Deletes `object`, or lets it begin to end: pods stop, finalizers are waited for, namespaces
  /// and CustomResourceDefinitions go after their content.
  void remove(const Object& object, Removal removal = Removal::graceful);

  /// `target` is a workload; none of the functions below needs it to exist.
  void set_load(const ResourceType& type, const std::string& namespace_name,
                const std::string& name, LoadFunction load);
  std::vector<Load> loads();
  std::optional<Load> load(const ResourceType& type, const std::string& namespace_name,
                           const std::string& name);

  /// What the metrics APIs show besides what follows from the loads, and how they behave.
  MetricValues& metrics() { return metrics_; }
  const MetricsServing& serving() const { return serving_; }
  void set_serving(MetricsServing serving);

  /// What services outside the cluster answer, by path (page_routes.h).
  using Pages = std::map<std::string, std::string>;
  Pages& pages() { return pages_; }

  /// The share of this pod of the load on the workload it belongs to; 0 when not ready.
  double pod_load(const Object& pod) { return pod_share(pod).value_or(0); }
  /// The same, none of a pod that takes no part in a load: it is not ready, or there is no load.
  std::optional<double> pod_share(const Object& pod);

 private:
  enum class Step { start, become_ready, vanish };
  struct Event {
    std::string pod_uid;
    Step step;
  };
  using Target = std::tuple<const ResourceType*, std::string, std::string>;

  void settle();
  void mark_changed(const Object& object);
  void schedule(Duration after, const Object& pod, Step step);
  void happen(const Event& event);
  void check_creation(const ResourceType& type, const Json& document) const;
  void remove_pod(const Object& pod, bool at_once);
  void begin_to_end(const Object& object, bool foreground);
  void erase(const Object& object, Removal dependents);
  void release(const Object& owner);
  bool advance_ending();
  bool advance_ending(const Object& object);
  std::vector<Object> content_of(const Object& object) const;
  std::int32_t ready_pods(const Object& workload);
  Load load_now(const Target& target, const LoadFunction& function);

  Clock& clock_;
  const SimulationOptions options_;
  const TimePoint start_;
  TimePoint time_;  // how far the cluster has lived
  ObjectStore store_;
  std::mt19937_64 spread_;  // of the times that pods take
  std::multimap<TimePoint, Event> timeline_;
  ResourceCatalog catalog_;
  std::set<std::string> changed_;  // uids of workloads whose controller has to look
  std::set<std::string> ending_;   // uids of what waits for finalizers or its content
  std::uint32_t next_ip_ = 1;
  std::map<Target, LoadFunction> loads_;
  MetricValues metrics_;
  Pages pages_;
  MetricsServing serving_;
  std::uint64_t ready_counts_version_ = 0;            // of the store, for which they hold
  std::map<std::string, std::int32_t> ready_counts_;  // by uid of the workload
};

}  // namespace cpab
