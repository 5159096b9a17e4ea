#include <catch2/catch.hpp>

#include "cpab/backtest/scenario.h"

using namespace cpab;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

const std::string records =
    R"({"time":"2026-01-05T08:00:00Z","trigger":"scaler","target":{"namespace":"a","name":"web"},"currentReplicas":3,"metrics":{"count":1,"values":[{"resource":"web","value":"10"}]}})"
    "\n"
    R"({"time":"2026-01-05T09:00:00Z","trigger":"scaler","target":{"namespace":"a","name":"web"},"currentReplicas":4,"metrics":{"count":1,"values":[{"resource":"web","value":"20"}]}})"
    "\n";

std::string file(const std::string& path) {
  if (path == "/in/log.jsonl") return records;
  if (path == "/in/days.csv") return "2026-01-05T00:00:00Z,1\n2026-01-07T00:00:00Z,3\n";
  if (path == "/in/hour.csv") return "0,1\n3600,3\n";
  if (path == "/in/range.json") {
    return R"({"data":{"resultType":"matrix","result":[{"values":[[1767603600,"4"],[1767607200,"6"]]}]}})";
  }
  throw FileError("open " + path + ": no such file");
}

Scenario parsed(const std::string& text, const std::string& name = "s.yaml") {
  return parse_scenario(text, name, "/in", file);
}

double load_at(const Scenario& scenario, Duration time) { return load_curve(scenario.load)(time); }

}  // namespace

TEST_CASE("recording: what a scenario leaves open is as it was", "[backtest]") {
  const Scenario scenario = parsed("load: [{decisions: log.jsonl}]");
  CHECK(rfc3339_seconds(scenario.start) == "2026-01-05T08:00:00Z");
  CHECK(scenario.length == 1h);
  CHECK(scenario.replicas == 3);
  CHECK(load_at(scenario, 30min) == 15);
  CHECK(parsed(records, "week.jsonl").length == 1h);
  CHECK(parsed("load: [{csv: hour.csv}]").length == 1h);
  CHECK(parsed("load: [{constant: 1}]").length == 24h);
}

TEST_CASE("recording: what a scenario says counts, and the recording keeps its time",
          "[backtest]") {
  const Scenario part = parsed(
      "start: 2026-01-05T08:30:00Z\nduration: 10m\nreplicas: 7\nload: [{decisions: log.jsonl}]");
  CHECK(part.length == 10min);
  CHECK(part.replicas == 7);
  CHECK(load_at(part, 0s) == 15);

  const Scenario two = parsed("load: [{prometheus: range.json}, {csv: days.csv}]");
  CHECK(rfc3339_seconds(two.start) == "2026-01-05T09:00:00Z");
  CHECK(load_at(two, 0s) == Approx(4 + 1 + 2 * 9.0 / 48));
  CHECK(two.length == 39h);  // to the end of the CSV file
}

TEST_CASE("recording: one of another time is a mistake", "[backtest]") {
  CHECK_THROWS_WITH(parsed("start: 2026-03-01T00:00:00Z\nload: [{decisions: log.jsonl}]"),
                    Contains("is of 2026-01-05T08:00:00Z to 2026-01-05T09:00:00Z") &&
                        Contains("leave out start"));
  CHECK_THROWS(parsed("start: 2026-01-01T00:00:00Z\nduration: 1d\nload: [{decisions: log.jsonl}]"));
}

TEST_CASE("recording: files, and what is wrong with them", "[backtest]") {
  CHECK(parsed("load: [{decisions: {file: [log.jsonl, /in/log.jsonl]}}]").length == 1h);
  CHECK_THROWS_WITH(
      parsed("load:\n- decisions: {file: [log.jsonl, no.jsonl]}"),
      Contains("load[0].decisions") && Contains("open /in/no.jsonl") && Contains("s.yaml:2"));
  CHECK_THROWS_WITH(parsed("load: [{decisions: {member: /a}}]"), Contains("has no file"));
  CHECK_THROWS_WITH(parsed("load: [{prometheus: {file: range.json, sums: true}}]"),
                    Contains("did you mean sum?"));
  CHECK_THROWS_WITH(parsed("load: [{prometheus: hour.csv}]"),
                    Contains("/in/hour.csv") && Contains("query_range"));
  CHECK_THROWS_WITH(parsed("{}", "week.jsonl"), Contains("week.jsonl: there is no decision"));
}
