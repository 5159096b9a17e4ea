#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stop_token>

#include "cpab/io/clock.h"
#include "cpab/model/time.h"
#include "cpab/pipeline/heartbeat.h"

namespace cpab {

/// When cycles run (contract section 6).
struct LoopTiming {
  Duration interval{15'000};
  /// The loop begins at the next multiple of this since the epoch, so that several autoscalers
  /// keep step.
  Duration start_time{1};
};

/// How a cycle of the timer begins.
struct LoopTick {
  std::chrono::nanoseconds late{0};  ///< after the moment it was due
  std::int64_t missed = 0;           ///< moments before it that were dropped
};

/// How long to wait before beginning: `start_time - (now mod start_time)`, so 1 ms to start_time.
Duration start_delay(WallTime now, Duration start_time);

/// Waits for the start, then calls `cycle` on a fixed grid, the first time one interval after the
/// start. A cycle that overruns is warned of; the next one begins at once if its moment has passed,
/// further missed ones are dropped and the grid stays where it is. Returns when `stop` is
/// requested. `cycle` does not throw.
void run_loop(const LoopTiming& timing, Clock& clock, Heartbeat& heartbeat,
              const std::stop_token& stop, const std::function<void(const LoopTick&)>& cycle);

}  // namespace cpab
