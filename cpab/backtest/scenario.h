#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "cpab/backtest/load_curve.h"
#include "cpab/backtest/shown_value.h"
#include "cpab/io/file.h"
#include "cpab/model/time.h"
#include "cpab/simulation/random_time.h"

namespace cpab {

/// What is good enough for those whom the target serves.
struct ServiceLevel {
  std::optional<double> utilization;  ///< of the capacity of the ready replicas, at most; to 1
  /// Of a request on average, at most; see response_time().
  std::optional<std::chrono::duration<double, std::milli>> latency;
};

/// Something that goes wrong for a while.
struct ScenarioFault {
  Duration at{0};
  Duration lasts{0};
  /// `api`: the API server answers 503; `metrics`: the metrics APIs do; `shows`: nothing is shown.
  std::string what;
};

/// A new pod template, as `kubectl rollout restart` makes one.
struct ScenarioRollout {
  Duration at{0};
};

/// A metric of external.metrics.k8s.io, always the same.
struct ScenarioMetric {
  std::string name;
  std::string value;  ///< a quantity
  std::map<std::string, std::string> labels;
};

/// A program that answers user logic, or is it, over HTTP.
struct ScenarioService {
  std::vector<std::string> command;
  std::map<std::string, std::string> environment;  ///< besides that of cpab
  std::string ready;  ///< an address; the service is ready once it is answered there
};

/// The world in which a configuration is tried (docs/backtest.md).
struct Scenario {
  WallTime start{Duration(1'767'571'200'000)};  ///< 2026-01-05T00:00:00Z, a Monday
  Duration length{86'400'000};
  std::int32_t replicas = 1;         ///< at the start
  double capacity_per_replica = 50;  ///< load that a ready replica serves, a second
  Duration startup_time{30'000};     ///< of a replica, until it is ready
  RandomTime startup_extra;          ///< and so much more, drawn for each replica
  Duration shutdown_time{5'000};
  std::string cpu_request = "1";  ///< of a replica, a quantity
  double cpu_at_capacity = 1;     ///< cores that a replica uses when it serves its capacity
  std::uint64_t seed = 1;
  Duration sample_interval{15'000};  ///< of the timeline
  std::vector<LoadPart> load;
  std::vector<ScenarioMetric> external_metrics;
  std::vector<ShownValue> shows;
  std::map<std::string, std::string> environment;  ///< of user programs
  std::vector<ScenarioService> services;
  ServiceLevel service_level;
  std::vector<ScenarioFault> faults;
  std::vector<ScenarioRollout> rollouts;
  std::vector<std::string> remarks;  ///< on what was read, for the user
};

/// A scenario that cannot be used; one line for each thing that is wrong.
struct ScenarioError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Reads YAML or JSON called `name` in messages; files that it names are looked for in `folder`,
/// and read with `read`. Throws ScenarioError. Unknown keys are
/// errors. A `name` that ends in `.jsonl` is a decision log, the load of a scenario that says
/// nothing else.
Scenario parse_scenario(const std::string& text, const std::string& name, const std::string& folder,
                        const FileReader& read = read_scenario_file);

}  // namespace cpab
