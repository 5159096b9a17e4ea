#include "cpab/api/mode_routes.h"

#include <catch2/catch.hpp>

#include "cpab/api/handlers.h"
#include "tests/fakes/answer_in_turn.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;

namespace {

struct ModeFixture : CycleFixture {
  ServerResponse ask(const std::string& method, const std::string& body = "",
                     const std::string& query = "") {
    Handlers handlers({cycle(), log, heartbeat, clock}, config);
    ServerRequest request;
    request.method = method;
    request.target = "/api/v1/mode" + query;
    request.body = body;
    return answer_in_turn(handlers, request);
  }
};

const std::string active = R"({"mode":"active","survivesRestart":false})";
const std::string shadow = R"({"mode":"shadow","survivesRestart":false})";

}  // namespace

TEST_CASE("mode: is shown, switched, and obeyed", "[api]") {
  ModeFixture f;
  const CapturedLog log;
  CHECK(f.ask("GET").body == active);

  CHECK(f.ask("PUT", R"({"mode":"shadow"})").body == shadow);
  CHECK(f.ask("GET").body == shadow);
  CHECK(f.run().record.action == Action::shadow);

  CHECK(f.ask("PUT", R"({"mode":"active"})").body == active);
  CHECK(f.run().record.action == Action::scaled);
  CHECK(log.messages()[0] ==
        "INFO  Shadow mode: nothing is scaled, decisions say what would have been");
}

TEST_CASE("mode: what names none changes nothing", "[api]") {
  ModeFixture f;
  const std::string body =
      GENERATE("", "{", "[]", "{}", R"({"mode":"dark"})", R"({"mode":1})",
               R"({"mode":"shadow","dry_run":true})", R"({"mode":"shadow","mode":"active"})");
  CAPTURE(body);
  const ServerResponse response = f.ask("PUT", body);
  CHECK(response.status == 400);
  CHECK_THAT(response.body, Catch::Contains("Not set: the body is"));
  CHECK(f.ask("PUT", R"({"mode":"shadow"})", "?dry_run=true").status == 400);
  CHECK(f.ask("GET").body == active);
}

TEST_CASE("mode: switching takes the right to scale", "[api]") {
  ModeFixture f;
  f.config.api.allow.runs = Callers::nobody;
  CHECK(f.ask("PUT", R"({"mode":"shadow"})").status == 403);
  CHECK(f.ask("GET").status == 200);
}
