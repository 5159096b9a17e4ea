#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cpab/config/config.h"
#include "cpab/decision/override.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/kubernetes/token_source.h"
#include "cpab/model/decision_record.h"
#include "cpab/model/mode.h"
#include "cpab/pipeline/loop.h"
#include "cpab/telemetry/cycle_metrics.h"
#include "cpab/telemetry/metric_registry.h"

namespace cpab {

/// What others know at the moment of a scrape.
struct ScrapeFacts {
  std::optional<Override> manual;  ///< the override in force
  Mode mode = Mode::active;
  std::uint64_t method_calls_killed = 0;
  std::uint64_t orphans_reaped = 0;
  std::uint64_t left_ended = 0;                ///< of what calls left in the background
  std::uint64_t decisions_dropped = 0;         ///< from the file of the decision log
  std::optional<TokenReads> token_reads;       ///< none: the token does not come from a file
  std::optional<WallTime> certificate_expiry;  ///< of the API; none: it speaks plain HTTP
};

/// What Prometheus is told of one autoscaler. It listens: the cycle, the loop and the REST client
/// tell it what happens, which costs a few additions; the rest is put together when somebody
/// scrapes. Safe to use from any thread.
class Telemetry {
 public:
  Telemetry(const Config& config, WallTime started);

  void note_cycle(const DecisionRecord& record) { cycles_.note(record); }
  void note_tick(const LoopTick& tick);
  void note_request(const RestTry& request);

  /// The text of `GET /metrics`.
  std::string text(const ScrapeFacts& facts);

 private:
  void note_override(const std::optional<Override>& manual);
  void note_user_logic(const ScrapeFacts& facts);
  void note_credentials(const ScrapeFacts& facts);
  void note_process();

  const Bounds bounds_;
  const std::string certificate_file_;
  MetricRegistry registry_;
  CycleMetrics cycles_;
};

}  // namespace cpab
