#include "cpab/api/ui_routes.h"

#include <catch2/catch.hpp>
#include <set>

#include "cpab/api/handlers.h"
#include "cpab/api/ui_files.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;

namespace {

const HttpHeaders browser = {{"Accept", "text/html,application/xhtml+xml,*/*;q=0.8"},
                             {"Accept-Encoding", "gzip, deflate, br, zstd"}};

ServerRequest get(const std::string& target, const HttpHeaders& headers = browser) {
  ServerRequest request;
  request.method = "GET";
  request.target = target;
  request.headers = headers;
  return request;
}

std::string value(const ServerResponse& response, const char* name) {
  return std::string(header(response.headers, name));
}

ServerResponse page() { return ui_response(get("/ui/")).value(); }

}  // namespace

TEST_CASE("ui: a browser is led to the dashboard, others are told what they always were", "[api]") {
  CycleFixture f;
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock});
  const ServerResponse led = handlers.handle(get("/"));
  CHECK(led.status == 302);
  CHECK(value(led, "Location") == "ui/");
  CHECK(handlers.handle(get("/ui")).status == 302);

  for (const HttpHeaders& headers : {HttpHeaders{}, HttpHeaders{{"Accept", "*/*"}}}) {
    const ServerResponse other = handlers.handle(get("/", headers));
    CHECK(other.status == 404);
    CHECK(other.body == "404 page not found\n");
    CHECK(value(other, "Content-Type") == "text/plain; charset=utf-8");
  }
  CHECK(handlers.handle(get("/else")).status == 404);
  CHECK(handlers.handle(get("/ui/else")).status == 404);
  CHECK(handlers.handle(get("/ui/dashboard.js/")).status == 404);
  CHECK(handlers.handle(get("/ui/../ui/")).status == 404);
}

TEST_CASE("ui: every file is served compressed, with its type, and lets nothing else in", "[api]") {
  CycleFixture f;
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock});
  const std::set<std::string> types = {"text/html; charset=utf-8", "text/javascript; charset=utf-8",
                                       "text/css; charset=utf-8", "image/svg+xml",
                                       "text/plain; charset=utf-8"};
  std::set<std::string> served;
  for (const UiFile& file : ui_files()) {
    const ServerResponse response = handlers.handle(get("/ui/" + std::string(file.name)));
    INFO(file.name);
    CHECK(response.status == 200);
    CHECK(response.body.starts_with("\x1f\x8b"));
    CHECK(value(response, "Content-Encoding") == "gzip");
    CHECK(value(response, "X-Content-Type-Options") == "nosniff");
    CHECK(value(response, "X-Frame-Options") == "DENY");
    CHECK_THAT(value(response, "Content-Security-Policy"),
               Catch::StartsWith("default-src 'none'; script-src 'self';") &&
                   Catch::EndsWith("frame-ancestors 'none'"));
    served.insert(value(response, "Content-Type"));
    CHECK(handlers.handle(get("/ui/" + std::string(file.name) + "?a=b")).status == 400);
  }
  CHECK(served == types);
  CHECK(value(page(), "Content-Type") == "text/html; charset=utf-8");
}

TEST_CASE("ui: what the browser has already is not sent again", "[api]") {
  const std::string etag = value(page(), "ETag");
  HttpHeaders headers = browser;
  headers.emplace_back("If-None-Match", "\"other\", " + etag);
  const ServerResponse again = ui_response(get("/ui/", headers)).value();
  CHECK(again.status == 304);
  CHECK(again.body.empty());
  CHECK(value(again, "ETag") == etag);

  headers.back().second = "\"other\"";
  CHECK(ui_response(get("/ui/", headers))->status == 200);
}

TEST_CASE("ui: who cannot read gzip is told so", "[api]") {
  const ServerResponse response = ui_response(get("/ui/", {{"Accept", "*/*"}})).value();
  CHECK(response.status == 406);
  CHECK(response.body ==
        "The dashboard is sent compressed with gzip, which 'Accept-Encoding' has to allow, as all "
        "browsers do; with curl: --compressed\n");
}

TEST_CASE("ui: the page is open, and its data is not", "[api]") {
  const TemporaryDirectory directory;
  CycleFixture f;
  f.config.api.token_file = directory.write("token", "right");
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock}, f.config);
  CHECK(handlers.handle(get("/ui/")).status == 200);
  CHECK(handlers.handle(get("/api/v1/status")).status == 401);
}
