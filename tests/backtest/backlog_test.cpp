#include "cpab/backtest/backlog.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("backlog: grows by what is not served, and drains when there is room", "[backtest]") {
  const TimePoint start{};
  Backlog backlog(10);
  backlog.look(start, 30, 2);
  CHECK(backlog.waiting() == 0);
  backlog.look(start + 10s, 30, 2);
  CHECK(backlog.waiting() == 100);  // (30 - 20) * 10
  backlog.look(start + 20s, 10, 4);
  CHECK(backlog.waiting() == 100);  // 20 on average, and still two replicas
  backlog.look(start + 22s, 10, 4);
  CHECK(backlog.waiting() == 40);
  backlog.look(start + 60s, 10, 4);
  CHECK(backlog.waiting() == 0);
}

TEST_CASE("backlog: without replicas all of it waits", "[backtest]") {
  const TimePoint start{};
  Backlog backlog(10);
  backlog.look(start, 5, 0);
  backlog.look(start + 1min, 5, 0);
  CHECK(backlog.waiting() == 300);
  backlog.look(start + 1min, 5, 3);
  CHECK(backlog.waiting() == 300);
}
