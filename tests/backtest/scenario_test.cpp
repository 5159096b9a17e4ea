#include "cpab/backtest/scenario.h"
#include "cpab/backtest/service_level.h"

#include <catch2/catch.hpp>

#include "tests/fakes/temporary_directory.h"

using namespace cpab;
using namespace std::chrono_literals;
using Catch::Contains;

namespace {

Scenario parsed(const std::string& text) { return parse_scenario(text, "s.yaml", "/nowhere"); }

std::string complaint(const std::string& text) {
  try {
    parsed(text);
    return "";
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

const std::string load = "load: [{constant: 100}]\n";

}  // namespace

TEST_CASE("scenario: every key", "[backtest]") {
  const TemporaryDirectory folder;
  folder.write("load.csv", "0,5\n60,6\n");
  const Scenario scenario = parse_scenario(R"(
start: 2026-02-01T08:00:00Z
duration: 2d
replicas: 3
capacityPerReplica: 40
startupTime: 20s
startupSpread: 1m
shutdownTime: 5
cpuRequest: 500m
cpuAtCapacity: 0.8
seed: 9
sampleInterval: 30s
load:
- constant: 10
- step: {at: 1h, height: 5}
- ramp: {from: 1h, to: 2h, height: 5}
- sine: {period: 24h, peak: 14h, height: 200}
- spike: {at: 9h, height: 400, halfLife: 20m}
- crowd: {at: 20h, height: 120, rise: 2m, hold: 15m}
- noise: {deviation: 6, every: 30s, seed: 7}
- csv: load.csv
externalMetrics:
- {name: queue, value: 4, labels: {queue: mail}}
shows:
- {label: wanted-replicas, scale: 0.02, round: up}
- {annotation: example.com/queue, value: backlog}
- {http: "/api/v1/query?query=up", value: utilization, body: '{"value": {value}}'}
- {variable: SHARE, value: loadPerPod, round: nearest}
- {files: queue, value: backlog}
- {externalMetric: queue, value: backlog, labels: {queue: mail}}
- {objectMetric: rate}
- {podsMetric: rate, value: loadPerPod}
environment: {METRIC_URL: "{http}/jobs", LOAD_PER_POD: 50}
services:
- {command: [python3, service.py], environment: {PORT: 8900}, ready: "http://127.0.0.1:8900/"}
serviceLevel: {utilization: 0.8, latencyMilliseconds: 100}
rollouts: [{at: 3h}]
faults:
- {at: 1h, for: 5m, what: api}
)",
                                           "s.yaml", folder.file(""));
  CHECK(rfc3339_seconds(scenario.start) == "2026-02-01T08:00:00Z");
  CHECK(scenario.length == 48h);
  CHECK(scenario.replicas == 3);
  CHECK(scenario.startup_time == 20s);
  CHECK(scenario.startup_extra == RandomTime(UniformTime{0s, 1min}));
  CHECK(scenario.shutdown_time == 5s);
  CHECK(scenario.cpu_request == "500m");
  CHECK(scenario.load.size() == 8);
  CHECK(scenario.external_metrics.front().labels.at("queue") == "mail");
  REQUIRE(scenario.shows.size() == 8);
  CHECK(scenario.shows[0].name == "wanted-replicas");
  CHECK(scenario.shows[0].scale == 0.02);
  CHECK(scenario.shows[0].rounding == ShownValue::Rounding::up);
  CHECK(scenario.shows[1].amount == ShownValue::Amount::backlog);
  CHECK(scenario.shows[2].body == "{\"value\": {value}}");
  CHECK(scenario.shows[5].labels.at("queue") == "mail");
  CHECK(scenario.shows[7].place == ShownValue::Place::pods_metric);
  CHECK(scenario.environment.at("LOAD_PER_POD") == "50");
  CHECK(scenario.services.front().command.back() == "service.py");
  CHECK(scenario.services.front().environment.at("PORT") == "8900");
  CHECK(scenario.service_level.utilization == 0.8);
  CHECK(scenario.service_level.latency->count() == 100);
  CHECK(scenario.faults.front().lasts == 5min);
  CHECK(scenario.rollouts.front().at == 3h);
  CHECK(parsed(load).service_level.utilization == 1);
}

TEST_CASE("scenario: says what is wrong, where, and what to write", "[backtest]") {
  CHECK_THAT(complaint("loads: []"), Contains("loads") && Contains("did you mean load?"));
  CHECK_THAT(complaint("load: [{sin: {}}]"), Contains("did you mean sine?"));
  CHECK_THAT(complaint(load + "duration: 1y"),
             Contains("duration is no length of time") && Contains("s.yaml:2") && Contains("90s"));
  CHECK_THAT(complaint("duration: 1h"), Contains("load is missing or empty"));
  CHECK_THAT(complaint(load + load),
             Contains("key \"load\" is there twice (s.yaml:1 and s.yaml:2)"));
  CHECK_THAT(complaint(load + "environment: {A: 1, A: 2}"),
             Contains("key \"environment.A\" is there twice"));
  CHECK_THAT(complaint(load + "---\nduration: 1h\n"),
             Contains("s.yaml:2: only the first document is read; remove all from this line on"));
  CHECK_THAT(complaint("load: [{sine: {period: 0}}]"), Contains("load[0].sine.period is 0"));
  CHECK_THAT(complaint("load: [{spike: {height: 1, halfLife: 0}}]"), Contains("halfLife is 0"));
  CHECK_THAT(complaint("load: [{constant: .nan}]"), Contains("load[0].constant is no number"));
  CHECK_THAT(complaint("load: [{csv: no.csv}]"), Contains("/nowhere/no.csv"));
  CHECK_THAT(complaint(load + "replicas: 20000"), Contains("replicas is above 10000"));
  CHECK_THAT(complaint(load + "capacityPerReplica: 0"), Contains("is not above 0"));
  CHECK_THAT(complaint(load + "serviceLevel: {utilization: 80}"), Contains("is above 1"));
  CHECK_THAT(complaint(load + "serviceLevel: {latencyMilliseconds: 20}"),
             Contains("no number of replicas would do"));
  CHECK_THAT(complaint(load + "duration: 400d\nsampleInterval: 0.1"), Contains("raise that"));
  CHECK_THAT(complaint(load + "faults: [{what: fire}]"), Contains("write api, metrics or shows"));
  CHECK_THAT(complaint(load + "start: noon"), Contains("start is no time"));
  CHECK_THAT(complaint("a: ["), Contains("is neither YAML nor JSON"));
}

TEST_CASE("scenario: what says nothing without a key needs it", "[backtest]") {
  const auto [text, problem] = GENERATE(table<std::string, std::string>({
      {"load: [{step: {at: 1h}}]",
       "load[0].step has no height (s.yaml:1); it does nothing without"},
      {"load: [{step: null}]", "load[0].step has no height"},
      {"load: [{ramp: {from: 1h, height: 5}}]", "load[0].ramp has no to"},
      {"load: [{ramp: {to: 1h}}]", "load[0].ramp has no height"},
      {"load: [{ramp: {from: 2h, to: 1h, height: 5}}]", "load[0].ramp ends before it begins"},
      {"load: [{sine: {period: 24h}}]", "load[0].sine has no height"},
      {"load: [{spike: {at: 1h}}]", "load[0].spike has no height"},
      {"load: [{crowd: {at: 1h}}]", "load[0].crowd has no height"},
      {"load: [{noise: {every: 1h}}]", "load[0].noise has no deviation"},
      {"load: [{constant: 5}, {}]", "load[1] is empty"},
      {"load: [{constant: 5}, null]", "load[1] is empty"},
      {"load: [{constant: 5}]\nfaults: [{what: api}]", "faults[0] has no for"},
      {"load: [{constant: 5}]\nfaults: [{what: api, for: 0}]", "faults[0].for is 0"},
      {"load: [{constant: 5}]\nrollouts: [{}]", "rollouts[0] has no at"},
      {"load: [{constant: 5}]\nrollouts: [null]", "rollouts[0] has no at"},
  }));
  CAPTURE(text);
  CHECK_THAT(complaint(text), Contains(problem));
}

TEST_CASE("scenario: start-up times", "[backtest]") {
  const auto startup = [](const std::string& text) { return parsed(load + text); };
  CHECK(startup("startupTime: 7").startup_time == 7s);
  CHECK(startup("startupTime: 7").startup_extra == RandomTime());
  const Scenario uniform = startup("startupTime: {uniform: [10s, 40s]}");
  CHECK(uniform.startup_time == 10s);
  CHECK(uniform.startup_extra == startup("startupSpread: 30s").startup_extra);
  const Scenario normal = startup("startupTime: {normal: {mean: 20s, deviation: 5s}}");
  CHECK(normal.startup_time == 0s);
  CHECK(normal.startup_extra == RandomTime(NormalTime{20s, 5s}));
  CHECK(startup("startupTime: {lognormal: {median: 20s, p95: 1m}}").startup_extra ==
        RandomTime(LognormalTime{20s, 1min}));

  const auto problem = [](const std::string& text) { return complaint(load + text); };
  CHECK_THAT(problem("startupTime: {uniform: 10s}"), Contains("write such as [10s, 40s]"));
  CHECK_THAT(problem("startupTime: {uniform: [40s, 10s]}"), Contains("ends before it begins"));
  CHECK_THAT(problem("startupTime: {normal: {deviation: 1}}"), Contains("has no mean"));
  CHECK_THAT(problem("startupTime: {lognormal: {median: 60s, p95: 20s}}"),
             Contains("startupTime.lognormal has no median, or a p95 below it"));
  CHECK_THAT(problem("startupTime: {lognormale: 1}"), Contains("did you mean lognormal?"));
  CHECK_THAT(problem("startupTime: {}"), Contains("is not one distribution"));
  for (const char* both : {"startupSpread: 1s\nstartupTime: {uniform: [1s, 2s]}",
                           "startupTime: {normal: {mean: 1s}}\nstartupSpread: 1s"}) {
    CHECK_THAT(problem(both), Contains("write either startupSpread or a distribution"));
  }
}

TEST_CASE("scenario: says what cannot be shown", "[backtest]") {
  const auto shows = [](const std::string& entry) {
    return complaint(load + "shows: [" + entry + "]");
  };
  CHECK(shows("{label: jobs}").empty());
  CHECK_THAT(shows("{value: load}"), Contains("shows[0] says not where") && Contains("s.yaml:2"));
  CHECK_THAT(shows("{label: a, annotation: a}"), Contains("has several places"));
  CHECK_THAT(shows("{label: -jobs}"), Contains("is no name for that") && Contains("wanted-"));
  CHECK_THAT(shows("{annotation: a/b/c}"), Contains("shows[0].annotation is no name"));
  CHECK_THAT(shows("{http: jobs}"), Contains("write such as /jobs"));
  CHECK_THAT(shows("{variable: A-B}"), Contains("is no name"));
  CHECK_THAT(shows("{files: ../x}"), Contains("is no name"));
  CHECK_THAT(shows("{files: ..}"), Contains("is no name"));
  CHECK_THAT(shows("{externalMetric: a/b}"), Contains("is no name"));
  CHECK_THAT(shows("{label: a, value: cpu}"), Contains("write one of load, loadPerPod, util"));
  CHECK_THAT(shows("{label: a, round: off}"), Contains("write one of up, down, nearest"));
  CHECK_THAT(shows("{label: a, scale: -1}"), Contains("scale is below 0"));
  CHECK_THAT(shows("{label: a, labels: {b: c}}"), Contains("only an externalMetric has labels"));
  CHECK_THAT(shows("{label: a, body: b}"), Contains("only http has a body"));
  CHECK_THAT(complaint(load + "environment: {\"A=B\": 1}"), Contains("no variable has"));
  CHECK_THAT(complaint(load + "environment: {Q: \"{files}/q\"}"), Contains("add to shows such as"));
  CHECK_THAT(complaint(load + "services: [{command: [true]}]"), Contains("services[0] has no"));
  CHECK_THAT(complaint("load: [{constant: 1e300}]"), Contains("at most 1e15"));
}

TEST_CASE("scenario: how many replicas a load takes", "[backtest]") {
  Scenario scenario = parsed(load + "capacityPerReplica: 50\nserviceLevel: {utilization: 0.8}");
  CHECK(needed_replicas(scenario, 0) == 0);
  CHECK(needed_replicas(scenario, 40) == 1);
  CHECK(needed_replicas(scenario, 41) == 2);
  CHECK(needed_replicas(scenario, 400) == 10);
  CHECK(is_served(scenario, 0, 0));
  CHECK_FALSE(is_served(scenario, 41, 1));

  scenario = parsed(load + "capacityPerReplica: 50\nserviceLevel: {latencyMilliseconds: 25}");
  for (const double each : {1.0, 10.0, 99.0, 100.0, 1234.5}) {
    CAPTURE(each);
    const std::int32_t needed = needed_replicas(scenario, each);
    CHECK(is_served(scenario, each, needed));
    CHECK_FALSE(is_served(scenario, each, needed - 1));
  }
}
