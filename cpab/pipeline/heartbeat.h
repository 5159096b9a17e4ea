#pragma once

#include <atomic>
#include <chrono>
#include <optional>

#include "cpab/model/time.h"

namespace cpab {

/// Tells a loop that works, however slowly, from one that is wedged: before everything it does,
/// the loop says by when it expects to be heard of again, and when its next cycle is due. Safe to
/// use from any thread.
class Heartbeat {
 public:
  /// Time granted on top of every promise, for a busy machine.
  static constexpr Duration slack{10'000};

  /// The loop will call again within `limit` from `now`.
  void expect_within(TimePoint now, Duration limit) { due_ = now + limit + slack; }

  /// The loop will begin its next cycle at `moment`; at TimePoint::max() while one is under way.
  void plan_cycle(TimePoint moment) { next_cycle_ = moment; }

  /// When the next cycle begins, told on the calendar by what both clocks show now; none while one
  /// is under way and before the loop begins.
  std::optional<WallTime> next_cycle(TimePoint now, WallTime wall_now) const {
    const TimePoint planned = next_cycle_.load();
    if (planned == TimePoint::max()) return std::nullopt;
    return wall_now + std::chrono::ceil<Duration>(planned - now);
  }

  /// False when the loop has broken its promise.
  bool healthy(TimePoint now) const { return now <= due_.load(); }

 private:
  std::atomic<TimePoint> due_{TimePoint::max()};
  std::atomic<TimePoint> next_cycle_{TimePoint::max()};
};

}  // namespace cpab
