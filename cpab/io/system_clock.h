#pragma once

#include "cpab/io/clock.h"

namespace cpab {

/// The clock of the real world. Intervals follow CLOCK_MONOTONIC, so that a changed calendar does
/// not move them.
class SystemClock : public Clock {
 public:
  TimePoint now() const override;
  WallTime wall_now() const override;
  bool wait_until(TimePoint deadline, std::stop_token stop) override;
};

}  // namespace cpab
