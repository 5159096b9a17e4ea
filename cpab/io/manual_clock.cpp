#include "cpab/io/manual_clock.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <stdexcept>

namespace cpab {
namespace {

constexpr WallTime default_wall_start{
    std::chrono::sys_days{std::chrono::year{2026} / 1 / 1}.time_since_epoch()};

bool wait_for_stop(const std::stop_token& stop) {
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  never_notified.wait(lock, stop, [] { return false; });
  return false;
}

}  // namespace

ManualClock::ManualClock() : ManualClock(default_wall_start) {}

// Not at zero, so that "a minute ago" is a time point like any other.
ManualClock::ManualClock(WallTime wall_start)
    : now_(std::chrono::hours{1}), start_(now_), wall_start_(wall_start) {}

TimePoint ManualClock::now() const {
  const std::scoped_lock lock(mutex_);
  return now_;
}

WallTime ManualClock::wall_now() const {
  return wall_start_ + std::chrono::floor<Duration>(now() - start_);
}

bool ManualClock::wait_until(TimePoint deadline, std::stop_token stop) {
  if (stop.stop_requested()) return false;
  if (deadline == TimePoint::max()) return wait_for_stop(stop);
  const std::scoped_lock lock(mutex_);
  now_ = std::max(now_, deadline);
  return true;
}

void ManualClock::advance(Duration by) {
  if (by < Duration::zero()) throw std::invalid_argument("a clock cannot be turned back");
  const std::scoped_lock lock(mutex_);
  now_ += by;
}

}  // namespace cpab
