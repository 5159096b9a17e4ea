#pragma once

#include <optional>
#include <string>

#include "cpab/config/config.h"
#include "cpab/decision/override.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/model/decision_record.h"
#include "cpab/model/mode.h"
#include "cpab/pipeline/loop.h"
#include "cpab/telemetry/cycle_metrics.h"
#include "cpab/telemetry/metric_registry.h"

namespace cpab {

/// What Prometheus is told of one autoscaler. It listens: the cycle, the loop and the REST client
/// tell it what happens, which costs a few additions; the rest is put together when somebody
/// scrapes. Safe to use from any thread.
class Telemetry {
 public:
  Telemetry(const Config& config, WallTime started);

  void note_cycle(const DecisionRecord& record) { cycles_.note(record); }
  void note_tick(const LoopTick& tick);
  void note_request(const RestTry& request);

  /// The text of `GET /metrics`, while `manual` is in force.
  std::string text(const std::optional<Override>& manual, Mode mode = Mode::active);

 private:
  void note_override(const std::optional<Override>& manual);
  void note_process();

  const Bounds bounds_;
  MetricRegistry registry_;
  CycleMetrics cycles_;
};

}  // namespace cpab
