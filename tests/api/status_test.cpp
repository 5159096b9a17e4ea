#include "cpab/api/status.h"

#include <catch2/catch.hpp>

#include "cpab/api/handlers.h"
#include "cpab/model/version.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

Config shop() {
  Config config;
  config.target = {"apps/v1", "Deployment", "shop", "prod"};
  config.bounds = {2, 20};
  config.interval = 10s;
  config.downscale_stabilization = 120s;
  config.metric = {.type = "shell", .timeout = 5s};
  config.evaluate = {.type = "http", .timeout = 3s};
  config.pre_scale = {.type = "shell", .timeout = 1s};
  return config;
}

ServerRequest status_request(const std::string& token = {}) {
  ServerRequest request;
  request.method = "GET";
  request.target = "/api/v1/status";
  if (!token.empty()) request.headers = {{"Authorization", "Bearer " + token}};
  return request;
}

}  // namespace

TEST_CASE("status: who the autoscaler is, how it is, and what the caller may do", "[api]") {
  const WallTime started{Duration(1'767'225'600'000)};
  const std::string fixed =
      R"({"version":")" + version() +
      R"(","startedAt":"2026-01-01T00:00:00.000Z",)"
      R"("target":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"prod","name":"shop"},)"
      R"("minReplicas":2,"maxReplicas":20,"interval":10000,"downscaleStabilization":120,)"
      R"("methods":[{"stage":"metric","type":"shell","timeout":5000},)"
      R"({"stage":"evaluate","type":"http","timeout":3000},)"
      R"({"stage":"preScale","type":"shell","timeout":1000}],)";
  const Status status(shop(), started);

  CHECK(
      status.json({.now = started + 1s}) ==
      fixed +
          R"("now":"2026-01-01T00:00:01.000Z","nextCycle":null,"lastDecision":0,)"
          R"("healthy":true,"ready":false,"mode":"active","override":null,"survivesRestart":false,)"
          R"("may":{"dryRuns":false,"runs":false,"moreWithToken":false}})");
  CHECK(status.json({.now = started + 2s,
                     .next_cycle = started + 3s,
                     .last_decision = 7,
                     .healthy = false,
                     .ready = true,
                     .mode = Mode::shadow,
                     .manual = Override{.direction = Direction::none, .until = started + 1h},
                     .survives_restart = true,
                     .may_run_dry = true,
                     .may_run = true,
                     .authentication_helps = true}) ==
        fixed +
            R"("now":"2026-01-01T00:00:02.000Z","nextCycle":"2026-01-01T00:00:03.000Z",)"
            R"("lastDecision":7,"healthy":false,"ready":true,"mode":"shadow",)"
            R"("override":{"direction":"none","until":"2026-01-01T01:00:00.000Z"},)"
            R"("survivesRestart":true,"may":{"dryRuns":true,"runs":true,"moreWithToken":true}})");
}

TEST_CASE("GET status: tells a page of another site that it may not, and why", "[api]") {
  CycleFixture f;
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock}, f.config);
  ServerRequest request = status_request();
  request.headers.emplace_back("Host", "shop:5000");
  request.headers.emplace_back("Referer", "http://elsewhere:5000/");
  CHECK_THAT(handlers.handle(request).body,
             Catch::Contains(R"("may":{"dryRuns":false,"runs":false,"moreWithToken":false,)"
                             R"("whyNot":"A browser sends this, and does not say)"));
  request.headers.back().second = "http://shop:5000/ui/";
  CHECK_THAT(handlers.handle(request).body,
             Catch::EndsWith(R"("may":{"dryRuns":true,"runs":true,"moreWithToken":false}})"));
}

TEST_CASE("GET status: tells what is there now, and runs nothing", "[api]") {
  CycleFixture f;
  ScriptedMethod& metric = f.set(f.methods.metric, "7");
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock}, f.config);
  const auto reads = f.cluster.reads;

  const ServerResponse before = handlers.handle(status_request());
  CHECK(before.status == 200);
  CHECK_THAT(before.body, Catch::Contains(R"("nextCycle":null,"lastDecision":0,"healthy":true,)"
                                          R"("ready":false)"));
  CHECK(metric.inputs().empty());
  CHECK(f.cluster.reads == reads);

  f.run();
  f.heartbeat.plan_cycle(f.clock.now() + 15s);
  const std::string next = rfc3339(f.clock.wall_now() + 15s);
  CHECK_THAT(handlers.handle(status_request()).body,
             Catch::Contains(R"("nextCycle":")" + next +
                             R"(","lastDecision":1,"healthy":true,"ready":true)"));
}

TEST_CASE("GET status: says what the caller may do, and whether a token would help", "[api]") {
  const TemporaryDirectory directory;
  CycleFixture f;
  f.config.api.token_file = directory.write("token", "right");
  f.config.api.allow.reads = Callers::anyone;
  f.config.api.allow.runs = Callers::nobody;
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock}, f.config);

  CHECK_THAT(handlers.handle(status_request()).body,
             Catch::EndsWith(R"("may":{"dryRuns":false,"runs":false,"moreWithToken":true}})"));
  CHECK_THAT(handlers.handle(status_request("right")).body,
             Catch::EndsWith(R"("may":{"dryRuns":true,"runs":false,"moreWithToken":false}})"));
}
