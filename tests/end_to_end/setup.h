#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/io/system_clock.h"
#include "cpab/simulation/simulated_api_server.h"
#include "cpab/simulation/simulated_cluster.h"
#include "tests/fakes/daemon.h"
#include "tests/fakes/temporary_directory.h"

namespace cpab {

/// What one end-to-end test needs: a simulated cluster behind HTTP in which pods start and end at
/// once, with a Deployment `shop` of one replica, and the configuration of a daemon that wants
/// three. Change what the test is about, then start().
class Setup {
 public:
  explicit Setup(const SimulatedApiServerOptions& server_options = {});

  /// Writes configuration and kubeconfig and starts the daemon with them, asking for the kubeconfig
  /// by the variable KUBECONFIG.
  Daemon start();

  /// A shell method, as the value of its key.
  std::string shell(const std::string& script, int timeout_ms = 60'000) const;

  /// An http method in body mode, as the value of its key.
  static std::string http(const std::string& url, const std::string& headers = "{}");

  /// A script that makes the file `<name>.begun`, waits for `<name>.go`, and then runs `rest`.
  std::string waiting(const std::string& name, const std::string& rest) const;
  bool has_begun(const std::string& name) const;  ///< waits for it
  void let_go(const std::string& name) const;

  std::int32_t replicas() { return cluster.view(shop).wanted; }
  bool reaches(std::int32_t wanted);  ///< waits for it

  /// The configuration as text, and the files that start() writes.
  std::string config_text() const;
  std::string write_config() const;
  std::string write_kubeconfig() const;

  SystemClock clock;
  SimulatedCluster cluster;
  ScaleTarget shop;
  SimulatedApiServer server;
  TemporaryDirectory folder;

  std::map<std::string, std::string> config;  ///< the value of each key, in YAML
  std::string kubeconfig_cluster;             ///< the entry of the cluster, in YAML
  std::string kubeconfig_user = "{}";         ///< that of the user
  std::vector<std::string> arguments;         ///< after `cpab`
  Program::Variables variables;
};

/// An interval so long that the loop never runs, for tests of the API.
inline constexpr const char* never = "3600000";

/// The records the daemon has made so far, oldest first.
std::vector<nlohmann::json> decisions(Daemon& daemon);

/// Waits until it has made `count` of them.
bool has_decided(Daemon& daemon, std::size_t count);

/// A member of a JSON object in text: `{"targetReplicas":3}`, `targetReplicas`.
nlohmann::json member(const std::string& text, const std::string& name);

/// How often requests of this method reached a path that ends like this.
std::size_t count_requests(SimulatedApiServer& server, std::string_view method,
                           std::string_view path_end);

}  // namespace cpab
