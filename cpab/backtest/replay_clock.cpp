#include "cpab/backtest/replay_clock.h"

namespace cpab {

ReplayClock::ReplayClock(WallTime start, Duration lead, Duration every,
                         std::function<void()> sample)
    : clock_(start - lead),
      every_(every),
      sample_(std::move(sample)),
      next_sample_(clock_.now() + lead) {}

bool ReplayClock::wait_until(TimePoint deadline, std::stop_token stop) {
  while (deadline != TimePoint::max() && next_sample_ <= deadline) {
    if (!clock_.wait_until(next_sample_, stop)) return false;
    next_sample_ += every_;
    sample_();
  }
  return clock_.wait_until(deadline, stop);
}

}  // namespace cpab
