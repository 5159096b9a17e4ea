#include "cpab/backtest/decision_load.h"

#include <catch2/catch.hpp>

#include "cpab/model/decision_record.h"
#include "cpab/pipeline/wall_time.h"

using namespace cpab;
using namespace std::chrono_literals;
using Catch::Contains;
using Points = std::vector<std::pair<Duration, double>>;

namespace {

/// A record of so many seconds after a certain time.
DecisionRecord record(int seconds, std::int32_t replicas) {
  DecisionRecord record;
  record.id = 1;
  record.time = parse_wall_time("2026-01-05T08:00:00Z").value() + std::chrono::seconds(seconds);
  record.target = {"apps/v1", "Deployment", "web", "shop"};
  record.current_replicas = replicas;
  return record;
}

DecisionRecord with_values(int seconds, const std::vector<std::string>& values) {
  DecisionRecord result = record(seconds, static_cast<std::int32_t>(values.size()));
  for (const std::string& value : values) result.metrics.push_back({"web", value});
  result.metric_count = values.size();
  return result;
}

DecisionRecord with_proposals(int seconds, std::int32_t replicas,
                              std::vector<MetricProposal> proposals) {
  DecisionRecord result = with_values(seconds, {R"([{"spec":{)"});  // as a long value is cut
  result.current_replicas = replicas;
  result.evaluation.emplace();
  result.evaluation->target_replicas = 1;
  result.evaluation->proposals = std::move(proposals);
  return result;
}

std::string log_of(const std::vector<DecisionRecord>& records) {
  std::string log;
  for (const DecisionRecord& each : records) log += to_json(each) + "\n";
  return log;
}

RecordedLoad load_of(const std::vector<DecisionRecord>& records,
                     const DecisionLoadOptions& options = {}) {
  return parse_decision_load(log_of(records), options);
}

}  // namespace

TEST_CASE("decision log: metric values that are numbers are the load", "[backtest]") {
  const RecordedLoad load =
      load_of({with_values(0, {"12\n"}), with_values(15, {"1", "2.5"}), with_values(30, {"4"})});
  CHECK(load.points == Points{{0s, 12}, {15s, 3.5}, {30s, 4}});
  CHECK(rfc3339_seconds(load.start.value()) == "2026-01-05T08:00:00Z");
  CHECK(load.replicas == 1);
  CHECK(load.capacity_per_replica == std::nullopt);
  CHECK(load.remarks.empty());
}

TEST_CASE("decision log: a number within JSON values", "[backtest]") {
  const std::vector<DecisionRecord> records{
      with_values(0, {R"({"queue":{"a/b":[3,"4"]}})"}),
      with_values(15, {R"({"queue":{"a/b":[5,"6)"})};  // cut off
  CHECK(load_of(records, {.member = "/queue/a~1b/1"}).points == Points{{0s, 4}});
  CHECK_THAT(load_of(records, {.member = "/queue/a~1b/0"}).remarks.at(0),
             Contains("1 of 2 records have no usable value"));
  CHECK_THROWS_WITH(load_of(records), Contains("say where the number is, such as member: /load"));
  CHECK_THROWS_WITH(load_of(records, {.member = "/x"}), Contains("with a number at /x"));
}

TEST_CASE("decision log: more metrics than are recorded", "[backtest]") {
  DecisionRecord many = with_values(0, {"2", "4"});
  many.metric_count = 50;
  const RecordedLoad load = load_of({many});
  CHECK(load.points == Points{{0s, 150}});
  CHECK_THAT(load.remarks.at(0), Contains("hold the first 20 metrics only"));
}

TEST_CASE("decision log: proposals of an HPA, times the replicas of the time", "[backtest]") {
  const MetricProposal cpu{"Resource", "cpu", 3, "", "62%", "50%"};
  const RecordedLoad load = load_of(
      {with_proposals(0, 2, {cpu}), with_proposals(15, 3, {cpu}), with_proposals(30, 0, {cpu})});
  CHECK(load.points == Points{{0s, 124}, {15s, 186}});
  CHECK(load.capacity_per_replica == 100);
  CHECK(load.replicas == 2);

  const auto only = [](const MetricProposal& proposal) {
    return load_of({with_proposals(0, 4, {proposal})}).points.at(0).second;
  };
  CHECK(only({"Pods", "hits", 3, "", "2500m", "2"}) == 10);
  CHECK(only({"External", "queue", 3, "", "30", "10"}) == 30);
  CHECK(only({"External", "queue", 3, "", "30", "10 (avg)"}) == 120);
  CHECK(only({"Object", "rate", 3, "", "7", "10"}) == 7);

  const std::vector<DecisionRecord> two{
      with_proposals(0, 4, {cpu, {"External", "queue", 3, "", "30", "10"}})};
  CHECK_THROWS_WITH(load_of(two), Contains("the name one of cpu, queue"));
  CHECK(load_of(two, {.proposal = "queue"}).points == Points{{0s, 30}});
  CHECK(load_of(two, {.proposal = "cpu"}).points == Points{{0s, 248}});
  CHECK_THROWS_WITH(load_of(two, {.proposal = "hits"}), Contains("no record has a proposal of"));
}

TEST_CASE("decision log: failed cycles, dry runs and broken lines are left out", "[backtest]") {
  DecisionRecord failed = record(30, 1);
  failed.failure = Failure{"metric", "exit", "exit status 1", "", ""};
  DecisionRecord dry = with_values(40, {"99"});
  dry.trigger = RunType::api_dry_run;
  const std::string log = "ason\":\"\"}\n" + log_of({with_values(0, {"1"}), failed, dry}) +
                          "\r\n\n" + log_of({with_values(15, {"2"})}) +
                          R"({"id":9,"time":"2026-01-)";
  const RecordedLoad load = parse_decision_load(log, {});
  CHECK(load.points == Points{{0s, 1}, {15s, 2}});
  REQUIRE(load.remarks.size() == 2);
  CHECK_THAT(load.remarks[0], Contains("1 of 3 records have no usable value"));
  CHECK_THAT(load.remarks[1], Contains("was cut off: 2"));
}

TEST_CASE("decision log: of one target, and not of nothing", "[backtest]") {
  DecisionRecord other = with_values(15, {"2"});
  other.target.name = "api";
  CHECK_THROWS_WITH(load_of({with_values(0, {"1"}), other}),
                    Contains("about shop/web and about shop/api"));
  CHECK_THROWS_WITH(load_of({}), Contains("there is no decision record"));
  CHECK_THROWS_WITH(load_of({record(0, 1)}), Contains("none has proposals"));
}
