#include "cpab/pipeline/loop.h"

#include <string>

#include "cpab/io/logging.h"

namespace cpab {
namespace {

/// The moments cycles are due at: start + k * interval, k = 1, 2, ...
class Grid {
 public:
  Grid(TimePoint start, Duration interval) : start_(start), interval_(interval) {}

  TimePoint next() const { return start_ + (taken_ + 1) * interval_; }

  /// Takes the latest moment that has come, dropping those before it. `now` is not before next().
  LoopTick take(TimePoint now) {
    const std::int64_t due = taken_ + 1;
    taken_ = (now - start_) / interval_;
    return {now - (start_ + taken_ * interval_), taken_ - due};
  }

 private:
  TimePoint start_;
  Duration interval_;
  std::int64_t taken_ = 0;
};

void warn_of_overrun(TimePoint began, TimePoint ended, Duration interval) {
  const auto took = std::chrono::ceil<Duration>(ended - began);
  if (took <= interval) return;
  log_warning("The cycle took " + std::to_string(took.count()) +
              " ms, longer than the interval of " + std::to_string(interval.count()) +
              " ms; make the scripts faster, the interval longer, or raise metricConcurrency");
}

}  // namespace

Duration start_delay(WallTime now, Duration start_time) {
  return start_time - now.time_since_epoch() % start_time;
}

void run_loop(const LoopTiming& timing, Clock& clock, Heartbeat& heartbeat,
              const std::stop_token& stop, const std::function<void(const LoopTick&)>& cycle) {
  const Duration delay = start_delay(clock.wall_now(), timing.start_time);
  log_info("Waiting " + std::to_string(delay.count()) + " milliseconds before starting autoscaler");
  const TimePoint start = clock.now() + delay;
  heartbeat.expect_within(clock.now(), delay);
  heartbeat.plan_cycle(start + timing.interval);
  if (!clock.wait_until(start, stop)) return;
  log_info("Starting autoscaler");

  Grid grid(start, timing.interval);
  for (;;) {
    heartbeat.expect_within(clock.now(), timing.interval);
    heartbeat.plan_cycle(grid.next());
    if (!clock.wait_until(grid.next(), stop)) return;
    const TimePoint began = clock.now();
    const LoopTick tick = grid.take(began);
    heartbeat.plan_cycle(TimePoint::max());
    cycle(tick);
    if (stop.stop_requested()) return;
    warn_of_overrun(began, clock.now(), timing.interval);
  }
}

}  // namespace cpab
