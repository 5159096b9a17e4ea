#include "cpab/decision/forecast.h"

#include <catch2/catch.hpp>
#include <cmath>

#include "cpab/decision/holt_winters.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr WallTime noon{Duration(1'767'268'800'000)};

/// One point a minute, the last one at noon.
std::vector<ReplicaPoint> minutes(const std::vector<std::int32_t>& counts) {
  std::vector<ReplicaPoint> points;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    points.push_back({noon - (counts.size() - 1 - i) * 1min, counts[i]});
  }
  return points;
}

/// `seasons` times the same season, each value higher than a season ago by `growth`.
std::vector<double> seasons_of(const std::vector<double>& season, int seasons, double growth) {
  std::vector<double> series;
  for (int i = 0; i < seasons; ++i) {
    for (const double value : season) series.push_back(value + i * growth);
  }
  return series;
}

}  // namespace

TEST_CASE("linear_forecast: the line goes on", "[decision]") {
  CHECK(linear_forecast(minutes({2, 4, 6, 8}), noon + 1min) == 10);
  CHECK(linear_forecast(minutes({2, 4, 6, 8}), noon + 30s) == 9);
  CHECK(linear_forecast(minutes({8, 6, 4, 2}), noon + 5min) == 0);  // never below
  CHECK(linear_forecast(minutes({7}), noon + 1h) == 7);
  CHECK(linear_forecast({{noon, 3}, {noon, 6}}, noon + 1h) == 5);  // no line: their mean
  CHECK_THROWS_AS(linear_forecast({}, noon), std::invalid_argument);
}

TEST_CASE("linear_forecast: equal counts do not come out one too high", "[decision]") {
  for (std::int32_t count = 1; count < 60; ++count) {
    std::vector<ReplicaPoint> points;
    for (int i = 0; i < 17; ++i) points.push_back({noon + i * 7s, count});
    CHECK(linear_forecast(points, noon + 1h) == count);
  }
}

TEST_CASE("replicas_of: rounded up, within the range of counts", "[decision]") {
  CHECK(replicas_of(2.1) == 3);
  CHECK(replicas_of(2.0000000001) == 2);
  CHECK(replicas_of(-3) == 0);
  CHECK(replicas_of(1e300) == 2147483647);
  CHECK(replicas_of(std::nan("")) == 0);
}

TEST_CASE("forecast history: the newest points, and whole seasons", "[decision]") {
  const auto points = minutes({1, 2, 3, 4, 5, 6, 7});
  CHECK(newest_points(points, 8) == points);
  CHECK(newest_points(points, 2) == std::vector<ReplicaPoint>{{noon, 7}, {noon - 1min, 6}});
  CHECK(newest_seasons(points, 3, 1).size() == 4);  // one season, and one point of the next
  CHECK(newest_seasons(points, 3, 1).front() == ReplicaPoint{noon, 7});
  CHECK(newest_seasons(points, 3, 5).size() == 7);
}

TEST_CASE("combined: what was wanted and what is forecast", "[decision]") {
  using Strategy = ForecastStrategy;
  CHECK(combined(Strategy::maximum, {3, 9, 4}) == 9);
  CHECK(combined(Strategy::minimum, {3, 9, 4}) == 3);
  CHECK(combined(Strategy::mean, {3, 4}) == 4);
  CHECK(combined(Strategy::median, {1, 9, 4, 8}) == 6);
  CHECK(combined(Strategy::median, {2147483647, 2147483647}) == 2147483647);
  CHECK(combined(Strategy::mean, {}) == 0);
}

TEST_CASE("Holt-Winters: a season that repeats is forecast", "[decision]") {
  const auto trend = GENERATE(0.0, 4.0);
  HoltWinters model{.alpha = 0.5, .beta = 0.5, .gamma = 0.5, .period = 4};
  const std::vector<double> season{10, 20, 40, 20};
  const std::vector<double> series = seasons_of(season, 6, trend);
  CHECK(model.forecast(series).value() == Approx(10 + 6 * trend).margin(trend));
  CHECK(model.forecast({series.begin(), series.end() - 2}).value() ==
        Approx(40 + 5 * trend).margin(trend));
}

TEST_CASE("Holt-Winters: the same with factors in place of differences", "[decision]") {
  HoltWinters model{
      .alpha = 0.5, .beta = 0.1, .gamma = 0.5, .period = 4, .season = Composition::multiplicative};
  CHECK(model.forecast(seasons_of({10, 20, 40, 20}, 6, 0)).value() == Approx(10));
  model.start = HoltWintersStart::legacy_heuristic;
  model.trend = Composition::multiplicative;
  CHECK(model.forecast(seasons_of({10, 20, 40, 20}, 30, 0)).value() == Approx(10).epsilon(0.01));
}

TEST_CASE("Holt-Winters: too few points give no forecast", "[decision]") {
  const HoltWinters model{.alpha = 0.5, .beta = 0.5, .gamma = 0.5, .period = 4};
  CHECK(model.needed_points() == 14);
  CHECK(model.forecast(std::vector<double>(13, 1.0)) == std::nullopt);
  CHECK(model.forecast(std::vector<double>(14, 1.0)).value() == Approx(1));
}

TEST_CASE("early Holt-Winters: refuses what it cannot work with", "[decision]") {
  const std::vector<double> series{1, 2, 3, 2};
  const auto run = [&](std::size_t period, double alpha) {
    return early_holt_winters(series, period, alpha, 0.9, 0.9, 1, Composition::additive);
  };
  CHECK(run(2, 0.9).size() == 5);
  CHECK_THROWS_AS(run(1, 0.9), std::invalid_argument);
  CHECK_THROWS_AS(run(5, 0.9), std::invalid_argument);
  CHECK_THROWS_AS(run(2, 1.1), std::invalid_argument);
}
