#include "cpab/console/chart.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("bar: fills in proportion, and no further than its ends", "[console]") {
  CHECK(bar(5, 10, 4) == "██░░");
  CHECK(bar(20, 10, 3) == "███");
  CHECK(bar(-1, 10, 3) == "░░░");
  CHECK(bar(1, 0, 2) == "░░");
}

TEST_CASE("sparkline: the newest values, one block each, gaps where there are none", "[console]") {
  CHECK(sparkline({0, 1, 2, 3, 4, 5, 6, 7, 8}, 8, 20) == "▁▁▂▃▄▅▆▇█");
  CHECK(sparkline({0, 1, 8}, 8, 2) == "▁█");
  CHECK(sparkline({8, std::nullopt, 4}, 8, 5) == "█ ▄");
  CHECK(sparkline({3}, 0, 5) == "▁");
  CHECK(sparkline({}, 8, 5).empty());
  CHECK(sparkline({1}, 8, 0).empty());
}
