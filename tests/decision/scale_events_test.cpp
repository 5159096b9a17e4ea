#include "cpab/decision/scale_events.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("ScaleEventHistory: keeps events for half an hour, the edge included", "[decision]") {
  const TimePoint start(1h);
  ScaleEventHistory history;
  history.add({start, 1, 3});
  history.add({start + 1s, 3, 2});

  history.add({start + 1800s, 2, 5});
  CHECK(history.entries() ==
        std::vector<ScaleEvent>{{start, 1, 3}, {start + 1s, 3, 2}, {start + 1800s, 2, 5}});

  history.add({start + 1801s, 5, 4});
  CHECK(history.entries() ==
        std::vector<ScaleEvent>{{start + 1s, 3, 2}, {start + 1800s, 2, 5}, {start + 1801s, 5, 4}});
}

TEST_CASE("ScaleEventHistory: the oldest of too many goes", "[decision]") {
  ScaleEventHistory history;
  const TimePoint now(1h);
  for (int i = 0; i <= static_cast<int>(ScaleEventHistory::capacity); ++i) {
    history.add({now, i, i + 1});
  }

  REQUIRE(history.entries().size() == ScaleEventHistory::capacity);
  CHECK(history.entries().front() == ScaleEvent{now, 1, 2});
}
