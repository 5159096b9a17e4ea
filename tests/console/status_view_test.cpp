#include "cpab/console/status_view.h"

#include <catch2/catch.hpp>

#include "cpab/console/decision_view.h"
#include "tests/console/records.h"

using namespace cpab;

TEST_CASE("parse_status: what a terminal shows of it", "[console]") {
  CHECK(parse_status(status_text) == StatusView{.version = "0.1.0",
                                                .started_at = "2026-11-22T03:00:00.000Z",
                                                .target = "Deployment default/shop",
                                                .minimum = 1,
                                                .maximum = 8,
                                                .interval_ms = 2500,
                                                .now = "2026-11-22T03:19:30.000Z",
                                                .last_decision = 42});
}

TEST_CASE("parse_status: an override in words", "[console]") {
  struct Row {
    std::string json;
    std::string text;
  };
  const auto row = GENERATE(values<Row>({
      {R"({"direction":"none","until":"T","by":"alice","reason":"release"})",
       "paused until T by alice: release"},
      {R"({"replicas":20,"direction":"both","until":"T"})", "20 replicas until T"},
      {R"({"min":2,"max":9,"direction":"up","until":"T","reason":"sale"})",
       "at least 2, at most 9, no scale-down until T: sale"},
      {R"({"direction":"down","until":"T","by":"bob"})", "no scale-up until T by bob"},
  }));
  const std::string text = with(status_text, R"("override":null)", R"("override":)" + row.json);
  CHECK(parse_status(text).override_text == row.text);
}

TEST_CASE("parse_status: refuses what is no status", "[console]") {
  for (const char* text : {"", "[]", "{}", "7", R"({"version":1})"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_status(text), NotFromCpab);
  }
}
