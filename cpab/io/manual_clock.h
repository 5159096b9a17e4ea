#pragma once

#include <mutex>

#include "cpab/io/clock.h"

namespace cpab {

/// A clock that stands still until told otherwise, for simulations and tests: whoever waits makes
/// it jump to the time waited for, so a day passes at once. Meant for a single driving thread;
/// reading it from others is safe.
class ManualClock : public Clock {
 public:
  /// Begins at `wall_start`, by default 2026-01-01T00:00:00Z, and a monotonic time of one hour.
  ManualClock();
  explicit ManualClock(WallTime wall_start);

  TimePoint now() const override;
  WallTime wall_now() const override;

  /// Jumps to `deadline` and returns true; returns false without moving when `stop` was requested.
  /// A wait for TimePoint::max() is a real wait for the stop.
  bool wait_until(TimePoint deadline, std::stop_token stop) override;

  /// Moves both times. Throws std::invalid_argument when `by` is negative.
  void advance(Duration by);

 private:
  mutable std::mutex mutex_;
  TimePoint now_;  // guarded by mutex_
  const TimePoint start_;
  const WallTime wall_start_;
};

}  // namespace cpab
