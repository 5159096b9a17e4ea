#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// 10 at first, one more each second.
double rising(Duration time) { return 10 + static_cast<double>(time.count()) / 1000; }

}  // namespace

TEST_CASE("load: the ready pods share it", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment({.replicas = 2, .load = rising});

  CHECK(api.cluster.load(target) == Load{"Deployment", "default", "web", 10, 0});
  CHECK(api.cluster.load(target).per_pod() == 0);
  api.clock.advance(20s);
  CHECK(api.cluster.load(target) == Load{"Deployment", "default", "web", 30, 2});
  CHECK(api.cluster.load(target).per_pod() == 15);

  api.cluster.scale_by_hand(target, 3);
  api.clock.advance(1s);
  CHECK(api.cluster.load(target).per_pod() == 15.5);  // 31 for two: the third is starting
  api.clock.advance(9s);
  CHECK(api.cluster.load(target).per_pod() == 40.0 / 3);
}

TEST_CASE("load: it is told over HTTP, in all and for each pod", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 2, .load = [](Duration) { return 50; }});
  api.settle();
  const auto pod = api.cluster.pods("default", "app=web", {}).at(0).name;
  const std::string one =
      R"({"kind":"Deployment","namespace":"default","name":"web","load":50.0,"readyPods":2,"loadPerPod":25.0})";

  CHECK(api.get("/simulation/load").body == R"({"loads":[)" + one + "]}");
  CHECK(api.get("/simulation/namespaces/default/deployments/web/load").body == one);
  CHECK(api.get("/simulation/namespaces/default/pods/" + pod + "/load").body ==
        R"({"kind":"Pod","namespace":"default","name":")" + pod + R"(","load":25.0})");
  CHECK(outcome(api.get("/simulation/namespaces/default/pods/nope/load")) ==
        "404 NotFound: pods \"nope\" not found");
  CHECK(outcome(api.get("/simulation/nope")) ==
        "404 NotFound: the server could not find the requested resource");
}

TEST_CASE("pages: answered below /simulation/http, with a query or for any", "[simulation]") {
  ApiFixture api;
  api.cluster.set_page("/jobs", "12");
  api.cluster.set_page("/api/v1/query?query=a", R"({"status":"success"})");
  api.cluster.set_page("/api/v1/query", "[]");

  CHECK(api.get("/simulation/http/jobs").body == "12");
  CHECK(api.get("/simulation/http/jobs?since=1").body == "12");
  CHECK(api.get("/simulation/http/api/v1/query?query=a").body == R"({"status":"success"})");
  CHECK(api.send("POST", "/simulation/http/api/v1/query", "query=a").body == "[]");
  CHECK(header(api.get("/simulation/http/api/v1/query").headers, "Content-Type") ==
        "application/json");
  CHECK(header(api.get("/simulation/http/jobs").headers, "Content-Type") ==
        "text/plain; charset=utf-8");
  CHECK(api.send("PUT", "/simulation/http/jobs", "3").status == 405);
  api.cluster.set_page("/jobs", std::nullopt);
  CHECK(api.get("/simulation/http/jobs").status == 404);
}

TEST_CASE("load: it can be set over HTTP", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment({.load = rising});
  api.settle();

  CHECK(outcome(api.send("PUT", "/simulation/namespaces/default/deployments/web/load", "7.5")) ==
        "200");
  CHECK(api.cluster.load(target).total == 7.5);
  CHECK(outcome(api.send("PUT", "/simulation/namespaces/default/deployments/web/load", "-1")) ==
        "400 BadRequest: the load of a workload is a number that is not negative");
}

TEST_CASE("load: metrics.k8s.io shows it as CPU", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 2, .load = [](Duration) { return 50; }});
  const std::string list = "/apis/metrics.k8s.io/v1beta1/namespaces/default/pods";
  CHECK(api.get_json(list).elements_at("/items").empty());  // nothing runs yet
  api.settle();

  const auto metrics = api.get_json(list + "?labelSelector=app%3Dweb");
  REQUIRE(metrics.elements_at("/items").size() == 2);
  const auto pod = metrics.at("/items/0");
  CHECK(pod.at("/containers").text() ==
        R"([{"name":"main","usage":{"cpu":"250000u","memory":"65536Ki"}}])");
  CHECK(pod.string_at("/timestamp") == "2026-01-01T00:01:00Z");
  const auto name = pod.string_at("/metadata/name");
  CHECK(api.get_json(list + "/" + name).at("/containers") == pod.at("/containers"));
  CHECK(outcome(api.get(list + "/nope")) ==
        "404 NotFound: pods.metrics.k8s.io \"default/nope\" not found");
  CHECK(api.get_json(list + "?labelSelector=app%3Dother").elements_at("/items").empty());
}
