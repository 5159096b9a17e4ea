#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cpab/kubernetes/cluster.h"
#include "cpab/simulation/cluster_state.h"
#include "cpab/simulation/faults.h"
#include "cpab/simulation/workload.h"

namespace cpab {

/// What a test or a chart wants to know of a workload.
struct WorkloadView {
  std::int32_t wanted = 0;  ///< spec.replicas
  std::int32_t pods = 0;    ///< status.replicas
  std::int32_t ready = 0;

  friend bool operator==(const WorkloadView&, const WorkloadView&) = default;
};

/// A Kubernetes cluster in the process: workloads with pods that take time to start, and a load
/// that the ready ones share. It lives on `clock`: each access first lets everything happen that
/// is due, so that on a ManualClock a day passes at once. Safe to call from several threads.
///
/// Two faces: this Cluster interface, and over HTTP the SimulatedApiServer. Both answer the same.
class SimulatedCluster final : public Cluster {
 public:
  /// `clock` outlives the cluster. There is a namespace `default`, and a custom resource `Index`
  /// (index_definition()).
  explicit SimulatedCluster(Clock& clock, const SimulationOptions& options = {});

  // --- Making it and meddling with it

  void add_namespace(const std::string& name);

  /// Throws std::invalid_argument for a kind that is no workload, KubernetesError when the name is
  /// taken.
  ScaleTarget add_workload(const WorkloadOptions& options);
  ScaleTarget add_deployment(WorkloadOptions options = {});

  /// What `kubectl create` would do with one object (JSON with apiVersion and kind), and
  /// `kubectl apply --server-side --force-conflicts` with a manifest: YAML or JSON, any number of
  /// objects, all or, when one is refused, those before it. Objects without a namespace are put
  /// into `default`. Throw KubernetesError.
  void create(const std::string& object);
  void apply_manifest(const std::string& manifest);

  /// Replaces the load on `target`, which need not exist.
  void set_load(const ScaleTarget& target, LoadFunction load);
  Load load(const ScaleTarget& target);  ///< throws KubernetesError when it has none

  /// What the metrics APIs show from now on, and how they behave.
  void set_metric(const MetricSubject& subject, MetricSeries series);
  void remove_metric(const MetricSubject& subject,
                     const std::map<std::string, std::string>& labels = {});  ///< that series
  MetricSubject metric_of(const ScaleTarget& target, const std::string& metric);
  void set_usage(const std::string& namespace_name, const std::string& pod,
                 const std::string& container, ContainerUsage usage);
  void set_metrics_serving(MetricsServing serving);

  /// What is answered for `path` below /simulation/http from now on; none: 404.
  void set_page(const std::string& path, std::optional<std::string> body);

  WorkloadView view(const ScaleTarget& target);

  /// What somebody with kubectl would do. Throw KubernetesError.
  void scale_by_hand(const ScaleTarget& target, std::int32_t replicas);
  void merge_patch(const ScaleTarget& target, const std::string& patch);
  void merge_patch_pod(const std::string& namespace_name, const std::string& name,
                       const std::string& patch);  ///< of its status, too
  void remove(const ScaleTarget& target);          ///< an object of any kind

  /// What goes wrong with the Cluster functions below, matched by the request that the REST face
  /// would see. Latency passes on the clock; all that spoils an answer is a KubernetesError.
  Faults& faults() { return faults_; }

  // --- Cluster

  Resource target(const ScaleTarget& target, const Budget& budget) override;
  Scale scale(const ScaleTarget& target, const Budget& budget) override;
  std::vector<Resource> pods(const std::string& namespace_name, const std::string& selector,
                             const Budget& budget) override;
  Scale set_replicas(const ScaleTarget& target, const Scale& observed, std::int32_t replicas,
                     const Budget& budget) override;

  // --- For the other face

  /// Calls `function(ClusterState&)` under the lock, after catching up with the clock. What it
  /// returns must not refer to the state.
  template <class Function>
  auto access(Function function) {
    const std::lock_guard lock(mutex_);
    state_.advance();
    return function(state_);
  }

 private:
  struct Place;
  Place place_of(const ScaleTarget& target);
  template <class Function>
  auto call(const std::string& method, const std::string& path, const Budget& budget,
            Function function);

  Clock& clock_;
  Faults faults_;
  std::mutex mutex_;
  ClusterState state_;  // guarded by mutex_
};

}  // namespace cpab
