#pragma once

#include <atomic>

#include "cpab/model/time.h"

namespace cpab {

/// Tells a loop that works, however slowly, from one that is wedged: before everything it does,
/// the loop says by when it expects to be heard of again. Safe to use from any thread.
class Heartbeat {
 public:
  /// Time granted on top of every promise, for a busy machine.
  static constexpr Duration slack{10'000};

  /// The loop will call again within `limit` from `now`.
  void expect_within(TimePoint now, Duration limit) { due_ = now + limit + slack; }

  /// False when the loop has broken its promise.
  bool healthy(TimePoint now) const { return now <= due_.load(); }

 private:
  std::atomic<TimePoint> due_{TimePoint::max()};
};

}  // namespace cpab
