#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpab/io/clock.h"
#include "cpab/methods/method.h"
#include "cpab/model/budget.h"
#include "cpab/model/memory_account.h"
#include "cpab/model/run_type.h"
#include "cpab/pipeline/heartbeat.h"
#include "cpab/pipeline/stage.h"

namespace cpab {

/// How long a stage of one cycle took.
using StageDurations = std::vector<std::pair<std::string, double>>;

/// The exception that is being handled, as a failure of `stage`.
StageError stage_error(Stage stage);

/// Runs the stages of one cycle: times them, keeps the heartbeat's promises, and turns whatever
/// goes wrong into a StageError. Lives as long as the cycle.
class StageRunner {
 public:
  struct Limits {
    Duration longest_call;       ///< of any method or hook, for the heartbeat
    Duration kubernetes_budget;  ///< for one request to the API server, retries included
    Duration metrics_budget;     ///< for reading all Kubernetes metrics of a cycle
  };

  /// `heartbeat` may be null: only timer runs speak for the loop.
  /// What the cycle keeps in memory counts in `pool`, which outlives it.
  StageRunner(Clock& clock, Limits limits, Heartbeat* heartbeat, RunType run_type,
              std::stop_token stop, MemoryPool& pool);

  /// Runs `work` as `stage` and returns its answer. Throws StageError.
  template <typename Work>
  auto run(Stage stage, Work work) {
    const TimePoint start = begin(stage);
    const auto end = [&] { finish(stage, start); };
    try {
      if constexpr (std::is_void_v<decltype(work())>) {
        work();
        end();
      } else {
        auto answer = work();
        end();
        return answer;
      }
    } catch (...) {
      end();
      rethrow_as_stage_error(stage);
    }
  }

  /// Calls a hook if there is one; what it answers is only logged. `input` makes its input, which
  /// has about `input_size` bytes.
  void hook(Stage stage, Method* method, const std::function<std::string()>& input,
            std::size_t input_size);

  /// Within run(): calls user logic, whose input counts while it runs; `memory` counts its answer.
  std::string call(Stage stage, Method& method, const std::function<std::string()>& input,
                   std::size_t input_size, MemoryShare& memory) const;

  /// Tells the heartbeat that another call begins. Safe to call from several threads.
  void beat() const;

  /// For one request to the API server that starts now.
  Budget kubernetes_budget() const;

  /// For reading Kubernetes metrics from now on.
  Budget metrics_budget() const;

  RunType run_type() const { return run_type_; }
  const std::stop_token& stop() const { return stop_; }
  const std::shared_ptr<MemoryAccount>& memory() const { return memory_; }

  /// For counting something that the cycle keeps; `what` is for messages.
  MemoryShare share(std::string what) const { return {memory_, std::move(what)}; }
  Clock& clock() const { return clock_; }
  const StageDurations& durations() const { return durations_; }

 private:
  TimePoint begin(Stage stage) const;
  void finish(Stage stage, TimePoint start);
  [[noreturn]] void rethrow_as_stage_error(Stage stage) const;

  Clock& clock_;
  Limits limits_;
  Heartbeat* heartbeat_;
  RunType run_type_;
  std::stop_token stop_;
  std::shared_ptr<MemoryAccount> memory_;
  StageDurations durations_;
};

}  // namespace cpab
