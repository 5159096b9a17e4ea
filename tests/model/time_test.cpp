#include "cpab/model/time.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("rfc3339: UTC with milliseconds, also before 1970 and after 2038", "[model]") {
  CHECK(rfc3339(WallTime(Duration(0))) == "1970-01-01T00:00:00.000Z");
  CHECK(rfc3339(WallTime(Duration(-1))) == "1969-12-31T23:59:59.999Z");
  CHECK(rfc3339(WallTime(Duration(2'147'483'648'005))) == "2038-01-19T03:14:08.005Z");
}

TEST_CASE("rfc3339_seconds and time_of_day: to the second", "[model]") {
  const WallTime time{Duration(1'767'225'600'999)};
  CHECK(rfc3339_seconds(time) == "2026-01-01T00:00:00Z");
  CHECK(time_of_day(time) == "00:00:00Z");
}
