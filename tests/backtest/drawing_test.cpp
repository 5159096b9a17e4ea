#include "cpab/backtest/drawing.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

Timeline timeline_of(std::size_t size) { return Timeline(size, Sample{.load = 10, .ready = 2}); }

using Indices = std::vector<std::size_t>;

}  // namespace

TEST_CASE("drawing: a short timeline is drawn as it is", "[backtest]") {
  const Timeline timeline = timeline_of(4);
  CHECK(drawn_samples({&timeline}, 4) == Indices{0, 1, 2, 3});
}

TEST_CASE("drawing: a long one keeps the extremes of each stretch, in all timelines",
          "[backtest]") {
  Timeline one = timeline_of(40);
  Timeline other = one;
  one[7].load = 99;
  one[13].ready = 0;
  other[27].wanted = 8;
  CHECK(drawn_samples({&one}, 16) == Indices{0, 7, 10, 13, 20, 30, 39});
  CHECK(drawn_samples({&one, &other}, 16) == Indices{0, 7, 10, 13, 20, 27, 30, 39});
}

TEST_CASE("drawing: where the service level is not kept", "[backtest]") {
  Timeline timeline = timeline_of(10);
  for (const std::size_t i : {1U, 2U, 4U, 9U}) timeline[i].served = false;
  CHECK(violated_stretches(timeline, 0) == std::vector<Stretch>{{1, 2}, {4, 1}, {9, 1}});
  CHECK(violated_stretches(timeline, 1) == std::vector<Stretch>{{1, 4}, {9, 1}});
  CHECK(violated_stretches(timeline_of(3), 0).empty());
}
