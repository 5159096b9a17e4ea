#include "cpab/pipeline/heartbeat.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("Heartbeat: healthy until a promise is broken", "[pipeline]") {
  Heartbeat heartbeat;
  const TimePoint now(1h);
  CHECK(heartbeat.healthy(now + 1000h));

  heartbeat.expect_within(now, 5s);

  CHECK(heartbeat.healthy(now + 15s));
  CHECK_FALSE(heartbeat.healthy(now + 15s + 1ms));
}

TEST_CASE("Heartbeat: tells on the calendar when the next cycle is planned", "[pipeline]") {
  Heartbeat heartbeat;
  const TimePoint now(1h);
  const WallTime wall_now(50h);
  CHECK(heartbeat.next_cycle(now, wall_now) == std::nullopt);

  heartbeat.plan_cycle(now + 5s);
  CHECK(heartbeat.next_cycle(now, wall_now) == wall_now + 5s);
  CHECK(heartbeat.next_cycle(now + 6s, wall_now + 6s) == wall_now + 5s);

  heartbeat.plan_cycle(TimePoint::max());
  CHECK(heartbeat.next_cycle(now, wall_now) == std::nullopt);
}
