#include "cpab/simulation/random_time.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

std::vector<Duration> drawn(const RandomTime& time, std::size_t count = 10'000) {
  std::mt19937_64 random(7);
  std::vector<Duration> times;
  while (times.size() < count) times.push_back(draw(time, random));
  std::sort(times.begin(), times.end());
  return times;
}

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

TEST_CASE("random time: uniform between its ends", "[simulation]") {
  const auto times = drawn(UniformTime{10s, 40s});
  CHECK(seconds(times.front()) == Approx(10).margin(0.1));
  CHECK(seconds(times[5'000]) == Approx(25).margin(0.5));
  CHECK(seconds(times.back()) == Approx(40).margin(0.1));
  CHECK(times.back() <= longest(UniformTime{10s, 40s}));
  CHECK(drawn(UniformTime{5s, 5s}, 3) == std::vector<Duration>{5s, 5s, 5s});
}

TEST_CASE("random time: normal around its mean, never negative", "[simulation]") {
  const NormalTime time{20s, 10s};
  const auto times = drawn(time);
  CHECK(times.front() == 0s);
  CHECK(seconds(times[5'000]) == Approx(20).margin(0.3));
  CHECK(seconds(times[8'413]) == Approx(30).margin(0.5));  // one deviation
  CHECK(times.back() <= longest(time));
  CHECK(longest(time) == 85s);
}

TEST_CASE("random time: lognormal with its median and 95th percentile", "[simulation]") {
  const LognormalTime time{20s, 60s};
  const auto times = drawn(time);
  CHECK(times.front() > 0s);
  CHECK(seconds(times[5'000]) == Approx(20).margin(0.5));
  CHECK(seconds(times[9'500]) == Approx(60).margin(2));
  CHECK(times.back() <= longest(time));
  CHECK(longest(LognormalTime{0s, 86'400s}) == 400 * 24h);
}

TEST_CASE("random time: the same numbers everywhere", "[simulation]") {
  std::mt19937_64 random(1);
  CHECK(draw(UniformTime{0s, 10s}, random) == 9'452ms);
}
