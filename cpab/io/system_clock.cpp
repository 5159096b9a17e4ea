#include "cpab/io/system_clock.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace cpab {

TimePoint SystemClock::now() const { return std::chrono::steady_clock::now(); }

WallTime SystemClock::wall_now() const {
  return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

bool SystemClock::wait_until(TimePoint deadline, std::stop_token stop) {
  // The farthest time points cannot be waited for in one go: adding to them overflows.
  constexpr std::chrono::hours longest_wait{24};
  std::mutex mutex;
  std::condition_variable_any never_notified;
  std::unique_lock lock(mutex);
  for (TimePoint time = now(); !stop.stop_requested(); time = now()) {
    if (time >= deadline) return true;
    const TimePoint until = deadline - time > longest_wait ? time + longest_wait : deadline;
    never_notified.wait_until(lock, stop, until, [] { return false; });
  }
  return false;
}

}  // namespace cpab
