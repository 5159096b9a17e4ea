#pragma once

#include <functional>

#include "cpab/io/manual_clock.h"

namespace cpab {

/// The virtual clock of a replay: whoever waits makes it jump, but not past a moment at which a
/// sample is due. For one thread.
class ReplayClock final : public Clock {
 public:
  /// Begins `lead` before `start`; `sample` is called at the start and every `every` from there.
  ReplayClock(WallTime start, Duration lead, Duration every, std::function<void()> sample);

  TimePoint now() const override { return clock_.now(); }
  WallTime wall_now() const override { return clock_.wall_now(); }
  bool wait_until(TimePoint deadline, std::stop_token stop) override;

 private:
  ManualClock clock_;
  const Duration every_;
  const std::function<void()> sample_;
  TimePoint next_sample_;
};

}  // namespace cpab
