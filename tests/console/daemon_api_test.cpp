#include "cpab/console/daemon_api.h"

#include <catch2/catch.hpp>

#include "cpab/io/manual_clock.h"
#include "tests/console/records.h"
#include "tests/fakes/scripted_http_client.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;

namespace {

const std::string last = "GET /api/v1/decisions/last";

struct ApiFixture {
  DaemonApi api(const std::string& token = {}) {
    return {{"http://shop:5000/", token}, http, clock};
  }

  /// What somebody who asks for the last decision is told.
  std::string trouble() {
    try {
      api().last_decision();
    } catch (const DaemonApiError& error) {
      return error.what();
    }
    return "no trouble";
  }

  ManualClock clock;
  ScriptedHttpClient http;
};

}  // namespace

TEST_CASE("daemon API: asks for decisions and status, with the token", "[console]") {
  ApiFixture f;
  f.http.on(last, 200, failed_record)
      .on("GET /api/v1/status", 200, status_text)
      .on("GET /api/v1/decisions?since=41&limit=1000", 200, "[" + stabilized_record + "]");
  DaemonApi api = f.api("secret");

  CHECK(api.last_decision() == parse_decision(failed_record));
  CHECK(api.decision(42) == parse_decision(stabilized_record));
  CHECK(api.status() == parse_status(status_text));
  for (const HttpRequest& request : f.http.requests()) {
    CHECK(request.headers == HttpHeaders{{"Authorization", "Bearer secret"}});
  }
  CHECK(f.http.requests()[0].url == "http://shop:5000/api/v1/decisions/last");
}

TEST_CASE("daemon API: a decision that is not there", "[console]") {
  ApiFixture f;
  f.http.on("GET /api/v1/decisions?since=6&limit=1000", 200, "[" + stabilized_record + "]");
  CHECK_THROWS_WITH(f.api().decision(7),
                    "There is no decision 7 to be had: cpab keeps the last 1,000 at most, and "
                    "counts from 1 again when it is restarted. Without an ID the newest is "
                    "explained");
}

TEST_CASE("daemon API: the last decision that changed the count", "[console]") {
  ApiFixture f;
  const std::string changes = "GET /api/v1/decisions?changed=true&limit=1";
  SECTION("is asked for") {
    f.http.on(changes, 200, "[" + stabilized_record + "]");
    CHECK(f.api().last_change() == parse_decision(stabilized_record));
  }
  SECTION("there may be none") {
    f.http.on(changes, 200, "[]");
    CHECK_THROWS_WITH(f.api().last_change(),
                      "None of the decisions that cpab at http://shop:5000 remembers changed the "
                      "count. Without --changed the last is explained");
  }
}

TEST_CASE("daemon API: trouble says what to do", "[console]") {
  ApiFixture f;
  SECTION("nobody there") {
    f.http.on(last, HttpFailure::connect);
    CHECK(f.trouble() ==
          "cpab cannot be asked at http://shop:5000: connection trouble. Is it running, and its "
          "API switched on? Give its address with --url");
  }
  SECTION("a token is needed") {
    f.http.on(last, 401, R"({"message":"Authentication is needed","code":401})");
    CHECK(f.trouble() ==
          "cpab at http://shop:5000 says: Authentication is needed. Give --token-file FILE");
  }
  SECTION("not allowed, or nothing there yet") {
    f.http.on(last, 404, R"({"message":"No decision has\u001b been made yet","code":404})");
    CHECK(f.trouble() == "cpab at http://shop:5000 says: No decision has\\x1b been made yet");
  }
  SECTION("something else") {
    const auto body = GENERATE(as<std::string>(), "not found", "[]", "7", R"({"message":7})");
    f.http.on(last, 404, body);
    CHECK(f.trouble() ==
          "What answers at http://shop:5000 is not a cpab of this version (HTTP status 404). Give "
          "the address of its API with --url");
  }
  SECTION("a message that never ends") {
    f.http.on(last, 404, R"({"message":")" + std::string(1'000'000, 'x') + "\"}");
    CHECK(f.trouble().size() < 5'000);
  }
  SECTION("something else that is content") {
    f.http.on(last, 200, "<html>");
    CHECK_THAT(f.trouble(), Catch::StartsWith("What answers at http://shop:5000 is not a cpab of "
                                              "this version (not a decision record: "));
  }
  SECTION("certificates and HTTPS") {
    f.http.on(last, HttpFailure::tls);
    CHECK_THAT(f.trouble(), Catch::EndsWith("with --ca-file"));
    f.http.forget(last).on(last, HttpFailure::closed);
    CHECK_THAT(f.trouble(), Catch::EndsWith("--url https://..."));
  }
}

TEST_CASE("token_of_file: its first token", "[console]") {
  const TemporaryDirectory folder;
  CHECK(token_of_file(folder.write("tokens", "\n first \nsecond\n")) == "first");
  const std::string empty = folder.write("empty", "\n");
  CHECK_THROWS_WITH(token_of_file(empty), "The token cannot be read: there is none in " + empty);
  CHECK_THROWS_WITH(token_of_file(folder.file("none")),
                    Catch::StartsWith("The token cannot be read: open "));
}
