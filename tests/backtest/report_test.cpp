#include "cpab/backtest/report.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

const std::string hostile = "</script><script>harm()</script> \xff";

/// A replay of `size` samples, with a decision at each.
ReplayResult replay_of(int size) {
  ReplayResult result;
  const Scenario scenario;
  for (int i = 0; i < size; ++i) {
    const WallTime time = scenario.start + i * 15s;
    result.timeline.push_back(
        {.time = time, .load = 10.0 / 3, .wanted = 2, .pods = 2, .ready = 1 + i % 2, .needed = 1});
    DecisionRecord record;
    record.time = time;
    record.action = Action::failed;
    record.current_replicas = 2;
    record.message = hostile + std::to_string(i);
    record.failure = Failure{.stage = "metric", .err = hostile + std::string(5000, 'x')};
    result.decisions.push_back(record);
  }
  return result;
}

std::string report(const ReplayResult& one, const ReplayResult& other) {
  const Summary summary{{"podHours", 12}, {"reversals", 3}};
  return report_html("day.yaml", {}, {{"a.yaml", one, summary}, {hostile, other, summary}});
}

nlohmann::json data_in(const std::string& html) {
  const std::string begin = "id=\"data\">";
  const std::size_t at = html.find(begin) + begin.size();
  return nlohmann::json::parse(html.substr(at, html.find("</script>", at) - at));
}

}  // namespace

TEST_CASE("report: one file with all that it shows", "[backtest]") {
  const ReplayResult result = replay_of(4);
  const std::string html = report(result, result);

  CHECK(html == report(result, result));
  const auto has = [&](const char* text) { return html.find(text) != std::string::npos; };
  CHECK(html.starts_with("<!doctype html>"));
  CHECK(has("Copyright (c) 2022 Leon Sorokin"));  // of uPlot
  for (const char* text :
       {"@DATA@", "@MODULES@", "\nimport ", "<link rel=\"stylesheet\"", "<script src"}) {
    INFO(text);
    CHECK_FALSE(has(text));
  }
  const nlohmann::json data = data_in(html);
  CHECK(data["scenario"]["start"] == "2026-01-05T00:00:00Z");
  CHECK(data["samples"] == 4);
  CHECK(data["drawn"] == nlohmann::json({0, 1, 1, 3}));
  CHECK(data["load"][0] == 3.333);
  CHECK(data["needed"] == nlohmann::json({1, 4}));
  CHECK(data["replays"][0]["ready"] == nlohmann::json({1, 1, 2, 1, 1, 1, 2, 1}));
  CHECK(data["replays"][0]["decisions"][1]["at"] == 15);
  CHECK(data["figures"][0]["label"] == "Pod-hours");
  CHECK(data["figures"][0]["values"] == nlohmann::json({12, 12}));
}

TEST_CASE("report: what others have written stays inside of its data", "[backtest]") {
  const ReplayResult result = replay_of(1);
  const std::string html = report(result, result);

  CHECK(html.find("<script>harm") == std::string::npos);
  const nlohmann::json data = data_in(html);
  CHECK(data["replays"][1]["name"] == "</script><script>harm()</script> \xEF\xBF\xBD");
  CHECK_THAT(data["texts"][0].get<std::string>(), Catch::StartsWith("</script><script>harm()"));
}

TEST_CASE("report: of a long replay a part, and how much there was", "[backtest]") {
  const ReplayResult result = replay_of(20'000);
  const std::string html = report(result, result);

  const nlohmann::json data = data_in(html);
  CHECK(data["samples"] == 20'000);
  CHECK(data["load"].size() < 6000);
  CHECK(data["replays"][0]["decisionRuns"] == 20'000);
  CHECK(data["replays"][0]["decisions"].size() == 3000);
  CHECK(html.size() < 1'000'000);
}
