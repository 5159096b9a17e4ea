#include "cpab/backtest/prometheus_load.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;
using Catch::Contains;
using Points = std::vector<std::pair<Duration, double>>;

namespace {

std::string matrix(const std::string& series) {
  return R"({"status":"success","data":{"resultType":"matrix","result":[)" + series + "]}}\n";
}

RecordedLoad parsed(const std::string& series, SeveralSeries several = SeveralSeries::refused) {
  return parse_prometheus_load(matrix(series), several);
}

}  // namespace

TEST_CASE("prometheus: one series of a matrix, with its time", "[backtest]") {
  const RecordedLoad load =
      parsed(R"({"metric":{"job":"web"},"values":[[1767571200,"5"],[1767571215.5,"7.5"]]})");
  CHECK(load.points == Points{{0ms, 5}, {15'500ms, 7.5}});
  CHECK(rfc3339_seconds(load.start.value()) == "2026-01-05T00:00:00Z");
  CHECK(load.remarks.empty());
}

TEST_CASE("prometheus: several series are summed when that is asked for", "[backtest]") {
  const std::string two =
      R"({"values":[[0,"1"],[60,"2"],[120,"3"]]},{"values":[[0,"10"],[120,"30"]]})";
  CHECK_THROWS_WITH(parsed(two), Contains("there are 2 series") && Contains("sum: true"));
  const RecordedLoad load = parsed(two, SeveralSeries::summed);
  CHECK(load.points == Points{{0s, 11}, {60s, 2}, {120s, 33}});
  REQUIRE(load.remarks.size() == 1);
  CHECK_THAT(load.remarks[0], Contains("at 1 of 3 times not every series has a value"));
}

TEST_CASE("prometheus: what was not measured is told of", "[backtest]") {
  const RecordedLoad load = parsed(
      R"({"values":[[0,"1"],[60,"NaN"],[120,"+Inf"],[180,"4"],[240,"5"],[300,"6"],[360,"7"],[420,"8"]]})");
  CHECK(load.points.size() == 6);
  REQUIRE(load.remarks.size() == 2);
  CHECK(load.remarks[0] ==
        "nothing was measured for 3m, longest for 3m from 1970-01-01T00:00:00Z: a straight line "
        "stands in for it");
  CHECK(load.remarks[1] == "2 of 8 values are no numbers and left out");
}

TEST_CASE("prometheus: says what a file is instead", "[backtest]") {
  const auto problem = [](const std::string& text) {
    try {
      parse_prometheus_load(text, SeveralSeries::refused);
      return std::string();
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
  };
  CHECK_THAT(problem(R"({"status":"error","errorType":"bad_data","error":"parse error"})"),
             Contains("Prometheus answered: parse error"));
  CHECK_THAT(problem(R"({"data":{"resultType":"vector","result":[]}})"),
             Contains("is a vector, not a matrix") && Contains("query_range"));
  CHECK_THAT(problem(R"({"a":1})"), Contains("no answer of /api/v1/query_range"));
  CHECK_THAT(problem(matrix("")), Contains("there are no values"));
  CHECK_THAT(problem(matrix(R"({"values":[[0,"-1"]]})")), Contains("is not from 0 to 1e15"));
  CHECK_THAT(problem(matrix(R"({"values":[[1e300,"1"]]})")), Contains("a time is no number"));
  CHECK_THAT(problem(matrix(R"({"values":[[0]]})")), Contains("no pair"));
  for (const char* text :
       {"", "[]", "1", "null", R"({"data":1})", R"({"data":{"resultType":"matrix","result":1}})",
        R"({"data":{"resultType":"matrix","result":[1]}})"}) {
    CAPTURE(text);
    CHECK_FALSE(problem(text).empty());
  }
}
