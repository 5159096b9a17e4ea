#include "cpab/backtest/load_curve.h"
#include "cpab/backtest/load_csv.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

double at(LoadPart part, Duration time) { return load_curve({std::move(part)})(time); }

}  // namespace

TEST_CASE("load curve: each shape", "[backtest]") {
  CHECK(at(ConstantLoad{7}, 1h) == 7);
  CHECK(at(StepLoad{10s, 5}, 9s) == 0);
  CHECK(at(StepLoad{10s, 5}, 10s) == 5);
  CHECK(at(RampLoad{10s, 20s, 8}, 10s) == 0);
  CHECK(at(RampLoad{10s, 20s, 8}, 15s) == 4);
  CHECK(at(RampLoad{10s, 20s, 8}, 1h) == 8);
  CHECK(at(SineLoad{24h, 14h, 100}, 14h) == Approx(100));
  CHECK(at(SineLoad{24h, 14h, 100}, 2h) == Approx(0).margin(1e-9));
  CHECK(at(SineLoad{24h, 14h, 100}, 20h) == Approx(50));
  CHECK(at(SpikeLoad{1h, 80, 10min}, 59min) == 0);
  CHECK(at(SpikeLoad{1h, 80, 10min}, 1h) == 80);
  CHECK(at(SpikeLoad{1h, 80, 10min}, 80min) == Approx(20));
  CHECK(at(CrowdLoad{1h, 60, 2min, 10min}, 61min) == Approx(30));
  CHECK(at(CrowdLoad{1h, 60, 2min, 10min}, 70min) == Approx(60));
  CHECK(at(CrowdLoad{1h, 60, 2min, 10min}, 73min) == Approx(30));
  CHECK(at(CrowdLoad{1h, 60, 2min, 10min}, 75min) == 0);
}

TEST_CASE("load curve: the sum of the parts, never below 0", "[backtest]") {
  CHECK(load_curve({ConstantLoad{7}, StepLoad{0s, -3}})(1s) == 4);
  CHECK(load_curve({StepLoad{0s, -3}})(1s) == 0);
  CHECK(load_curve({})(1s) == 0);
}

TEST_CASE("load curve: noise is the same for the same seed, and as wide as it says", "[backtest]") {
  const LoadFunction noise = load_curve({ConstantLoad{1000}, NoiseLoad{10, 1s, 5}});
  const LoadFunction other = load_curve({ConstantLoad{1000}, NoiseLoad{10, 1s, 6}});
  double sum = 0;
  double squares = 0;
  int equal = 0;
  for (int second = 0; second < 10'000; ++second) {
    const double value = noise(std::chrono::seconds(second)) - 1000;
    sum += value;
    squares += value * value;
    equal += value + 1000 == other(std::chrono::seconds(second)) ? 1 : 0;
  }
  CHECK(std::abs(sum / 10'000) < 0.5);
  CHECK(squares / 10'000 == Approx(100).epsilon(0.1));
  CHECK(equal < 10);
  CHECK(noise(5s) == noise(5s + 400ms));
}

TEST_CASE("load CSV: times of either kind, straight lines between them", "[backtest]") {
  const RecordedLoad seconds = parse_load_csv("timestamp,value\n0,10\n60,20\r\n\n120,0\n");
  CHECK(at(seconds, 0s) == 10);
  CHECK(at(seconds, 30s) == 15);
  CHECK(at(seconds, 90s) == 10);
  CHECK(at(seconds, 1h) == 0);
  const RecordedLoad times = parse_load_csv("2026-01-05T00:00:00Z,1\n2026-01-05T00:00:00.500Z,3\n");
  CHECK(at(times, 250ms) == Approx(2));
}

TEST_CASE("load CSV: says which line is wrong", "[backtest]") {
  CHECK_THROWS_WITH(parse_load_csv(""), "there is no row timestamp,value");
  CHECK_THROWS_WITH(parse_load_csv("0,1\n5"), Catch::Contains("line 2: there is no comma"));
  CHECK_THROWS_WITH(parse_load_csv("0,1\nnoon,2"), Catch::Contains("line 2: the time is neither"));
  CHECK_THROWS_WITH(parse_load_csv("0,1\n5,-2"), Catch::Contains("line 2: the value is no number"));
  CHECK_THROWS_WITH(parse_load_csv("0,1\n0,2"), Catch::Contains("line 2: times do not rise"));
  CHECK_THROWS_WITH(parse_load_csv("0,1\n1e300,2"), Catch::Contains("line 2"));
  CHECK_THROWS_WITH(parse_load_csv("0,1\n5,nan"), Catch::Contains("line 2"));
}
