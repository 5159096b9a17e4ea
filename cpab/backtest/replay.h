#pragma once

#include <functional>
#include <stop_token>
#include <vector>

#include "cpab/backtest/scenario.h"
#include "cpab/backtest/summary.h"
#include "cpab/backtest/timeline.h"
#include "cpab/config/config.h"
#include "cpab/model/decision_record.h"

namespace cpab {

/// What happened in a replay.
struct ReplayResult {
  Timeline timeline;
  std::vector<DecisionRecord> decisions;
  CycleCounts cycles;
};

/// Runs `config` in the world of `scenario`, on a virtual clock: the pipeline of the daemon with
/// its loop, and its own clients of the Kubernetes API, against a simulated cluster in the process.
/// User logic runs as always, with its timeouts in real time; its programs find the virtual time in
/// CPAB_SIMULATED_TIME (RFC 3339), and the address of the cluster in CPAB_SIMULATED_CLUSTER, when
/// there are any to find it.
///
/// Nothing of `config` that reaches beyond scaling takes effect: API, files, Events, shadow mode.
/// The same inputs give the same result, as far as user logic does. `progress` is told the share
/// that is done. Throws what the parts of the pipeline throw when they are built,
/// and std::runtime_error when a service of the scenario does not run.
ReplayResult replay(Config config, const Scenario& scenario,
                    const std::function<void(double)>& progress, const std::stop_token& stop);

}  // namespace cpab
