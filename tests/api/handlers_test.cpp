#include "cpab/api/handlers.h"

#include <catch2/catch.hpp>

#include "tests/fakes/answer_in_turn.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

struct ApiFixture : CycleFixture {
  ServerResponse ask(const std::string& method, const std::string& target) {
    Handlers handlers({cycle(), log, heartbeat, clock}, config);
    return answer_in_turn(handlers, request(method, target));
  }

  static ServerRequest request(const std::string& method, const std::string& target) {
    ServerRequest request;
    request.method = method;
    request.target = target;
    return request;
  }
};

std::string content_type(const ServerResponse& response) {
  return std::string(header(response.headers, "Content-Type"));
}

}  // namespace

TEST_CASE("GET metrics: gathers and passes the run type on", "[api][contract-67]") {
  struct Row {
    std::string query;
    std::string run_type;
  };
  const auto row = GENERATE(values<Row>({{"", "api"},
                                         {"?dry_run=false", "api"},
                                         {"?dry_run=", "api"},
                                         {"?dry_run", "api"},
                                         {"?dry_run=true", "api_dry_run"}}));
  ApiFixture f;
  ScriptedMethod& metric = f.set(f.methods.metric, "5\n");

  const ServerResponse response = f.ask("GET", "/api/v1/metrics" + row.query);

  CHECK(response.status == 200);
  CHECK(content_type(response) == "application/json; charset=utf-8");
  CHECK(response.body == R"([{"resource":"shop","value":"5\n"}])");
  CHECK_THAT(metric.inputs().at(0), Catch::EndsWith("\"runType\":\"" + row.run_type + "\"}"));
}

TEST_CASE("GET metrics: the answer counts as long as it is there", "[api]") {
  ApiFixture f;
  f.config.max_cycle_bytes = 1u << 20;
  f.set(f.methods.metric, std::string(300u << 10, 'x'));

  ServerResponse first = f.ask("GET", "/api/v1/metrics");
  const std::size_t held = f.cycle().api_pool().taken();
  const ServerResponse second = f.ask("GET", "/api/v1/metrics");
  const ServerResponse third = f.ask("GET", "/api/v1/metrics");
  first = {};
  const ServerResponse fourth = f.ask("GET", "/api/v1/metrics");

  CHECK(held > 300u << 10);
  CHECK(held < 301u << 10);
  CHECK(second.status == 200);
  CHECK(third.status == 503);
  CHECK_THAT(third.body, Catch::Contains("there is no memory for 300.0 KiB more for the answer"));
  CHECK(fourth.status == 200);
}

TEST_CASE("API: without memory the answer is 503", "[api]") {
  struct Row {
    std::string method;
    std::string target;
  };
  const auto row = GENERATE(values<Row>({{"GET", "/api/v1/metrics"},
                                         {"POST", "/api/v1/evaluation"},
                                         {"POST", "/api/v1/evaluation?dry_run=true"}}));
  ApiFixture f;
  f.set(f.methods.metric,
        [](std::string_view, const std::stop_token&) -> std::string { throw std::bad_alloc(); });

  const ServerResponse response = f.ask(row.method, row.target);

  CHECK(response.status == 503);
  CHECK_THAT(response.body,
             Catch::StartsWith(
                 R"({"message":"failed to gather metrics: the system gives cpab no more memory)"));
  CHECK(f.cluster.written.empty());
}

TEST_CASE("API: answers that have not been sent yet have a limit", "[api]") {
  ApiFixture f;
  f.config.max_cycle_bytes = 1u << 20;
  DecisionRecord record;
  record.message = std::string(300u << 10, 'x');
  f.log.add(record);

  std::vector<ServerResponse> answers;
  for (int i = 0; i < 4; ++i) answers.push_back(f.ask("GET", "/api/v1/decisions"));

  CHECK(answers.at(2).status == 200);
  CHECK(answers.at(3).status == 503);
  CHECK(f.ask("GET", "/healthz").status == 200);
  answers.clear();
  CHECK(f.ask("GET", "/api/v1/decisions").status == 200);
}

TEST_CASE("GET metrics: no pods are an empty list", "[api]") {
  ApiFixture f;
  f.config.run_mode = RunMode::per_pod;
  CHECK(f.ask("GET", "/api/v1/metrics").body == "[]");
}

TEST_CASE("POST evaluation: applies and answers what was applied", "[api][contract-68]") {
  ApiFixture f;
  f.set(f.methods.evaluate, R"({"targetReplicas":50,"reason":"busy"})");

  const ServerResponse response = f.ask("POST", "/api/v1/evaluation");

  CHECK(response.status == 200);
  CHECK(response.body == R"({"targetReplicas":10})");
  CHECK(f.cluster.written == std::vector<std::int32_t>{10});
}

TEST_CASE("POST evaluation: a dry run answers the raw evaluation and writes nothing",
          "[api][contract-68]") {
  ApiFixture f;
  f.set(f.methods.evaluate, R"({"targetReplicas":50})");

  const ServerResponse response = f.ask("POST", "/api/v1/evaluation?dry_run=true");

  CHECK(response.body == R"({"targetReplicas":50})");
  CHECK(f.cluster.written.empty());
}

TEST_CASE("POST evaluation: a disabled target answers 0, a held one its count", "[api]") {
  ApiFixture f;
  SECTION("disabled") {
    f.cluster.scale_answer.spec_replicas = 0;
    CHECK(f.ask("POST", "/api/v1/evaluation").body == R"({"targetReplicas":0})");
  }
  SECTION("hold") {
    f.set(f.methods.evaluate, R"({"hold":true})");
    CHECK(f.ask("POST", "/api/v1/evaluation").body == R"({"targetReplicas":3})");
    CHECK(f.ask("POST", "/api/v1/evaluation?dry_run=1").body == R"({"hold":true})");
  }
}

TEST_CASE("POST evaluation: explain adds the decision of the full pipeline", "[api]") {
  ApiFixture f;
  f.set(f.methods.evaluate, R"({"targetReplicas":50})");

  const ServerResponse dry = f.ask("POST", "/api/v1/evaluation?dry_run=true&explain=true");
  CHECK_THAT(dry.body, Catch::StartsWith(R"({"targetReplicas":50,"decision":{"id":0,)"));
  CHECK_THAT(dry.body, Catch::Contains(R"("desiredReplicas":10)"));
  CHECK(f.ask("GET", "/api/v1/decisions").body == "[]");

  const ServerResponse real = f.ask("POST", "/api/v1/evaluation?explain=true");
  CHECK_THAT(real.body, Catch::StartsWith(R"({"targetReplicas":10,"decision":{"id":1,)"));
}

TEST_CASE("API: a failing stage is a 500 with its words", "[api][contract-70]") {
  ApiFixture f;
  f.fail(f.methods.metric);
  const std::string expected =
      R"({"message":"failed to gather metrics: exit status 1","code":500})";

  for (const auto& [method, target] :
       {std::pair("GET", "/api/v1/metrics"), std::pair("POST", "/api/v1/evaluation"),
        std::pair("POST", "/api/v1/evaluation?dry_run=true")}) {
    const ServerResponse response = f.ask(method, target);
    CHECK(response.status == 500);
    CHECK(response.body == expected);
    CHECK(header(response.headers, "X-Content-Type-Options") == "nosniff");
  }
  CHECK_THAT(f.ask("POST", "/api/v1/evaluation?explain=true").body,
             Catch::Contains(R"("code":500,"decision":{"id":2,)"));
}

TEST_CASE("API: a malformed query is refused before anything runs", "[api][contract-67]") {
  ApiFixture f;
  ScriptedMethod& metric = f.set(f.methods.metric, "7");
  const ServerResponse invalid = f.ask("POST", "/api/v1/evaluation?dry_run=invalid");
  CHECK(invalid.status == 400);
  CHECK(invalid.body ==
        R"({"message":"Invalid format for 'dry_run' query parameter; 'invalid' is not a valid )"
        R"(boolean value","code":400})");
  CHECK(f.ask("POST", "/api/v1/evaluation?dry_run=%zz").status == 400);
  CHECK(f.ask("POST", "/api/v1/evaluation?a=1;dry_run=true").status == 400);
  CHECK(metric.inputs().empty());
}

TEST_CASE("API: unknown resources and methods", "[api][contract-70]") {
  struct Row {
    std::string method;
    std::string target;
    int status;
    std::string body;
  };
  const auto row = GENERATE(values<Row>({
      {"GET", "/api/v1/foo?a=1", 404,
       R"({"message":"Resource '/api/v1/foo' not found","code":404})"},
      {"GET", "/api/v1", 404, R"({"message":"Resource '/api/v1' not found","code":404})"},
      {"GET", "/api/v1/", 404, R"({"message":"Resource '/api/v1/' not found","code":404})"},
      {"GET", "/api/v1/metrics/", 404,
       R"({"message":"Resource '/api/v1/metrics/' not found","code":404})"},
      {"GET", "/api/v1/m%65trics", 404,
       R"({"message":"Resource '/api/v1/metrics' not found","code":404})"},
      {"GET", "/api/v1/Metrics", 404,
       R"({"message":"Resource '/api/v1/Metrics' not found","code":404})"},
      {"DELETE", "/api/v1/metrics", 405,
       R"({"message":"Method 'DELETE' not allowed on resource '/api/v1/metrics'","code":405})"},
      {"HEAD", "/api/v1/metrics", 405,
       R"({"message":"Method 'HEAD' not allowed on resource '/api/v1/metrics'","code":405})"},
      {"GET", "/api/v1/evaluation", 405,
       R"({"message":"Method 'GET' not allowed on resource '/api/v1/evaluation'","code":405})"},
      {"GET", "/", 404, "404 page not found\n"},
      {"GET", "/api/v11", 404, "404 page not found\n"},
      {"GET", "//api/v1/metrics", 404, "404 page not found\n"},
      {"BREW", "/api/v1/metrics", 405, ""},
  }));
  CAPTURE(row.method, row.target);
  ApiFixture f;
  const ServerResponse response = f.ask(row.method, row.target);
  CHECK(response.status == row.status);
  CHECK(response.body == row.body);
}

TEST_CASE("GET decisions: filters, and says what a filter may be", "[api]") {
  ApiFixture f;
  CHECK(f.ask("GET", "/api/v1/decisions/last").status == 404);
  f.run();
  f.clock.advance(60s);
  f.run();

  CHECK_THAT(f.ask("GET", "/api/v1/decisions").body,
             Catch::StartsWith(R"([{"id":1,)") && Catch::Contains(R"(,{"id":2,)"));
  CHECK_THAT(f.ask("GET", "/api/v1/decisions?limit=1").body, Catch::StartsWith(R"([{"id":2,)"));
  CHECK_THAT(f.ask("GET", "/api/v1/decisions?since=1").body, Catch::StartsWith(R"([{"id":2,)"));
  CHECK_THAT(f.ask("GET", "/api/v1/decisions?since=2026-01-01T00:00:30Z").body,
             Catch::StartsWith(R"([{"id":2,)"));
  CHECK(f.ask("GET", "/api/v1/decisions?since=2026-01-01T00:01:00.001Z").body == "[]");
  CHECK_THAT(f.ask("GET", "/api/v1/decisions?since=2026-01-01T01:00:30%2B01:00").body,
             Catch::StartsWith(R"([{"id":2,)"));
  CHECK_THAT(f.ask("GET", "/api/v1/decisions?changed=true").body,
             Catch::StartsWith(R"([{"id":1,)") && !Catch::Contains(R"("id":2)"));
  CHECK_THAT(f.ask("GET", "/api/v1/decisions/last").body, Catch::StartsWith(R"({"id":2,)"));
  for (const char* query : {"limit=1001", "limit=-1", "limit=x", "since=yesterday", "changed=2"}) {
    CHECK(f.ask("GET", std::string("/api/v1/decisions?") + query).status == 400);
  }
}

TEST_CASE("healthz: fails only when the loop is wedged", "[api]") {
  ApiFixture f;
  f.cluster.target_error = KubernetesError(0, "connection refused");
  f.heartbeat.expect_within(f.clock.now(), 15s);
  CHECK(f.ask("GET", "/healthz").status == 200);
  f.clock.advance(26s);
  CHECK(f.ask("GET", "/healthz").status == 503);
}

TEST_CASE("readyz: says what is missing, and asks the API server once a second at most", "[api]") {
  ApiFixture f;
  f.cluster.scale_error = KubernetesError(404, "no such thing");
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock});
  ServerRequest request;
  request.method = "GET";
  request.target = "/readyz";

  const ServerResponse missing = handlers.handle(request);
  CHECK(missing.status == 503);
  CHECK_THAT(missing.body,
             Catch::Contains("failed to get scale subresource for resource: no such"));
  handlers.handle(request);
  CHECK(f.cluster.reads == 2);

  f.cluster.scale_error.reset();
  f.clock.advance(1s);
  CHECK(handlers.handle(request).status == 200);
  f.cluster.scale_error = KubernetesError(0, "gone again");
  CHECK(handlers.handle(request).status == 200);
}

TEST_CASE("readyz: one caller looks, the others are told what is known", "[api]") {
  ApiFixture f;
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock});
  ServerResponse second;
  f.cluster.on_read = [&] { second = handlers.handle(ApiFixture::request("GET", "/readyz")); };

  const ServerResponse first = handlers.handle(ApiFixture::request("GET", "/readyz"));

  CHECK(first.status == 200);
  CHECK(second.status == 503);
  CHECK(second.body == R"({"status":"not ready","message":"the target has not been read yet"})");
}

TEST_CASE("API: what a request asks for decides who may ask", "[api]") {
  struct Row {
    std::string method;
    std::string target;
    Purpose purpose;
  };
  const auto row = GENERATE(values<Row>({
      {"GET", "/healthz", Purpose::health},
      {"GET", "/readyz", Purpose::health},
      {"GET", "/api/v1/status", Purpose::read},
      {"GET", "/api/v1/decisions", Purpose::read},
      {"GET", "/api/v1/decisions/last", Purpose::read},
      {"GET", "/api/v1/metrics", Purpose::dry_run},
      {"GET", "/api/v1/metrics?dry_run=true", Purpose::dry_run},
      {"POST", "/api/v1/evaluation?dry_run=true", Purpose::dry_run},
      {"GET", "/api/v1/override", Purpose::read},
      {"DELETE", "/api/v1/override", Purpose::change},
      {"POST", "/api/v1/evaluation", Purpose::run},
      {"POST", "/api/v1/evaluation?dry_run=false", Purpose::run},
      {"POST", "/api/v1/evaluation?dry_run=false&dry_run=true", Purpose::run},
  }));
  CAPTURE(row.method, row.target);
  ApiFixture f;
  ScriptedMethod& metric = f.set(f.methods.metric, "7");
  f.run();
  const auto calls = metric.inputs().size();

  const auto denied_without = [&](std::optional<Callers> ApiAllow::*rule) {
    f.config.api.allow = {Callers::anyone, Callers::anyone, Callers::anyone};
    f.config.api.allow.*rule = Callers::nobody;
    const ServerResponse response = f.ask(row.method, row.target);
    CHECK((response.status == 200 || response.status == 403));
    return response.status == 403;
  };
  CHECK(denied_without(&ApiAllow::reads) == (row.purpose == Purpose::read));
  CHECK(denied_without(&ApiAllow::dry_runs) == (row.purpose == Purpose::dry_run));
  CHECK(denied_without(&ApiAllow::runs) ==
        (row.purpose == Purpose::run || row.purpose == Purpose::change));
  CHECK(metric.inputs().size() == calls + (runs_user_logic(row.purpose) ? 2 : 0));
}

TEST_CASE("API: a denial is an error as any other, and nothing has run", "[api]") {
  const TemporaryDirectory directory;
  ApiFixture f;
  ScriptedMethod& metric = f.set(f.methods.metric, "7");
  f.config.api.token_file = directory.write("token", "right");

  const ServerResponse response = f.ask("POST", "/api/v1/evaluation");

  CHECK(response.status == 401);
  CHECK(header(response.headers, "WWW-Authenticate") == "Bearer");
  CHECK(content_type(response) == "application/json; charset=utf-8");
  CHECK(response.body ==
        R"({"message":"Authentication is needed: send 'Authorization: Bearer TOKEN', a token of )"
        R"(apiConfig.tokenFile","code":401})");
  CHECK(metric.inputs().empty());
  CHECK(f.cluster.written.empty());
  CHECK(f.ask("GET", "/api/v1/unknown").status == 404);
  CHECK(f.ask("DELETE", "/api/v1/metrics").status == 405);
}

TEST_CASE("API: what runs user logic waits for its turn, and only that does", "[api]") {
  ApiFixture f;
  ScriptedMethod& metric = f.set(f.methods.metric, "7");
  f.config.api.max_concurrent_cycles = 3;
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock}, f.config);
  const auto ask = [&](const char* method, const char* target) {
    return handlers.handle(ApiFixture::request(method, target));
  };
  for (const char* target : {"/api/v1/status", "/api/v1/decisions", "/api/v1/mode", "/healthz",
                             "/readyz", "/metrics", "/ui/", "/api/v1/nothing"}) {
    CAPTURE(target);
    CHECK_FALSE(ask("GET", target).in_turn);
  }
  CHECK_FALSE(ask("POST", "/api/v1/evaluation?dry_run=maybe").in_turn);
  CHECK_FALSE(ask("POST", "/api/v1/evaluation?explain").in_turn);
  CHECK_FALSE(ask("DELETE", "/api/v1/override").in_turn);

  for (const ServerResponse& waiting :
       {ask("GET", "/api/v1/metrics"), ask("POST", "/api/v1/evaluation"),
        ask("POST", "/api/v1/evaluation?dry_run=true")}) {
    REQUIRE(waiting.in_turn);
    const ServerResponse excess = waiting.in_turn(Turn::queue_full);
    CHECK(excess.status == 429);
    CHECK(header(excess.headers, "Retry-After") == "1");
    CHECK(excess.body ==
          R"({"message":"Too many requests that run user logic: 3 are under way, the most that )"
          R"(apiConfig.maxConcurrentCycles allows, and 128 wait for their turn; try again",)"
          R"("code":429})");
    const ServerResponse late = waiting.in_turn(Turn::stopping);
    CHECK(late.status == 503);
    CHECK(late.body == R"({"message":"cpab is stopping, and has not begun with this","code":503})");
    CHECK(header(late.headers, "X-Content-Type-Options") == "nosniff");
  }
  CHECK(metric.inputs().empty());
  CHECK(ask("GET", "/api/v1/metrics").in_turn(Turn::begun).body ==
        R"([{"resource":"shop","value":"7"}])");
}

TEST_CASE("API: a misspelt parameter is refused on every route, before anything is done", "[api]") {
  const auto [method, target] = GENERATE(table<std::string, std::string>({
      {"POST", "/api/v1/evaluation?dryrun=true"},
      {"POST", "/api/v1/evaluation?dry-run=true"},
      {"POST", "/api/v1/evaluation?dryRun=true"},
      {"POST", "/api/v1/evaluation?DRY_RUN=true"},
      {"POST", "/api/v1/evaluation?explain=true&dryrun"},
      {"POST", "/api/v1/evaluation?dry_run"},
      {"POST", "/api/v1/evaluation?dry_run=true&limit=1"},
      {"GET", "/api/v1/metrics?dryRun=true"},
      {"PUT", "/api/v1/override?dryrun=true"},
      {"PUT", "/api/v1/override?dry_run"},
      {"DELETE", "/api/v1/override?dry_run"},
      {"DELETE", "/api/v1/override?dry-run=1"},
      {"PUT", "/api/v1/mode?dryrun=true"},
      {"PUT", "/api/v1/mode?dry_run"},
      {"GET", "/api/v1/decisions?limits=1"},
      {"GET", "/api/v1/decisions?changed"},
      {"GET", "/api/v1/decisions/last?limit=1"},
      {"GET", "/api/v1/status?verbose=true"},
      {"GET", "/api/v1/mode?a"},
      {"GET", "/api/v1/override?a"},
      {"GET", "/metrics?name=x"},
      {"GET", "/healthz?verbose"},
      {"GET", "/readyz?verbose"},
      {"GET", "/ui/?a"},
  }));
  CAPTURE(method, target);
  ApiFixture f;
  ScriptedMethod& metric = f.set(f.methods.metric, "7");
  f.cluster.scale_answer.spec_replicas = 3;
  ServerRequest request = ApiFixture::request(method, target);
  request.body = target.starts_with("/api/v1/mode")
                     ? R"({"mode":"shadow"})"
                     : R"({"replicas":2,"until":"2999-01-01T00:00:00Z"})";
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock}, f.config);

  const ServerResponse response = answer_in_turn(handlers, request);

  CHECK(response.status == 400);
  CHECK(metric.inputs().empty());
  CHECK(f.cluster.written.empty());
  CHECK(f.cycle().mode() == Mode::active);
  CHECK_FALSE(f.cycle().memory().manual().has_value());
}

TEST_CASE("API: every answer forbids browsers to do more with it than to show it", "[api]") {
  ApiFixture f;
  f.set(f.methods.metric, "7");
  const auto [method, target] = GENERATE(table<std::string, std::string>({
      {"GET", "/api/v1/metrics"},
      {"POST", "/api/v1/evaluation"},
      {"GET", "/api/v1/status"},
      {"GET", "/api/v1/decisions"},
      {"GET", "/metrics"},
      {"GET", "/healthz"},
      {"GET", "/ui"},
      {"GET", "/ui/"},
      {"GET", "/nothing"},
      {"GET", "/api/v1/nothing"},
      {"BREW", "/"},
      {"POST", "/api/v1/evaluation?dry_run=maybe"},
  }));
  CAPTURE(method, target);

  const ServerResponse response = f.ask(method, target);

  CHECK_THAT(
      std::string(header(response.headers, "Content-Security-Policy")),
      Catch::StartsWith("default-src 'none'; ") && Catch::EndsWith("frame-ancestors 'none'"));
  CHECK(header(response.headers, "X-Frame-Options") == "DENY");
  CHECK(header(response.headers, "X-Content-Type-Options") == "nosniff");
  CHECK(header(response.headers, "Cross-Origin-Resource-Policy") == "same-origin");
}

TEST_CASE("GET /metrics: the text for Prometheus, for those who may read", "[api]") {
  ApiFixture f;
  f.config.api.allow.reads = GENERATE(Callers::anyone, Callers::nobody);
  const bool open = f.config.api.allow.reads == Callers::anyone;
  Handlers handlers({f.cycle(), f.log, f.heartbeat, f.clock, [] { return "x 1\n"; }}, f.config);

  const ServerResponse response = handlers.handle(ApiFixture::request("GET", "/metrics"));

  CHECK(response.status == (open ? 200 : 403));
  if (!open) return;
  CHECK(content_type(response) == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(response.body == "x 1\n");
}
