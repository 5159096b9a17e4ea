#include "cpab/pipeline/loop.h"

#include <catch2/catch.hpp>
#include <vector>

#include "cpab/io/manual_clock.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// Runs the loop for `count` cycles that take `durations[i]` each and returns when they began, in
/// ms after the start of the clock.
std::vector<std::int64_t> begins(const LoopTiming& timing, const std::vector<Duration>& durations) {
  ManualClock clock(WallTime(Duration(1'000'000'000'000)));
  const TimePoint zero = clock.now();
  Heartbeat heartbeat;
  std::stop_source stop;
  std::vector<std::int64_t> begun;
  run_loop(timing, clock, heartbeat, stop.get_token(), [&](const LoopTick&) {
    begun.push_back(std::chrono::floor<Duration>(clock.now() - zero).count());
    clock.advance(durations[begun.size() - 1]);
    if (begun.size() == durations.size()) stop.request_stop();
  });
  return begun;
}

}  // namespace

TEST_CASE("start_delay: until the next multiple of startTime", "[pipeline][contract-64]") {
  const WallTime ten_and_a_half_past{Duration(1'767'225'610'500)};
  CHECK(start_delay(ten_and_a_half_past, 60'000ms) == 49'500ms);
  CHECK(start_delay(ten_and_a_half_past, 1ms) == 1ms);
  CHECK(start_delay(WallTime(0ms), 60'000ms) == 60'000ms);
}

TEST_CASE("run_loop: the first cycle comes one interval after the start",
          "[pipeline][contract-64]") {
  CHECK(begins({1'000ms, 1ms}, {0ms, 0ms, 0ms}) == std::vector<std::int64_t>{1'001, 2'001, 3'001});
}

TEST_CASE("run_loop: after an overrun the next cycle begins at once, on an unmoved grid",
          "[pipeline][contract-65]") {
  CHECK(begins({1'000ms, 1ms}, {2'300ms, 100ms, 0ms, 0ms}) ==
        std::vector<std::int64_t>{1'001, 3'301, 4'001, 5'001});
}

TEST_CASE("run_loop: missed moments do not pile up", "[pipeline][contract-65]") {
  CHECK(begins({500ms, 1ms}, {1'200ms, 1'200ms, 1'200ms, 0ms, 0ms}) ==
        std::vector<std::int64_t>{501, 1'701, 2'901, 4'101, 4'501});
}

TEST_CASE("run_loop: a stop during the start delay is obeyed at once", "[pipeline][contract-66]") {
  ManualClock clock;
  Heartbeat heartbeat;
  std::stop_source stop;
  stop.request_stop();
  bool ran = false;
  run_loop({1'000ms, 60'000ms}, clock, heartbeat, stop.get_token(),
           [&](const LoopTick&) { ran = true; });
  CHECK_FALSE(ran);
}

TEST_CASE("run_loop: the heartbeat covers the wait for the next cycle", "[pipeline]") {
  ManualClock clock;
  Heartbeat heartbeat;
  std::stop_source stop;
  run_loop({60'000ms, 1ms}, clock, heartbeat, stop.get_token(), [&](const LoopTick&) {
    CHECK(heartbeat.healthy(clock.now()));
    stop.request_stop();
  });
  CHECK_FALSE(heartbeat.healthy(clock.now() + 71s));
}

TEST_CASE("run_loop: says how late a cycle begins, and how many moments were dropped",
          "[pipeline]") {
  ManualClock clock(WallTime(Duration(1'000'000'000'000)));
  Heartbeat heartbeat;
  std::stop_source stop;
  std::vector<std::pair<std::chrono::nanoseconds, std::int64_t>> ticks;
  run_loop({500ms, 1ms}, clock, heartbeat, stop.get_token(), [&](const LoopTick& tick) {
    ticks.emplace_back(tick.late, tick.missed);
    clock.advance(ticks.size() == 1 ? 1'700ms : 0ms);
    if (ticks.size() == 3) stop.request_stop();
  });
  CHECK(ticks == decltype(ticks){{0ms, 0}, {200ms, 2}, {0ms, 0}});
}
