#include <catch2/catch.hpp>

#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

struct NamedFault {
  std::string name;
  Fault fault;
};

std::vector<NamedFault> passing_faults() {
  return {{"429 with Retry-After", {.requests = 1, .status = 429, .retry_after_seconds = 1}},
          {"429", {.requests = 2, .status = 429}},
          {"500", {.requests = 2, .status = 500}},
          {"503 with Retry-After", {.requests = 1, .status = 503, .retry_after_seconds = 1}},
          {"a dropped connection", {.requests = 2, .drop = true}},
          {"an answer cut short", {.requests = 2, .truncate_after = 5}},
          {"garbage", {.requests = 2, .garbage = true}},
          {"a slow answer", {.requests = 1, .latency = std::chrono::milliseconds{300}}}};
}

}  // namespace

TEST_CASE("API server faults: what passes is got over within the cycle", "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  Daemon daemon = setup.start();
  REQUIRE(daemon.get("/readyz").status == 200);

  for (NamedFault each : passing_faults()) {
    INFO(each.name);
    each.fault.path_contains = "/deployments/";
    setup.cluster.scale_by_hand(setup.shop, 1);
    setup.server.faults().add(each.fault);

    CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
    CHECK(setup.replicas() == 3);
    CHECK_FALSE(setup.server.faults().take("GET", "/deployments/"));  // it did happen
    setup.server.faults().clear();
  }
}

TEST_CASE("API server faults: a patch whose answer is lost is not made again", "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  Daemon daemon = setup.start();

  for (const Fault& fault :
       {Fault{.drop = true, .takes_effect = true}, Fault{.status = 500, .takes_effect = true},
        Fault{.truncate_after = 20}}) {
    INFO("status " << fault.status << ", drop " << fault.drop);
    setup.cluster.scale_by_hand(setup.shop, 1);
    Fault once = fault;
    once.method = "PATCH";
    once.requests = 1;
    setup.server.faults().add(once);

    CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
    CHECK(setup.replicas() == 3);
    CHECK(decisions(daemon).back().at("action") == "scaled");
  }
}

TEST_CASE("API server faults: what lasts fails the cycles, and the loop recovers when it is over",
          "[end_to_end][contract-65]") {
  const auto [name, fault] =
      GENERATE(table<std::string, Fault>({{"500", {.status = 500}},
                                          {"dropped connections", {.drop = true}},
                                          {"garbage", {.garbage = true}},
                                          {"no answer", {.latency = std::chrono::seconds{60}}}}));
  Setup setup;
  setup.config["kubernetesTimeout"] = "200";
  setup.server.faults().add(fault);
  Daemon daemon = setup.start();

  INFO(name);
  REQUIRE(daemon.logs("Error while autoscaling: failed to get managed resource: "));
  CHECK(setup.replicas() == 1);
  CHECK(member(daemon.get("/readyz").body, "status") == "not ready");
  CHECK(daemon.get("/healthz").status == 200);
  setup.server.faults().clear();

  CHECK(setup.reaches(3));
  CHECK(daemon.get("/readyz").status == 200);
}

TEST_CASE("API server faults: a count that came back as another was not scaled", "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.server.faults().add(
      {.method = "PATCH",
       .body = R"({"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"shop"},)"
               R"("spec":{"replicas":1},"status":{"replicas":1,"selector":"app=shop"}})"});
  Daemon daemon = setup.start();

  const HttpResponse answer = daemon.post("/api/v1/evaluation");

  CHECK(answer.body == R"({"targetReplicas":1})");
  const auto decision = decisions(daemon).back();
  CHECK(decision.at("action") == "held");
  CHECK(decision.at("message") ==
        "wanted 3, keeping 1: asked for 3 replicas, the API server answered 1; see which admission "
        "webhook changes what is written");
  CHECK_THAT(daemon.get("/metrics").body,
             Catch::Contains("reason=\"answer\"} 1") &&
                 Catch::Contains("action=\"held\",trigger=\"api\"} 1"));
}

TEST_CASE("API server faults: an answer about something else is not taken", "[end_to_end]") {
  const auto [path, body, message] = GENERATE(table<std::string, std::string, std::string>({
      {"/shop/scale",
       R"({"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"other"},)"
       R"("spec":{"replicas":1},"status":{"replicas":1,"selector":"app=shop"}})",
       "the API server answered with the scale of Deployment other in namespace default"},
      {"/shop", R"({"kind":"StatefulSet","apiVersion":"apps/v1","metadata":{"name":"shop"}})",
       "the API server answered with a StatefulSet of apps/v1"},
  }));
  Setup setup;
  setup.config["interval"] = never;
  setup.server.faults().add({.method = "GET", .path_contains = path, .body = body});
  Daemon daemon = setup.start();

  const HttpResponse answer = daemon.post("/api/v1/evaluation");

  CHECK(answer.status == 500);
  CHECK_THAT(answer.body, Catch::Contains(message));
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 0);
}

TEST_CASE("API server faults: a refused patch is an error and is not repeated",
          "[end_to_end][contract-60]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.server.faults().add({.method = "PATCH", .status = 403});
  Daemon daemon = setup.start();

  const HttpResponse answer = daemon.post("/api/v1/evaluation");

  CHECK(answer.status == 500);
  CHECK_THAT(member(answer.body, "message").get<std::string>(),
             Catch::StartsWith("failed to apply scaling changes to resource: "));
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 1);
  CHECK(setup.replicas() == 1);
}
