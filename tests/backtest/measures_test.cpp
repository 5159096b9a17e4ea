#include "cpab/backtest/measures.h"

#include <catch2/catch.hpp>

#include "cpab/backtest/summary.h"

using namespace cpab;

TEST_CASE("measures: every value of the summary is put into words", "[backtest]") {
  for (const auto& [name, value] : summarize({}, Duration(1), {})) {
    INFO(name);
    CHECK_FALSE(std::string(measure_of(name).label).empty());
  }
  CHECK(measure_of("podHours").lower_is_better);
  CHECK_FALSE(measure_of("maxReplicas").lower_is_better);
  CHECK(std::string(measure_of("unknown").label).empty());
}
