#include "cpab/decision/scale_events.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("ScaleEventHistory: a new event takes the place of one that need not be kept",
          "[decision]") {
  const TimePoint start(1h);
  ScaleEventHistory history;
  history.add({start, 1, 3}, 60s);
  history.add({start + 1s, 3, 2}, 60s);

  history.add({start + 60s, 2, 5}, 60s);  // exactly that old still counts
  CHECK(history.entries() ==
        std::vector<ScaleEvent>{{start, 1, 3}, {start + 1s, 3, 2}, {start + 60s, 2, 5}});

  history.add({start + 62s, 5, 6}, 60s);
  CHECK(history.entries() ==
        std::vector<ScaleEvent>{{start + 62s, 5, 6}, {start + 1s, 3, 2}, {start + 60s, 2, 5}});
}

TEST_CASE("ScaleEventHistory: an old event is kept for the policies of the other direction",
          "[decision]") {
  const TimePoint start(1h);
  ScaleEventHistory history;
  history.add({start, 1, 3}, 15s);
  history.add({start + 100s, 3, 2}, 600s);

  CHECK(history.entries() == std::vector<ScaleEvent>{{start, 1, 3}, {start + 100s, 3, 2}});
}

TEST_CASE("ScaleEventHistory: the oldest of too many goes", "[decision]") {
  ScaleEventHistory history;
  const TimePoint now(1h);
  for (int i = 0; i <= static_cast<int>(ScaleEventHistory::capacity); ++i) {
    history.add({now, i, i + 1}, 60s);
  }

  REQUIRE(history.entries().size() == ScaleEventHistory::capacity);
  CHECK(history.entries().front() == ScaleEvent{now, 1, 2});
}
