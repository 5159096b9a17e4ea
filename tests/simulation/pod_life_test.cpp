#include <catch2/catch.hpp>

#include "cpab/io/manual_clock.h"
#include "cpab/simulation/api_operations.h"
#include "cpab/simulation/simulated_cluster.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

SimulationOptions slow_pods() {
  SimulationOptions options;
  options.pod_start_time = 10s;
  options.pod_ready_time = 5s;
  options.pod_stop_time = 3s;
  return options;
}

Json first_pod(SimulatedCluster& cluster) {
  return Json::parse(cluster.pods("default", "app=web", {}).at(0).json);
}

std::string ready_condition(const Json& pod) {
  for (const auto& condition : pod.elements_at("/status/conditions")) {
    if (condition.string_at("/type") == "Ready") {
      return condition.string_at("/status") + " since " +
             condition.string_at("/lastTransitionTime");
    }
  }
  return "none";
}

}  // namespace

TEST_CASE("pod life: a pod is created, started and ready at its times", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock, slow_pods());
  cluster.add_deployment();

  const auto created = first_pod(cluster);
  CHECK(created.string_at("/status/phase") == "Pending");
  CHECK(created.string_at("/status/podIP") == "");
  CHECK(created.string_at("/status/startTime") == "2026-01-01T00:00:00Z");
  CHECK(ready_condition(created) == "False since 2026-01-01T00:00:00Z");

  clock.advance(9'999ms);
  CHECK(first_pod(cluster) == created);
  clock.advance(1ms);
  const auto started = first_pod(cluster);
  CHECK(started.string_at("/status/phase") == "Running");
  CHECK(started.string_at("/status/podIP") == "10.244.0.2");
  CHECK(started.string_at("/status/containerStatuses/0/state/running/startedAt") ==
        "2026-01-01T00:00:10Z");
  CHECK(started.at("/status/containerStatuses/0/ready") == Json::parse("false"));
  CHECK(ready_condition(started) == "False since 2026-01-01T00:00:00Z");

  clock.advance(5s);
  const auto ready = first_pod(cluster);
  CHECK(ready.at("/status/containerStatuses/0/ready") == Json::parse("true"));
  CHECK(ready_condition(ready) == "True since 2026-01-01T00:00:15Z");
}

TEST_CASE("pod life: looking late sees the same as looking often", "[simulation]") {
  const auto late = GENERATE(false, true);
  ManualClock clock;
  SimulatedCluster cluster(clock, slow_pods());
  const auto web = cluster.add_deployment();

  for (int second = 0; second < 60; ++second) {
    clock.advance(1s);
    if (!late) cluster.view(web);
  }

  CHECK(ready_condition(first_pod(cluster)) == "True since 2026-01-01T00:00:15Z");
  CHECK(cluster.view(web) == WorkloadView{1, 1, 1});
}

TEST_CASE("pod life: a surplus pod takes its time to stop", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock, slow_pods());
  const auto web = cluster.add_deployment({.replicas = 2});
  clock.advance(1min);
  CHECK(cluster.view(web) == WorkloadView{2, 2, 2});

  cluster.scale_by_hand(web, 1);

  CHECK(cluster.view(web) == WorkloadView{1, 1, 1});
  CHECK(cluster.pods("default", "app=web", {}).size() == 2);
  clock.advance(3s);
  CHECK(cluster.pods("default", "app=web", {}).size() == 1);
}

TEST_CASE("pod life: with all times zero pods are ready, and gone, at once", "[simulation]") {
  ManualClock clock;
  SimulationOptions options;
  options.pod_start_time = options.pod_ready_time = options.pod_stop_time = Duration::zero();
  SimulatedCluster cluster(clock, options);

  const auto web = cluster.add_deployment({.replicas = 3});
  CHECK(cluster.view(web) == WorkloadView{3, 3, 3});
  cluster.scale_by_hand(web, 1);
  CHECK(cluster.view(web) == WorkloadView{1, 1, 1});
  CHECK(cluster.pods("default", "app=web", {}).size() == 1);
}

TEST_CASE("pod life: pods that are not ready go first, then the youngest", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock, slow_pods());
  const auto web = cluster.add_deployment({.replicas = 1});
  clock.advance(1min);
  const auto oldest = cluster.pods("default", "app=web", {}).at(0).name;
  cluster.scale_by_hand(web, 2);
  clock.advance(1min);
  cluster.scale_by_hand(web, 3);
  clock.advance(1s);

  cluster.scale_by_hand(web, 1);
  clock.advance(1min);

  const auto left = cluster.pods("default", "app=web", {});
  REQUIRE(left.size() == 1);
  CHECK(left[0].name == oldest);
}

TEST_CASE("pod life: a deleted pod is replaced, a failed one too", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock, slow_pods());
  const auto web = cluster.add_deployment({.replicas = 2});
  clock.advance(1min);
  const auto pods = cluster.pods("default", "app=web", {});

  cluster.access([&](ClusterState& state) {
    delete_object(state, {type_of_kind("Pod"), "default", pods[0].name}, Json());
  });
  cluster.merge_patch_pod("default", pods[1].name, R"({"status":{"phase":"Failed"}})");

  CHECK(cluster.view(web) == WorkloadView{2, 2, 0});
  clock.advance(1min);
  CHECK(cluster.view(web) == WorkloadView{2, 2, 2});
  CHECK(cluster.pods("default", "app=web", {}).size() == 3);  // the failed one stays to be seen
}

TEST_CASE("pod life: the same seed gives the same cluster", "[simulation]") {
  const auto names = [](std::uint64_t seed) {
    ManualClock clock;
    SimulationOptions options;
    options.seed = seed;
    SimulatedCluster cluster(clock, options);
    cluster.add_deployment({.replicas = 3});
    std::string all;
    for (const auto& pod : cluster.pods("default", "app=web", {}))
      all += pod.name + pod.uid + pod.json;
    return all;
  };

  CHECK(names(1) == names(1));
  CHECK(names(1) != names(2));
}
