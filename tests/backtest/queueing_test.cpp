#include "cpab/backtest/queueing.h"

#include <catch2/catch.hpp>
#include <cmath>

using namespace cpab;

TEST_CASE("response_time: one server is M/M/1", "[backtest]") {
  // 1 / (capacity - load)
  CHECK(response_time(30, 1, 50) == Approx(1.0 / 20));
  CHECK(response_time(0, 1, 50) == Approx(1.0 / 50));
}

TEST_CASE("response_time: several servers wait by Erlang C", "[backtest]") {
  // Two servers at offered load 1: half busy. C = 1/3, so 1/50 + (1/3) / (100 - 50).
  CHECK(response_time(50, 2, 50) == Approx(1.0 / 50 + 1.0 / 3 / 50));
  // Three servers at offered load 2: C = 4/9.
  CHECK(response_time(20, 3, 10) == Approx(1.0 / 10 + 4.0 / 9 / 10));
}

TEST_CASE("response_time: no end where more comes than is served", "[backtest]") {
  CHECK(std::isinf(response_time(100, 2, 50)));
  CHECK(std::isinf(response_time(1, 0, 50)));
  CHECK(response_time(9'999, 10'000, 1) > 1);
}
