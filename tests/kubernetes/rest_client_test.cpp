#include "cpab/kubernetes/rest_client.h"

#include <catch2/catch.hpp>

#include "cpab/model/json_text.h"
#include "tests/fakes/captured_log.h"
#include "tests/kubernetes/api_server_script.h"
#include "tests/kubernetes/temporary_directory.h"

namespace cpab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const std::string line = "GET /api/v1/x";

std::string body_of(ApiServerScript& api, const Budget& budget) {
  return api.rest.send({.path = "/api/v1/x"}, budget,
                       [](std::string_view body) { return std::string(json_value(body)); });
}

/// The error of a GET of `line`.
RequestError error_of(ApiServerScript& api, const Budget& budget) {
  try {
    body_of(api, budget);
  } catch (const RequestError& error) {
    return error;
  }
  FAIL("no error");
  throw std::logic_error("unreachable");
}

TEST_CASE("RestClient: sends what the API server has to know", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 200, "{}");

  CHECK(body_of(api, api.minute()) == "{}");

  const HttpRequest request = api.http.requests().at(0);
  CHECK(request.url == "https://api/api/v1/x");
  CHECK(request.headers ==
        HttpHeaders{{"Accept", "application/json"}, {"Authorization", "Bearer secret-token"}});
  CHECK(request.body == std::nullopt);
  CHECK(request.budget.deadline == api.clock.now() + seconds(10));
}

TEST_CASE("RestClient: a body has its content type, and no token no header", "[kubernetes]") {
  ApiServerScript api;
  TokenSource nobody("");
  RestClient rest(api.http, nobody, api.clock, {.server = "https://api"});
  api.http.on("PATCH /x", 200, "{}");

  rest.send({.method = "PATCH", .path = "/x", .content_type = "text/x", .body = "b"}, api.minute(),
            [](std::string_view) { return 0; });

  const HttpRequest request = api.http.requests().at(0);
  CHECK(request.headers == HttpHeaders{{"Accept", "application/json"}, {"Content-Type", "text/x"}});
  CHECK(request.body == "b");
}

TEST_CASE("RestClient: one try ends with its timeout or with the budget", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 200, "{}");

  body_of(api, api.within(seconds(3)));
  body_of(api, Budget{});

  CHECK(api.http.requests().at(0).budget.deadline == api.clock.now() + seconds(3));
  CHECK(api.http.requests().at(1).budget.deadline == api.clock.now() + seconds(10));
}

TEST_CASE("RestClient: what may pass is tried again, after growing pauses", "[kubernetes]") {
  ApiServerScript api;
  const TimePoint start = api.clock.now();

  SECTION("connection failures") {
    api.http.on(line, HttpFailure::connect).on(line, HttpFailure::timeout);
  }
  SECTION("broken connections") {
    api.http.on(line, HttpFailure::truncated).on(line, HttpFailure::closed);
  }
  SECTION("errors of the server") {
    api.http.on(line, 500, "boom").on(line, 503, status_object(503, "busy"));
  }
  SECTION("overload") { api.http.on(line, 429, "").on(line, 504, ""); }
  SECTION("answers that are cut off, and garbage") {
    api.http.on(line, 200, "{\"a\":").on(line, 200, "<html>");
  }
  api.http.on(line, 200, "{\"ok\":true}");

  CHECK(body_of(api, api.minute()) == "{\"ok\":true}");
  CHECK(api.http.requests().size() == 3);
  CHECK(api.clock.now() - start == milliseconds(50 + 100));
}

TEST_CASE("RestClient: the observer is told of every try", "[kubernetes]") {
  ApiServerScript api;
  std::vector<RestTry> tries;
  RestOptions options{.server = "https://api"};
  options.observer = [&](const RestTry& done) { tries.push_back(done); };
  RestClient rest(api.http, api.token, api.clock, options);
  api.http.on(line, 503, "busy").on(line, HttpFailure::connect).on(line, 200, "{}");

  rest.send({.path = "/api/v1/x"}, api.minute(), [](std::string_view) { return 0; });

  REQUIRE(tries.size() == 3);
  CHECK(tries[0].method == "GET");
  CHECK(std::vector<int>{tries[0].status, tries[1].status, tries[2].status} ==
        std::vector<int>{503, 0, 200});
  CHECK(std::vector<bool>{tries[0].retry, tries[1].retry, tries[2].retry} ==
        std::vector<bool>{false, true, true});
}

TEST_CASE("RestClient: a budget may allow fewer tries", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 503, "");
  Budget budget = api.minute();
  budget.max_retries = GENERATE(0, 1);

  CHECK(error_of(api, budget).status == 503);
  CHECK(api.http.lines().size() == static_cast<std::size_t>(*budget.max_retries) + 1);
}

TEST_CASE("RestClient: what will not pass is not tried again", "[kubernetes]") {
  ApiServerScript api;

  SECTION("refusals") {
    const int status = GENERATE(400, 403, 404, 405, 409, 410, 422, 302);
    api.http.on(line, status, status_object(status, "no"));
    CHECK(error_of(api, api.minute()).status == status);
  }
  SECTION("certificates") {
    api.http.on(line, HttpFailure::tls);
    CHECK(error_of(api, api.minute()).status == 0);
  }
  SECTION("answers without end") {
    api.http.on(line, HttpFailure::too_large);
    CHECK(error_of(api, api.minute()).status == 0);
  }
  CHECK(api.http.requests().size() == 1);
}

TEST_CASE("RestClient: a token that the server echoes gets into no message", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 403, status_object(403, "who is Bearer secret-token?"));
  CHECK_THAT(error_of(api, api.minute()).what(), Catch::Contains("who is Bearer ***?"));
}

TEST_CASE("RestClient: trouble is warned of once, until it is over", "[kubernetes]") {
  ApiServerScript api;
  CapturedLog log;
  api.http.on(line, HttpFailure::connect)
      .on(line, HttpFailure::connect)
      .on(line, 500, "boom")
      .on(line, 200, "{}");

  body_of(api, api.minute());
  body_of(api, api.minute());
  CHECK(log.messages() ==
        std::vector<std::string>{
            R"(WARN  The API server has trouble, trying again: Get "https://api/api/v1/x": )"
            "connection trouble",
            R"(INFO  The API server answers again: Get "https://api/api/v1/x")"});

  api.http.forget(line).on(line, 429, "").on(line, 404, "");
  CHECK(error_of(api, api.minute()).status == 404);
  CHECK(log.messages().size() == 4);
}

TEST_CASE("RestClient: a Retry-After is respected by later requests for the same thing",
          "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 429, "", {{"Retry-After", "20"}}).on(line, 200, "{}");
  api.http.on("GET /api/v1/y", 200, "{}");
  CHECK(error_of(api, api.within(seconds(5))).status == 429);
  api.clock.advance(seconds(4));

  const RequestError error = error_of(api, api.within(seconds(5)));
  CHECK(error.status == 429);
  CHECK(std::string(error.what()) ==
        R"(Get "https://api/api/v1/x": not sent: the API server has asked to be left alone )"
        "for another 16 s");
  api.rest.send({.path = "/api/v1/y"}, api.minute(), [](std::string_view) { return 0; });
  CHECK(api.http.lines() == std::vector<std::string>{line, "GET /api/v1/y"});

  const TimePoint asked = api.clock.now();
  CHECK(body_of(api, api.minute()) == "{}");
  CHECK(api.clock.now() - asked == seconds(16));
}

TEST_CASE("RestClient: a Retry-After of hours is remembered for a minute", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 503, "", {{"Retry-After", "36000"}}).on(line, 200, "{}");
  CHECK(error_of(api, api.minute()).status == 503);

  api.clock.advance(seconds(61));
  CHECK(body_of(api, api.within(seconds(1))) == "{}");
}

TEST_CASE("RestClient: a refusal without explanation says what was refused", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line + "?limit=5", 403, "<html>go away");
  const auto ask = [&] {
    api.rest.send({.path = "/api/v1/x?limit=5"}, api.minute(), [](std::string_view) { return 0; });
  };

  CHECK_THROWS_WITH(ask(),
                    R"(the server answered with status 403: "<html>go away" (get /api/v1/x))");
}

TEST_CASE("RestClient: gives up after six retries, and says so", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, HttpFailure::connect);

  const RequestError error = error_of(api, Budget{});

  CHECK(std::string(error.what()) ==
        "Get \"https://api/api/v1/x\": connection trouble (tried 7 times)");
  CHECK(error.status == 0);
  CHECK(api.http.requests().size() == 7);
}

TEST_CASE("RestClient: Retry-After is the least to wait", "[kubernetes]") {
  ApiServerScript api;
  const TimePoint start = api.clock.now();
  api.http.on(line, 429, "", {{"Retry-After", "2"}})
      .on(line, 503, "", {{"retry-after", "Thu, 01 Jan 2026 00:00:05 GMT"}})
      .on(line, 200, "{}");

  body_of(api, api.minute());

  // 2 s + 50 ms; then the date, 2950 ms away, + 100 ms.
  CHECK(api.clock.now() - start == milliseconds(2050 + 2950 + 100));
}

TEST_CASE("RestClient: does not wait beyond the budget", "[kubernetes]") {
  ApiServerScript api;
  const TimePoint start = api.clock.now();
  api.http.on(line, 503, status_object(503, "busy"), {{"Retry-After", "20"}});

  const RequestError error = error_of(api, api.within(seconds(20)));

  CHECK(std::string(error.what()) == "busy");
  CHECK(error.status == 503);
  CHECK(api.clock.now() == start);
  CHECK(api.http.requests().size() == 1);
}

TEST_CASE("RestClient: without time or when stopped nothing is sent", "[kubernetes]") {
  ApiServerScript api;
  std::stop_source stop;
  stop.request_stop();

  CHECK(std::string(error_of(api, api.within(seconds(0))).what()) ==
        "Get \"https://api/api/v1/x\": no time left for the request");
  CHECK(std::string(error_of(api, {TimePoint::max(), stop.get_token()}).what()) ==
        "Get \"https://api/api/v1/x\": stopped");
  CHECK(api.http.requests().empty());
}

TEST_CASE("RestClient: a stop ends the waiting", "[kubernetes]") {
  ApiServerScript api;
  std::stop_source stop;
  api.http.on(line, [&](const HttpRequest&) -> HttpResponse {
    stop.request_stop();
    return {503, {}, status_object(503, "busy")};
  });

  CHECK(std::string(error_of(api, {TimePoint::max(), stop.get_token()}).what()) == "busy");
  CHECK(api.http.requests().size() == 1);
}

TEST_CASE("RestClient: a refused token is read again, once", "[kubernetes]") {
  ApiServerScript api;
  const TemporaryDirectory directory;
  TokenSource token(directory.write("token", "old"), api.clock);
  RestClient rest(api.http, token, api.clock, {.server = "https://api"});
  directory.write("token", "new");
  const auto send = [&] {
    return rest.send({.path = "/api/v1/x"}, api.minute(),
                     [](std::string_view body) { return std::string(body); });
  };
  const TimePoint start = api.clock.now();

  SECTION("the new one is accepted") {
    api.http.on(line, 401, status_object(401, "Unauthorized")).on(line, 200, "{}");
    CHECK(send() == "{}");
  }
  SECTION("the new one is refused as well") {
    api.http.on(line, 401, status_object(401, "Unauthorized"));
    CHECK_THROWS_WITH(send(), "Unauthorized");
  }
  const auto requests = api.http.requests();
  REQUIRE(requests.size() == 2);
  CHECK(header(requests[0].headers, "Authorization") == "Bearer old");
  CHECK(header(requests[1].headers, "Authorization") == "Bearer new");
  CHECK(api.clock.now() == start);
}

TEST_CASE("RestClient: a token that cannot change is not tried again", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 401, "");

  CHECK(std::string(error_of(api, api.minute()).what()) ==
        "the server has asked for the client to provide credentials");
  CHECK(api.http.requests().size() == 1);
}

TEST_CASE("RestClient: errors speak the words of the Status object", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 404, status_object(404, "deployments.apps \\\"web\\\" not found", "web"));

  const RequestError error = error_of(api, api.minute());

  CHECK(std::string(error.what()) == "deployments.apps \"web\" not found");
  CHECK(error.status == 404);
  CHECK(error.names_object);
  CHECK_FALSE(error.unknown_path());
}

TEST_CASE("RestClient: errors without a Status object get the reference's words", "[kubernetes]") {
  struct Case {
    int status;
    std::string body;
    std::string message;
  };
  const auto entry = GENERATE(values<Case>({
      {404, "404 page not found\n",
       "the server could not find the requested resource (get pods.metrics.k8s.io)"},
      {404, R"({"kind":"Status"})",
       "the server could not find the requested resource (get pods.metrics.k8s.io)"},
      {404, R"({"kind":5,"message":[]})",
       "the server could not find the requested resource (get pods.metrics.k8s.io)"},
      {418, "short and stout",
       "the server answered with status 418: \"short and stout\" (get pods.metrics.k8s.io)"},
      {409, "", "the server reported a conflict (get pods.metrics.k8s.io)"},
  }));
  ApiServerScript api;
  api.http.on(line, entry.status, entry.body);

  CHECK_THROWS_WITH(api.rest.send({.path = "/api/v1/x", .subject = "pods.metrics.k8s.io"},
                                  api.minute(), [](std::string_view) { return 0; }),
                    entry.message);
}

TEST_CASE("RestClient: a server error that is not JSON is quoted, shortened", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 502, "\x01" + std::string(500, 'x'));

  const RequestError error = error_of(api, api.within(milliseconds(10)));

  CHECK(std::string(error.what()) == "an error on the server (\"\\u0001" + std::string(199, 'x') +
                                         "...\") has prevented the request from succeeding");
}

TEST_CASE("RestClient: remembers whether a lost request may have been acted on", "[kubernetes]") {
  ApiServerScript api;

  SECTION("an answer that never came") {
    api.http.on(line, HttpFailure::truncated).on(line, 422, "");
    CHECK(error_of(api, api.minute()).may_have_happened);
  }
  SECTION("a broken server") {
    api.http.on(line, 504, "").on(line, 422, "");
    CHECK(error_of(api, api.minute()).may_have_happened);
  }
  SECTION("an answer nobody can read") {
    api.http.on(line, 200, "{").on(line, 422, "");
    CHECK(error_of(api, api.minute()).may_have_happened);
  }
  SECTION("a connection that was never made, and overload") {
    api.http.on(line, HttpFailure::connect).on(line, 429, "").on(line, 422, "");
    CHECK_FALSE(error_of(api, api.minute()).may_have_happened);
  }
}

TEST_CASE("RestClient: what the reader throws is passed on", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(line, 200, "{}");

  CHECK_THROWS_WITH(
      api.rest.send({.path = "/api/v1/x"}, api.minute(),
                    [](std::string_view) -> int { throw KubernetesError(200, "odd"); }),
      "odd");
  CHECK(api.http.requests().size() == 1);
}

TEST_CASE("random_unit: stays in its interval and varies", "[kubernetes]") {
  const auto random = random_unit();
  double least = 1;
  double most = 0;
  for (int i = 0; i < 1000; ++i) {
    const double value = random();
    least = std::min(least, value);
    most = std::max(most, value);
  }
  CHECK(least >= 0);
  CHECK(most < 1);
  CHECK(most - least > 0.5);
}

}  // namespace
}  // namespace cpab
