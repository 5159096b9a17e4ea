#include "cpab/api/override_routes.h"

#include <catch2/catch.hpp>

#include "cpab/api/handlers.h"
#include "tests/fakes/answer_in_turn.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

struct OverrideFixture : CycleFixture {
  ServerResponse ask(const std::string& method, const std::string& body = "",
                     const std::string& query = "") {
    Handlers handlers({cycle(), log, heartbeat, clock}, config);
    ServerRequest request;
    request.method = method;
    request.target = "/api/v1/override" + query;
    request.body = body;
    return answer_in_turn(handlers, request);
  }
};

const std::string none = R"({"override":null,"survivesRestart":false})";
const std::string paused =
    R"({"direction":"none","until":"2026-01-01T01:00:00.000Z","by":"alice","reason":"release"})";

}  // namespace

TEST_CASE("override: is set, shown, obeyed, and removed", "[api]") {
  OverrideFixture f;
  const std::string shown = "{\"override\":" + paused + R"(,"survivesRestart":false})";
  CHECK(f.ask("GET").body == none);

  const ServerResponse response = f.ask("PUT", paused);
  CHECK(response.status == 200);
  CHECK(response.body == shown);
  CHECK(f.ask("GET").body == shown);
  CHECK(f.run().record.limited_by == "override");

  CHECK(f.ask("DELETE").body == none);
  CHECK(f.ask("DELETE").body == none);
  CHECK(f.run().record.limited_by.empty());
}

TEST_CASE("override: one replaces the other as a whole", "[api]") {
  OverrideFixture f;
  f.ask("PUT", paused);
  CHECK(f.ask("PUT", R"({"min":4,"until":"2026-01-01T02:00:00+01:00"})").body ==
        R"({"override":{"min":4,"direction":"both","until":"2026-01-01T01:00:00.000Z"},)"
        R"("survivesRestart":false})");
}

TEST_CASE("override: the answer says whether a restart forgets it", "[api]") {
  const TemporaryDirectory folder;
  OverrideFixture f;
  SECTION("it is saved") {
    f.config.state_file = folder.file("state");
    CHECK(f.ask("PUT", paused).body == "{\"override\":" + paused + R"(,"survivesRestart":true})");
  }
  SECTION("it cannot be saved") {
    f.config.state_file = folder.file("none/state");
    CHECK(f.ask("PUT", paused).body == "{\"override\":" + paused + R"(,"survivesRestart":false})");
  }
}

TEST_CASE("override: one that has ended is gone", "[api]") {
  OverrideFixture f;
  f.ask("PUT", paused);
  f.clock.advance(1h);
  CHECK(f.ask("GET").body == none);
}

TEST_CASE("override: what cannot be is refused with the reason, and the old one stays", "[api]") {
  const auto [body, message] = GENERATE(table<std::string, std::string>({
      {R"({"replicas":11,"until":"2026-01-01T01:00:00Z"})",
       "Not set: replicas is 11, above the configured maxReplicas of 10"},
      {R"({"min":0,"until":"2026-01-01T01:00:00Z"})",
       "Not set: min is 0, below the configured minReplicas of 1"},
      {R"({"replicas":5})",
       R"(Not set: until is missing: write when the override ends, such as \"2026-01-31T18:00:00Z\")"},
      {R"({"replicas":5,"until":"2025-12-31T23:59:59Z"})",
       "Not set: until is 2025-12-31T23:59:59Z, which has passed: it is 2026-01-01T00:00:00Z"},
      {R"({"replicas":5.5,"until":"2026-01-01T01:00:00Z"})",
       "Not set: the override cannot be read: replicas is 5.5; it is a whole number from 0 to "
       "2147483647"},
  }));
  OverrideFixture f;
  f.ask("PUT", paused);

  const ServerResponse response = f.ask("PUT", body);

  CHECK(response.status == 400);
  CHECK(response.body == "{\"message\":\"" + message + "\",\"code\":400}");
  CHECK(f.ask("GET").body == "{\"override\":" + paused + R"(,"survivesRestart":false})");
}

TEST_CASE("override: there is no dry run, so nothing is done", "[api]") {
  OverrideFixture f;
  CHECK(f.ask("PUT", paused, "?dry_run=true").status == 400);
  CHECK(f.ask("GET").body == none);
  f.ask("PUT", paused);
  CHECK(f.ask("DELETE", "", "?dry_run=true").status == 400);
  CHECK(f.ask("DELETE", "", "?dry_run=tru").status == 400);
  CHECK(f.ask("GET").body != none);
}

TEST_CASE("override: other methods are not allowed", "[api]") {
  OverrideFixture f;
  const ServerResponse response = f.ask("POST", paused);
  CHECK(response.status == 405);
  CHECK(response.body ==
        R"({"message":"Method 'POST' not allowed on resource '/api/v1/override'","code":405})");
}

TEST_CASE("override: whoever may not run may not set one, but see it", "[api]") {
  OverrideFixture f;
  f.config.api.allow.runs = Callers::nobody;
  CHECK(f.ask("PUT", paused).status == 403);
  CHECK(f.ask("DELETE").status == 403);
  CHECK(f.ask("GET").body == none);
}

TEST_CASE("override: can be set while as many cycles run as may", "[api]") {
  OverrideFixture f;
  f.config.api.max_concurrent_cycles = 0;
  CHECK(f.ask("PUT", paused).status == 200);
}
