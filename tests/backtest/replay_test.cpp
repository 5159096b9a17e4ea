#include "cpab/backtest/replay.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cpab/config/load.h"
#include "tests/fakes/captured_log.h"

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
  const auto last = nlohmann::json::parse(result.decisions.back());
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
  const auto first = nlohmann::json::parse(result.decisions[0]);
  CHECK(first["metrics"]["values"][0]["value"] == "2026-01-05T00:01:00Z http://127.0.0.1\n");
  const auto second = nlohmann::json::parse(result.decisions[1]);
  CHECK(second["metrics"]["values"][0]["value"] == "2026-01-05T00:02:00Z http://127.0.0.1\n");
  CHECK(result.timeline.back().ready == 3);
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
  CHECK(result.timeline[115].wanted == 1);
  CHECK(result.timeline.back().ready == 8);
}
