#include "cpab/backtest/replay.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cpab/config/load.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

const std::string hpa = R"(
scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
runMode: per-resource
minReplicas: 1
maxReplicas: 10
metric: {type: kubernetes}
evaluate: {type: hpa}
kubernetesMetricSpecs:
- type: Resource
  resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
downscaleStabilization: 60
decisionLog: /nonexistent/folder/log
mode: shadow
)";

Config config_of(const std::string& text) { return load_config_text(text, "c.yaml", {}).config; }

Scenario scenario_of(const std::string& text) { return parse_scenario(text, "s.yaml", "."); }

ReplayResult run(const std::string& config, const std::string& scenario) {
  const CapturedLog log;
  return replay(config_of(config), scenario_of(scenario), [](double) {}, {});
}

}  // namespace

TEST_CASE("replay: an HPA follows the load, on a clock of its own", "[backtest]") {
  const ReplayResult result = run(hpa, R"(
duration: 30m
startupTime: 20s
load: [{constant: 20}, {step: {at: 10m, height: 180}}]
)");

  REQUIRE(result.timeline.size() == 121);
  CHECK(rfc3339_seconds(result.timeline.front().time) == "2026-01-05T00:00:00Z");
  CHECK(result.timeline.front().ready == 1);
  CHECK(result.timeline[39].wanted == 1);
  CHECK(result.timeline.back().load == 200);
  CHECK(result.timeline.back().ready == 8);  // half of what each can: 50 a replica
  CHECK(result.timeline.back().needed == 4);
  CHECK(result.cycles.all == 119);
  CHECK(result.cycles.failed == 0);
  const auto last = nlohmann::json::parse(to_json(result.decisions.back()));
  CHECK(last["mode"] == "active");
  CHECK(last["evaluation"]["proposals"][0]["metric"] == "cpu");
}

TEST_CASE("replay: the same inputs give the same bytes", "[backtest]") {
  const std::string scenario = R"(
duration: 2h
startupSpread: 40s
load: [{sine: {period: 1h, peak: 30m, height: 300}}, {noise: {deviation: 20}}]
seed: 3
)";
  const ReplayResult first = run(hpa, scenario);
  const ReplayResult second = run(hpa, scenario);
  CHECK(first.decisions == second.decisions);
  CHECK(to_csv(first.timeline) == to_csv(second.timeline));
  CHECK(first.cycles.scaled > 3);
  CHECK(run(hpa, scenario + "replicas: 4\n").decisions != first.decisions);
}

TEST_CASE("replay: programs run, and know the time and the cluster", "[backtest]") {
  const ReplayResult result = run(R"(
scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
runMode: per-resource
interval: 60000
metric:
  type: shell
  timeout: 10000
  shell: {entrypoint: sh, command: [-c, 'echo "$CPAB_SIMULATED_TIME ${CPAB_SIMULATED_CLUSTER%:*}"']}
evaluate:
  type: shell
  timeout: 10000
  shell: {entrypoint: sh, command: [-c, 'echo "{\"targetReplicas\":3}"']}
)",
                                  "duration: 3m\nload: [{constant: 100}]");
  REQUIRE(result.cycles.all == 2);
  const auto first = nlohmann::json::parse(to_json(result.decisions[0]));
  CHECK(first["metrics"]["values"][0]["value"] == "2026-01-05T00:01:00Z http://127.0.0.1\n");
  const auto second = nlohmann::json::parse(to_json(result.decisions[1]));
  CHECK(second["metrics"]["values"][0]["value"] == "2026-01-05T00:02:00Z http://127.0.0.1\n");
  CHECK(result.timeline.back().ready == 3);
}

namespace {

/// The shell script at `path` as metric; one replica, whatever it prints.
std::string scripted(const std::string& path) {
  return R"(
scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
runMode: per-resource
interval: 60000
metric:
  type: shell
  timeout: 20000
  shell: {entrypoint: sh, command: [)" +
         path + R"(]}
evaluate:
  type: shell
  timeout: 20000
  shell: {entrypoint: echo, command: ['{"targetReplicas":1}']}
)";
}

std::vector<std::string> metric_values(const ReplayResult& result) {
  std::vector<std::string> values;
  for (const DecisionRecord& decision : result.decisions) {
    values.push_back(decision.metrics.at(0).value);
  }
  return values;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("replay: the target shows labels and annotations that follow the load", "[backtest]") {
  const TemporaryDirectory folder;
  const std::string config = scripted(folder.write(
      "metric.sh", R"SH(sed -n 's/.*"wanted":"\([^"]*\)".*"jobs":"\([^"]*\)".*/\2 \1/p')SH"));
  const std::string scenario = R"(
duration: 5m
load: [{ramp: {from: 0, to: 5m, height: 300}}]
shows:
- {label: wanted, scale: 0.01, round: up}
- {annotation: jobs, round: down}
faults: [{at: 2m, for: 1m, what: shows}]
)";
  const ReplayResult result = run(config, scenario);
  CHECK(metric_values(result) == Texts{"60 1", "", "180 2", "240 3"});
  CHECK(result.timeline.back().pods == 1);
}

TEST_CASE("replay: programs find values over HTTP, in variables and in files", "[backtest]") {
  const TemporaryDirectory folder;
  const std::string config = scripted(folder.write(
      "metric.sh", R"SH(echo "$SHARE ${URL#*/simulation} $(ls "$FOLDER" | wc -l)")SH"));
  const std::string scenario = R"(
duration: 4m
capacityPerReplica: 1
load: [{constant: 1}, {step: {at: 90s, height: 0.5}}]
shows:
- {variable: SHARE, value: utilization}
- {http: /jobs, value: backlog}
- {files: queue, value: backlog}
environment: {URL: "{http}/jobs", FOLDER: "{files}/queue"}
)";
  const ReplayResult result = run(config, scenario);
  CHECK(metric_values(result) ==
        Texts{"1 /http/jobs 0\n", "1.5 /http/jobs 19\n", "1.5 /http/jobs 49\n"});
  CHECK(run(config, scenario).decisions.size() == result.decisions.size());
}

TEST_CASE("replay: shown metrics are served by the metrics APIs", "[backtest]") {
  const auto metric_of = [](const std::string& spec) {
    return R"(
scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
runMode: per-resource
maxReplicas: 50
metric: {type: kubernetes}
evaluate: {type: hpa}
kubernetesMetricSpecs: [)" +
           spec + "]\n";
  };
  const std::string scenario = R"(
duration: 10m
load: [{constant: 100}]
shows:
- {podsMetric: hits, value: loadPerPod, scale: 2}
- {objectMetric: rate, scale: 3}
- {externalMetric: queue, labels: {queue: mail}, scale: 4}
)";
  const auto replicas = [&](const std::string& spec) {
    const ReplayResult result = run(metric_of(spec), scenario);
    CHECK(result.cycles.failed == 0);
    return result.timeline.back().ready;
  };
  CHECK(replicas("{type: Pods, pods: {metric: {name: hits}, target: {type: AverageValue, "
                 "averageValue: 20}}}") == 10);
  CHECK(replicas("{type: Object, object: {metric: {name: rate}, describedObject: {apiVersion: "
                 "apps/v1, kind: Deployment, name: web}, target: {type: AverageValue, "
                 "averageValue: 20}}}") == 15);
  CHECK(replicas("{type: External, external: {metric: {name: queue, selector: {matchLabels: "
                 "{queue: mail}}}, target: {type: AverageValue, averageValue: 20}}}") == 20);
}

TEST_CASE("replay: services run beside it", "[backtest]") {
  const std::string scenario = R"(
duration: 3m
load: [{constant: 1}]
services:
- command: [sh, -c, 'test "$GREETING" = hello && exec sleep 1000']
  environment: {GREETING: hello}
  ready: "{cluster}/healthz"
)";
  CHECK(run(hpa, scenario).cycles.failed == 0);
}

TEST_CASE("replay: a rollout replaces the pods, which takes its time", "[backtest]") {
  const std::string scenario = R"(
duration: 20m
replicas: 4
startupTime: 60s
load: [{constant: 100}]
rollouts: [{at: 10m}]
)";
  const ReplayResult result = run(hpa, scenario);
  const auto pods_at = [&](std::size_t minute) { return result.timeline.at(minute * 4).pods; };
  CHECK(pods_at(9) == 4);
  CHECK(pods_at(11) == 5);  // one more than wanted, by the default strategy
  CHECK(pods_at(18) == 4);
  CHECK(result.timeline.back().ready == 4);

  std::string config = hpa;
  config.replace(config.find("Deployment"), 10, "StatefulSet");
  CHECK_THROWS_WITH(run(config, scenario), Catch::Contains("rollouts are of Deployments"));
}

TEST_CASE("replay: a rollout changes the count of an average as the HPA only", "[backtest]") {
  const std::string config = R"(
scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
runMode: per-resource
metric: {type: kubernetes}
evaluate: {type: hpa, hpa: {tolerance: 0.25}}
kubernetesMetricSpecs:
- {type: External, external: {metric: {name: queue}, target: {type: AverageValue, averageValue: 25}}}
)";
  const std::string scenario = R"(
duration: 20m
replicas: 4
startupTime: 60s
load: [{constant: 100}]
shows: [{externalMetric: queue}]
rollouts: [{at: 10m}]
)";
  CHECK(run(config, scenario).cycles.scaled == 0);
  CHECK(run(config + "parity: true\n", scenario).timeline.back().wanted > 4);
}

TEST_CASE("replay: start-up times are drawn, the same for the same seed", "[backtest]") {
  const auto ready_after_step = [](const std::string& startup, int seed) {
    const ReplayResult result = run(hpa,
                                    "duration: 20m\nload: [{step: {at: 5m, height: 400}}]\n"
                                    "startupTime: " +
                                        startup + "\nseed: " + std::to_string(seed));
    std::vector<std::int32_t> ready;
    for (const Sample& sample : result.timeline) ready.push_back(sample.ready);
    return ready;
  };
  const std::string lognormal = "{lognormal: {median: 40s, p95: 3m}}";
  CHECK(ready_after_step(lognormal, 1) == ready_after_step(lognormal, 1));
  CHECK(ready_after_step(lognormal, 1) != ready_after_step(lognormal, 2));
  CHECK(ready_after_step("{normal: {mean: 40s, deviation: 20s}}", 1) != ready_after_step("40s", 1));
}

TEST_CASE("replay: a fault changes no count, and is over when it says", "[backtest]") {
  const std::string scenario = R"(
duration: 40m
replicas: 1
load: [{constant: 20}, {step: {at: 10m, height: 180}}]
faults: [{at: 9m, for: 20m, what: metrics}]
)";
  const ReplayResult result = run(hpa, scenario);
  CHECK(run(hpa, scenario).decisions == result.decisions);
  CHECK(result.cycles.failed == 80);
  CHECK(result.cycles.failed_without_fault == 0);
  CHECK(result.timeline[115].wanted == 1);
  CHECK(result.timeline.back().ready == 8);
}
