#include <catch2/catch.hpp>
#include <stdexcept>
#include <thread>

#include "cpab/io/manual_clock.h"
#include "cpab/io/system_clock.h"

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("SystemClock: a deadline in the past is reached at once", "[io]") {
  SystemClock clock;

  CHECK(clock.wait_until(clock.now() - 1h, {}));
}

TEST_CASE("SystemClock: waits until the deadline and not less", "[io]") {
  SystemClock clock;
  const TimePoint deadline = clock.now() + 5ms;

  CHECK(clock.wait_until(deadline, {}));
  CHECK(clock.now() >= deadline);
}

TEST_CASE("SystemClock: a stop ends the longest wait there is", "[io]") {
  SystemClock clock;
  std::stop_source source;
  const std::jthread stopper([&source] { source.request_stop(); });

  CHECK_FALSE(clock.wait_until(TimePoint::max(), source.get_token()));
}

TEST_CASE("SystemClock: a stop requested before wins over a deadline in the past", "[io]") {
  SystemClock clock;
  std::stop_source source;
  source.request_stop();

  CHECK_FALSE(clock.wait_until(clock.now() - 1h, source.get_token()));
}

TEST_CASE("ManualClock: stands still until it is advanced", "[io]") {
  ManualClock clock;
  const TimePoint start = clock.now();

  CHECK(clock.now() == start);
  CHECK(rfc3339(clock.wall_now()) == "2026-01-01T00:00:00.000Z");

  clock.advance(1500ms);

  CHECK(clock.now() == start + 1500ms);
  CHECK(rfc3339(clock.wall_now()) == "2026-01-01T00:00:01.500Z");
}

TEST_CASE("ManualClock: jumps to what is waited for, never back", "[io]") {
  ManualClock clock;
  const TimePoint start = clock.now();

  CHECK(clock.wait_until(start + 24h, {}));
  CHECK(clock.now() == start + 24h);
  CHECK(clock.wait_until(start + 1h, {}));
  CHECK(clock.now() == start + 24h);
}

TEST_CASE("ManualClock: a requested stop wins and time stays", "[io]") {
  ManualClock clock;
  const TimePoint start = clock.now();
  std::stop_source source;
  source.request_stop();

  CHECK_FALSE(clock.wait_until(start + 1h, source.get_token()));
  CHECK_FALSE(clock.wait_until(TimePoint::max(), source.get_token()));
  CHECK(clock.now() == start);
}

TEST_CASE("ManualClock: refuses to be turned back", "[io]") {
  ManualClock clock;

  CHECK_THROWS_AS(clock.advance(-1ms), std::invalid_argument);
}
