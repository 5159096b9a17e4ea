#pragma once

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cpab/io/system_clock.h"
#include "cpab/simulation/simulated_api_server.h"
#include "cpab/simulation/simulated_cluster.h"
#include "tests/end_to_end/tls_files.h"
#include "tests/fakes/daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace cpab {

/// A cluster for tests that know it only by a kubeconfig and talk to it with kubectl: the one named
/// by CPAB_E2E_KUBECONFIG, or a simulated one. Each has a namespace of its own in it, which is
/// deleted in the end, also when the test program is killed.
///
/// Nothing is assumed but an API server and the controllers of workloads. The simulated cluster has
/// no kubelets on purpose: pods become ready when a test says so.
class LiveCluster {
 public:
  LiveCluster();

  LiveCluster(const LiveCluster&) = delete;
  LiveCluster& operator=(const LiveCluster&) = delete;

  /// Runs kubectl in the namespace.
  Outcome kubectl(std::vector<std::string> arguments);

  /// The same, throwing std::runtime_error with what it said unless it succeeds.
  std::string must(const std::vector<std::string>& arguments);

  /// Creates what a manifest (YAML) says.
  void create(const std::string& manifest);

  /// Deletes this, too, in the end: `customresourcedefinition/indices.example`.
  void delete_in_the_end(const std::string& resource);

  /// `spec.replicas` of `deployment/shop`; -1 when it is not there.
  int replicas(const std::string& target);

  /// Whether that many pods of `selector` come to be ready and no others are left. Those that no
  /// kubelet takes care of are made ready.
  bool has_ready_pods(const std::string& selector, std::size_t count);

  /// Starts the daemon, with this configuration and the kubeconfig of the cluster.
  Daemon start(const std::string& config);

  const std::string& namespace_name() const { return namespace_; }
  const TemporaryDirectory& folder() const { return folder_; }

 private:
  struct Simulation;
  struct CloseGuard {
    void operator()(std::FILE* guard) const { ::pclose(guard); }
  };

  Program::Variables variables() const { return {{"HOME", folder_.file("")}}; }
  std::string make_namespace();
  void make_ready(nlohmann::json pod);

  TemporaryDirectory folder_;
  std::shared_ptr<Simulation> simulation_;  // none: a real one
  const std::string kubeconfig_;
  std::string namespace_;  // empty: not made yet
  std::vector<std::unique_ptr<std::FILE, CloseGuard>> guards_;
};

}  // namespace cpab
