#include "cpab/simulation/faults.h"

#include <catch2/catch.hpp>

#include "cpab/io/manual_clock.h"
#include "cpab/simulation/simulated_cluster.h"

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("faults: they hit matching requests, as often as told", "[simulation]") {
  Faults faults;
  Fault fault;
  fault.method = "PATCH";
  fault.path_contains = "/scale";
  fault.requests = 2;
  fault.status = 503;
  faults.add(fault);
  const auto hit = [&](const char* method, const char* path) {
    return faults.take(method, path).has_value();
  };

  CHECK_FALSE(hit("GET", "/a/scale"));
  CHECK_FALSE(hit("PATCH", "/a"));
  CHECK(hit("PATCH", "/a/scale"));
  CHECK(hit("PATCH", "/b/scale?x"));
  CHECK_FALSE(hit("PATCH", "/a/scale"));

  faults.add({.drop = true});
  CHECK(hit("GET", "/anything"));
  CHECK(hit("GET", "/anything"));
  faults.clear();
  CHECK_FALSE(hit("GET", "/anything"));
}

TEST_CASE("faults: in the process they are errors", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock);
  const auto web = cluster.add_deployment();
  const auto status = [&] {
    try {
      cluster.target(web, {});
      return 200;
    } catch (const KubernetesError& error) {
      return error.status;
    }
  };

  cluster.faults().add({.requests = 1, .status = 429});
  CHECK(status() == 429);
  cluster.faults().add({.requests = 1, .drop = true});
  CHECK(status() == 0);
  cluster.faults().add({.requests = 1, .garbage = true});
  CHECK(status() == 0);
  CHECK(status() == 200);
}

TEST_CASE("faults: latency passes on the clock, within the budget", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock);
  const auto web = cluster.add_deployment();
  cluster.faults().add({.latency = 5s});
  const auto start = clock.now();

  cluster.target(web, {});
  CHECK(clock.now() - start == 5s);

  Budget budget;
  budget.deadline = clock.now() + 2s;
  CHECK_THROWS_WITH(cluster.target(web, budget), "the simulated API server took too long");
  CHECK(clock.now() - start == 7s);
}

TEST_CASE("faults: an answer can get lost after the write took effect", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock);
  const auto web = cluster.add_deployment();
  const auto scale = cluster.scale(web, {});

  cluster.faults().add({.method = "PATCH", .requests = 1, .drop = true});
  CHECK_THROWS_AS(cluster.set_replicas(web, scale, 4, {}), KubernetesError);
  CHECK(cluster.view(web).wanted == 1);

  cluster.faults().add({.method = "PATCH", .requests = 1, .drop = true, .takes_effect = true});
  CHECK_THROWS_AS(cluster.set_replicas(web, scale, 4, {}), KubernetesError);
  CHECK(cluster.view(web).wanted == 4);
}
