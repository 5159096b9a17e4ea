#pragma once

#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "cpab/config/config.h"
#include "cpab/decision/decide.h"
#include "cpab/io/clock.h"
#include "cpab/kubernetes/cluster.h"
#include "cpab/kubernetes/kubernetes_metrics.h"
#include "cpab/model/decision_record.h"
#include "cpab/model/memory_account.h"
#include "cpab/pipeline/cycle_memory.h"
#include "cpab/pipeline/decision_log.h"
#include "cpab/pipeline/gatherer.h"
#include "cpab/pipeline/heartbeat.h"
#include "cpab/pipeline/scaler.h"
#include "cpab/pipeline/stage_methods.h"

namespace cpab {

/// What a cycle needs besides its configuration. Everything outlives the cycle.
struct CycleParts {
  Cluster& cluster;
  KubernetesMetrics& kubernetes_metrics;
  const StageMethods& methods;
  Clock& clock;
  DecisionLog& log;
  Heartbeat& heartbeat;
  /// Is told of each run that is in the log. Called from the threads that run cycles; returns at
  /// once and does not throw.
  std::function<void(const DecisionRecord&)> observer = [](const DecisionRecord&) {};
};

/// What a run came to.
struct CycleResult {
  DecisionRecord record;
  /// As user logic gave it. Without a `record.failure` it is there, except in a run that did not
  /// ask for it.
  std::optional<Evaluation> evaluation;
};

/// One gather -> evaluate -> scale for one target. Runs that may scale never overlap, whoever asks
/// for them; dry runs and gathering do not touch anything and may run beside. Safe to use from any
/// thread.
class Cycle {
 public:
  /// Reads the state file, if there is to be one. Once `shutdown` is requested nothing is written
  /// to the cluster any more.
  Cycle(const Config& config, const CycleParts& parts, std::stop_token shutdown);

  /// A full run, started by the timer or over the API. Waits for a run in progress to end. Does not
  /// throw while there is memory for the record, in which a failed stage is. `stop` ends what is
  /// running. Where decide_unasked() knows what to do, nothing is gathered or evaluated.
  CycleResult run(RunType type, std::stop_token stop);

  /// Everything up to the decision, without hooks around scaling, writing, or remembering. User
  /// logic is asked in any case: this is how it is tried out.
  CycleResult dry_run(std::stop_token stop);

  /// Only the first half. Throws StageError.
  CountedMetrics gather(RunType type, std::stop_token stop);

  /// Reads the target and its scale, to see whether they are there. Throws StageError.
  void probe(std::stop_token stop);

  /// Whether the target and its scale have been read at least once.
  bool target_seen() const { return target_seen_; }

  /// Whether runs write what they decide. A run takes it when it has decided.
  Mode mode() { return memory_.mode(); }

  /// Switches, and saves it. Says so in the log.
  void set_mode(Mode mode) { memory_.set_mode(mode); }

  /// What runs over the API share, and with them the answers that are being sent.
  MemoryPool& api_pool() { return api_pool_; }

  /// What outlives a run. As safe to use from any thread as the cycle.
  CycleMemory& memory() { return memory_; }

 private:
  struct Observation {
    Resource target;
    Scale scale;
    MemoryShare memory;
  };
  class Turn;

  StageRunner stage_runner(RunType type, std::stop_token stop);
  CycleResult new_result(RunType type);
  Observation observe(StageRunner& stages);
  Observation observe(StageRunner& stages, DecisionRecord& record);
  /// Gathers and evaluates. Returns when it had gathered: what is wanted is wanted since then,
  /// however long it took to find out.
  Moment ask(StageRunner& stages, CycleResult& result, const Observation& observation);
  Moment now() const;
  ScalingRules rules_in_force();
  std::optional<Decision> unasked_decision(const Observation& observation);
  Decision decision_for(const Observation& observation, const Evaluation& evaluation,
                        Moment measured);
  void scale(StageRunner& stages, CycleResult& result, const Observation& observation,
             Decision decision);
  void carry_out(StageRunner& stages, CycleResult& result, const Observation& observation,
                 Decision decision);

  const ScaleTarget target_;
  const Redaction redaction_;
  const ScalingRules rules_;
  const StageRunner::Limits limits_;
  CycleParts parts_;
  /// Whether there is user logic that is told of the object. Nobody else needs it: its scale has
  /// the same UID.
  const bool shows_target_;
  // Two of them, so that whoever asks over the API takes nothing from the cycles of the timer.
  MemoryPool timer_pool_;
  MemoryPool api_pool_;
  Gatherer gatherer_;
  Scaler scaler_;
  CycleMemory memory_;
  std::atomic<bool> target_seen_{false};

  // One run that may scale at a time.
  std::mutex turn_mutex_;
  std::condition_variable_any turn_over_;
  bool running_ = false;  // guarded by turn_mutex_
};

}  // namespace cpab
