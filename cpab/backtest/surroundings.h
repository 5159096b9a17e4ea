#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cpab/backtest/scenario.h"
#include "cpab/io/posix_process_runner.h"
#include "cpab/io/temporary_folder.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {

/// What user logic finds around it in a replay: on the target, over HTTP, in the environment of its
/// programs, in files, and in the metrics APIs. For one thread, while no program runs.
class Surroundings {
 public:
  /// All references outlive this. Throws std::system_error when there is no place for files.
  Surroundings(const Scenario& scenario, SimulatedCluster& cluster, PosixProcessRunner& programs);

  /// Whom the labels, annotations and metrics belong to.
  void set_target(const ScaleTarget& target) { target_ = target; }

  /// Puts the environment of the scenario into that of the programs, now that `cluster_url` is
  /// known.
  void set_environment(const std::string& cluster_url);

  /// `text` with the addresses of this replay for `{cluster}`, `{http}` and `{files}`.
  std::string filled(std::string text) const;

  /// Shows what is so at `moment`; without one, nothing is shown. Only what changed is written.
  void show(const std::optional<WorldMoment>& moment);

 private:
  using Text = std::optional<std::string>;

  Text text_of(const ShownValue& shown, const std::optional<WorldMoment>& moment) const;
  void write(const ShownValue& shown, const Text& text);
  void write_metric(const MetricSubject& subject, const ShownValue& shown, const Text& text);
  void write_metadata();
  void write_files(const std::string& folder, const Text& count);

  const Scenario& scenario_;
  SimulatedCluster& cluster_;
  PosixProcessRunner& programs_;
  ScaleTarget target_;
  std::string cluster_url_;
  std::unique_ptr<TemporaryFolder> files_;      // null: no value is shown as files
  std::map<std::string, std::size_t> counts_;   // of the files, by folder
  std::vector<Text> last_;                      // what each entry of scenario_.shows shows
  std::map<std::string, Text> changed_labels_;  // which the target does not have yet
  std::map<std::string, Text> changed_annotations_;
};

}  // namespace cpab
