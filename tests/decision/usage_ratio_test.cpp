#include "cpab/decision/usage_ratio.h"

#include <catch2/catch.hpp>
#include <limits>

#include "cpab/decision/tolerance.h"

namespace cpab {
namespace {

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

TEST_CASE("Tolerance: its edges are within", "[decision]") {
  const Tolerance tenth;
  CHECK(tenth.covers(1.0));
  CHECK(tenth.covers(1.1));  // |1 - 1.1| is a little more than 0.1
  CHECK(tenth.covers(0.9));
  CHECK_FALSE(tenth.covers_before_1_33(1.1));
  CHECK(tenth.covers_before_1_33(1.09));
  CHECK(tenth.covers_before_1_33(0.91));
  CHECK_FALSE(tenth.covers_before_1_33(0.89));
  CHECK_FALSE(tenth.covers(1.11));
  CHECK_FALSE(tenth.covers(0.89));
  CHECK_FALSE(tenth.covers(std::numeric_limits<double>::quiet_NaN()));
  CHECK_FALSE(tenth.covers(std::numeric_limits<double>::infinity()));
}

TEST_CASE("Tolerance: each direction has its own", "[decision]") {
  const Tolerance tolerance{0.5, 0.0};
  CHECK(tolerance.covers(0.5));
  CHECK_FALSE(tolerance.covers(0.49));
  CHECK(tolerance.covers(1.0));
  CHECK_FALSE(tolerance.covers(1.01));
}

TEST_CASE("utilization_ratio: percent of the requests, over pods whose request is known",
          "[decision]") {
  CHECK(utilization_ratio({{50, 100}, {76, 100}}, 50) == UsageRatio{1.26, 63, 63});
  CHECK(utilization_ratio({{50, 100}, {76, 100}, {900, std::nullopt}}, 50) ==
        UsageRatio{1.26, 63, 63});
  CHECK(utilization_ratio({{10, 100}, {90, 300}}, 25) == UsageRatio{1.0, 50, 25});
}

TEST_CASE("utilization_ratio: the percentage is a whole number", "[decision]") {
  CHECK(utilization_ratio({{1099, 1000}}, 100) == UsageRatio{1.09, 1099, 109});
  CHECK(utilization_ratio({{-19, 1000}}, 100) == UsageRatio{-0.01, -19, -1});
}

TEST_CASE("utilization_ratio: none without requests", "[decision]") {
  CHECK(utilization_ratio({}, 50) == std::nullopt);
  CHECK(utilization_ratio({{50, std::nullopt}}, 50) == std::nullopt);
  CHECK(utilization_ratio({{50, 0}}, 50) == std::nullopt);
}

TEST_CASE("utilization_ratio: large amounts neither wrap nor trap", "[decision]") {
  CHECK(utilization_ratio({{most, most}, {most, most}}, 100) == UsageRatio{1.0, most, 100});
  const std::int32_t highest = std::numeric_limits<std::int32_t>::max();
  CHECK(utilization_ratio({{most, 1}}, highest) == UsageRatio{1.0, most, highest});
}

TEST_CASE("average_ratio: the average is a whole number of thousandths", "[decision]") {
  CHECK(average_ratio({{5000, {}}, {10000, {}}}, 10000) == UsageRatio{0.75, 7500, std::nullopt});
  CHECK(average_ratio({{1, {}}, {2, {}}}, 2) == UsageRatio{0.5, 1, std::nullopt});
  CHECK(average_ratio({{most, {}}, {most, {}}}, most) == UsageRatio{1.0, most, std::nullopt});
}

}  // namespace
}  // namespace cpab
