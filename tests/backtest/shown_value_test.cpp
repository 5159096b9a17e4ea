#include "cpab/backtest/shown_value.h"

#include <catch2/catch.hpp>

using namespace cpab;
using Amount = ShownValue::Amount;
using Rounding = ShownValue::Rounding;

namespace {

const WorldMoment moment{.load = 120, .ready = 2, .capacity_per_replica = 50, .backlog = 7.5};

std::optional<double> shown(Amount amount, double scale = 1, Rounding rounding = Rounding::none,
                            const WorldMoment& world = moment) {
  return amount_of({.amount = amount, .scale = scale, .rounding = rounding}, world);
}

}  // namespace

TEST_CASE("shown value: what it is of", "[backtest]") {
  CHECK(shown(Amount::load) == 120);
  CHECK(shown(Amount::load_per_pod) == 60);
  CHECK(shown(Amount::utilization) == 1.2);
  CHECK(shown(Amount::backlog) == 7.5);
}

TEST_CASE("shown value: without replicas there is nothing about them", "[backtest]") {
  const WorldMoment none{.load = 120, .ready = 0, .backlog = 3};
  CHECK(shown(Amount::load_per_pod, 1, Rounding::none, none) == std::nullopt);
  CHECK(shown(Amount::utilization, 1, Rounding::none, none) == std::nullopt);
  CHECK(shown(Amount::load, 1, Rounding::none, none) == 120);
  CHECK(shown(Amount::backlog, 1, Rounding::none, none) == 3);
}

TEST_CASE("shown value: scaled, then rounded", "[backtest]") {
  CHECK(shown(Amount::load, 0.02, Rounding::up) == 3);
  CHECK(shown(Amount::load, 0.02, Rounding::down) == 2);
  CHECK(shown(Amount::load, 0.02, Rounding::nearest) == 2);
  CHECK(shown(Amount::load, 0.1, Rounding::up) == 12);  // 12.000000000000002
  CHECK(shown(Amount::load, 0, Rounding::up) == 0);
}

TEST_CASE("shown value: as text without an exponent", "[backtest]") {
  CHECK(amount_text(3) == "3");
  CHECK(amount_text(0) == "0");
  CHECK(amount_text(-0.0) == "0");
  CHECK(amount_text(2.4000000001) == "2.4");
  CHECK(amount_text(0.000001) == "0.000001");
  CHECK(amount_text(1234567) == "1234567");
  CHECK(amount_text(1e20) == "100000000000000000000");
}
