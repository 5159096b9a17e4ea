// A day at 15 seconds in a replay, with the methods of the HPA. The floor puts the requests of such
// a cycle to the simulated cluster, from one cycle to the next, and does nothing else. Prints JSON.
//
//   bench_replay [hours=24] [rounds=3]

#include "cpab/backtest/replay.h"

#include <cstdio>
#include <string>
#include <vector>

#include "bench/arguments.h"
#include "bench/figures.h"
#include "cpab/config/load.h"
#include "cpab/io/logging.h"
#include "cpab/io/manual_clock.h"
#include "cpab/simulation/in_process_http_client.h"
#include "cpab/simulation/simulated_cluster.h"

namespace {

using namespace cpab;

constexpr const char* config_text = R"(
scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
namespace: default
runMode: per-resource
interval: 15000
minReplicas: 1
maxReplicas: 20
metric: {type: kubernetes}
evaluate: {type: hpa}
kubernetesMetricSpecs:
- type: Resource
  resource: {name: cpu, target: {type: Utilization, averageUtilization: 50}}
)";

Scenario scenario_of(int hours) {
  return parse_scenario("duration: " + std::to_string(hours) +
                            "h\nreplicas: 2\nload: [{constant: 20}, {sine: {peak: 14h, height: "
                            "200}}, {noise: {deviation: 6}}]\n",
                        "bench", ".");
}

/// What a cycle asks the API server.
void ask(InProcessHttpClient& client) {
  const std::string base = InProcessHttpClient::url;
  for (const char* path : {"/apis/apps/v1/namespaces/default/deployments/web",
                           "/apis/apps/v1/namespaces/default/deployments/web/scale",
                           "/api/v1/namespaces/default/pods?labelSelector=app%3Dweb",
                           "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods"}) {
    HttpRequest request;
    request.url = base + path;
    client.send(request);
  }
}

void ask_through(std::int64_t cycles) {
  ManualClock clock;
  SimulatedCluster cluster(clock);
  cluster.add_deployment({.replicas = 6, .load = [](Duration) { return 150.0; }});
  InProcessHttpClient client(cluster, clock);
  for (std::int64_t i = 0; i < cycles; ++i) {
    clock.advance(std::chrono::seconds(15));
    ask(client);
  }
}

/// Not wall time: there is nothing to wait for but other programs.
template <typename Work>
double cpu_ms(Work work) {
  const double before = bench::own_cpu();
  work();
  return bench::own_cpu() - before;
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  set_up_logging({.verbosity = -1, .output = [](std::string_view) {}});
  const Config config = load_config_text(config_text, "bench", {}).config;
  const Scenario scenario = scenario_of(arguments.number("hours", 24));
  std::int64_t cycles = 0;
  std::vector<double> times, floors;
  for (int i = 0; i < arguments.number("rounds", 3); ++i) {
    times.push_back(
        cpu_ms([&] { cycles = replay(config, scenario, [](double) {}, {}).cycles.all; }));
    floors.push_back(cpu_ms([&] { ask_through(cycles); }));
  }
  const double ms = bench::median(times);
  std::printf(R"({"cycles":%lld,"ms":%.1f,"cycles_per_second":%.0f,"floor_ms":%.1f})"
              "\n",
              static_cast<long long>(cycles), ms, static_cast<double>(cycles) / ms * 1000,
              bench::median(floors));
}
