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
