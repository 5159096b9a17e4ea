#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cpab/io/system_clock.h"
#include "cpab/simulation/simulated_api_server.h"
#include "cpab/simulation/simulated_cluster.h"
#include "tests/fakes/program.h"
#include "tests/fakes/temporary_directory.h"

namespace cpab {

/// `text` with `to` for every `from`. Throws std::logic_error when there is none.
std::string with_replaced(const std::string& text, const std::string& from, const std::string& to);

/// The folder of an example.
std::string example_folder(const std::string& example);

/// Whether there is such a program here; warns that a test is skipped when there is none.
bool is_installed(const std::string& program);

/// Starts a program in `folder`.
std::unique_ptr<Program> start_in(const std::string& folder, std::vector<std::string> argv,
                                  const Program::Variables& variables);

/// One example at work: the real binary with the example's config and logic, ten cycles a second,
/// scaling the Deployment `web` of a simulated cluster whose pods start at once.
class ExampleRun {
 public:
  /// `example` names the folder; nothing is started yet.
  explicit ExampleRun(const std::string& example);

  SimulatedCluster& cluster() { return cluster_; }
  const ScaleTarget& web() const { return web_; }
  const std::string& folder() const { return folder_; }

  /// A file of this run alone.
  std::string file(const std::string& name) const { return directory_.file(name); }

  /// What the simulated cluster tells of the load: `{"load":…}`, of the Deployment or, with
  /// `{name}` in it, of one pod.
  std::string deployment_load_url() const;
  std::string pod_load_url() const;

  /// Sets the load on the Deployment.
  void set_load(double load);

  /// The config to use in place of the example's `config.yaml`: that one with `from` replaced.
  void replace_in_config(const std::string& from, const std::string& to);

  /// The folder to start in, when it is not that of the example.
  void start_in_folder(const std::string& folder) { folder_ = folder; }

  /// Starts cpab with the example's config and these variables.
  void start(Program::Variables variables = {});

  /// Waits until the Deployment is wanted with so many replicas; false when that does not happen.
  bool scales_to(std::int32_t replicas);

  /// Waits until cpab has logged `text`; false when it does not.
  bool logs(const std::string& text);

  std::int32_t replicas() { return cluster_.view(web_).wanted; }
  std::string log() const { return cpab_->err(); }

 private:
  bool comes_to_pass(const std::function<bool()>& event);
  std::string kubeconfig() const;

  const TemporaryDirectory directory_;
  std::string folder_;
  std::string config_;
  SystemClock clock_;
  SimulatedCluster cluster_;
  ScaleTarget web_;
  SimulatedApiServer server_;
  std::unique_ptr<Program> cpab_;
};

}  // namespace cpab
