#include <catch2/catch.hpp>
#include <future>

#include "cpab/io/file.h"
#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

/// A Setup whose loop never runs and that wants more replicas than allowed.
struct ApiSetup : Setup {
  ApiSetup() {
    config["interval"] = never;
    config["metric"] = shell("cat");
    config["evaluate"] = shell(R"(echo '{"targetReplicas":50,"reason":"sale"}')");
    config["maxReplicas"] = "4";
  }
};

std::string run_type(const HttpResponse& metrics) {
  const auto value = nlohmann::json::parse(metrics.body).at(0).at("value").get<std::string>();
  return member(value, "runType");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

}  // namespace

TEST_CASE("API: metrics are gathered on demand, as what the query says",
          "[end_to_end][contract-67]") {
  ApiSetup setup;
  Daemon daemon = setup.start();

  const HttpResponse answer = daemon.get("/api/v1/metrics");
  CHECK(answer.status == 200);
  CHECK(header(answer.headers, "Content-Type") == "application/json; charset=utf-8");
  CHECK(run_type(answer) == "api");
  CHECK(run_type(daemon.get("/api/v1/metrics?dry_run=false")) == "api");
  CHECK(run_type(daemon.get("/api/v1/metrics?dry_run=true")) == "api_dry_run");

  const HttpResponse refused = daemon.get("/api/v1/metrics?dry_run=invalid");
  CHECK(refused.status == 400);
  CHECK(refused.body == R"({"message":"Invalid format for 'dry_run' query parameter; 'invalid' )"
                        R"(is not a valid boolean value","code":400})");
}

TEST_CASE("API: an evaluation scales, a dry run and a malformed query do not",
          "[end_to_end][contract-68][contract-69]") {
  ApiSetup setup;
  setup.config["downscaleStabilization"] = "300";
  Daemon daemon = setup.start();

  for (const char* yes : {"1", "t", "T", "TRUE", "true", "True"}) {
    const HttpResponse answer = daemon.post(std::string("/api/v1/evaluation?dry_run=") + yes);
    CHECK(answer.status == 200);
    CHECK(answer.body == R"({"targetReplicas":50})");
  }
  for (const char* query : {"dry_run=yes", "dry_run=tRUE", "dry_run=10", "dry_run=%20true",
                            "dry_run=%zz", "dry_run=true;a=b"}) {
    INFO(query);
    CHECK(daemon.post(std::string("/api/v1/evaluation?") + query).status == 400);
  }
  CHECK(setup.replicas() == 1);
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 0);
  CHECK(decisions(daemon).empty());

  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":4})");
  CHECK(setup.replicas() == 4);
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 1);
}

TEST_CASE("API: explain shows the decision of the whole pipeline, without effects in a dry run",
          "[end_to_end]") {
  ApiSetup setup;
  setup.config["preScale"] = setup.shell("echo > " + setup.folder.file("scaled"));
  Daemon daemon = setup.start();

  const HttpResponse dry = daemon.post("/api/v1/evaluation?dry_run=true&explain=true");
  CHECK(member(dry.body, "targetReplicas") == 50);
  const auto planned = member(dry.body, "decision");
  CHECK(planned.at("trigger") == "api_dry_run");
  CHECK(planned.at("desiredReplicas") == 4);
  CHECK(planned.at("limitedBy") == "maxReplicas");
  CHECK(planned.at("evaluation") == nlohmann::json{{"targetReplicas", 50}, {"reason", "sale"}});
  CHECK(setup.replicas() == 1);
  CHECK_THROWS_AS(read_file(setup.folder.file("scaled")), FileError);

  const HttpResponse real = daemon.post("/api/v1/evaluation?explain=true");
  CHECK(member(real.body, "targetReplicas") == 4);
  CHECK(member(real.body, "decision").at("action") == "scaled");
  CHECK(member(real.body, "decision").at("trigger") == "api");
  CHECK(read_file(setup.folder.file("scaled")) == "\n");
}

TEST_CASE("API: decisions are served and appended to the decision log", "[end_to_end]") {
  ApiSetup setup;
  setup.config["decisionLog"] = setup.folder.file("decisions.jsonl");
  Daemon daemon = setup.start();
  CHECK(daemon.get("/api/v1/decisions").body == "[]");
  CHECK(daemon.get("/api/v1/decisions/last").status == 404);

  for (int i = 0; i < 3; ++i) REQUIRE(daemon.post("/api/v1/evaluation").status == 200);

  const auto records = decisions(daemon);
  REQUIRE(records.size() == 3);
  CHECK(nlohmann::json::parse(daemon.get("/api/v1/decisions/last").body) == records[2]);
  CHECK(nlohmann::json::parse(daemon.get("/api/v1/decisions?limit=1").body) ==
        nlohmann::json::array({records[2]}));
  CHECK(nlohmann::json::parse(daemon.get("/api/v1/decisions?since=1").body) ==
        nlohmann::json{records[1], records[2]});
  CHECK(nlohmann::json::parse(daemon.get("/api/v1/decisions?changed=true").body) ==
        nlohmann::json::array({records[0]}));
  CHECK(daemon.get("/api/v1/decisions?limit=x").status == 400);

  const auto lines = lines_of(read_file(setup.folder.file("decisions.jsonl")));
  REQUIRE(lines.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) CHECK(nlohmann::json::parse(lines[i]) == records[i]);
}

TEST_CASE("API: what is not there is 404, the wrong method 405", "[end_to_end][contract-70]") {
  ApiSetup setup;
  Daemon daemon = setup.start();

  const HttpResponse unknown = daemon.get("/api/v1/foo?x=1");
  CHECK(unknown.status == 404);
  CHECK(unknown.body == R"({"message":"Resource '/api/v1/foo' not found","code":404})");
  CHECK(header(unknown.headers, "Content-Type") == "application/json; charset=utf-8");
  const HttpResponse wrong = daemon.call("DELETE", "/api/v1/metrics");
  CHECK(wrong.status == 405);
  CHECK(wrong.body ==
        R"({"message":"Method 'DELETE' not allowed on resource '/api/v1/metrics'","code":405})");
  const HttpResponse outside = daemon.get("/");
  CHECK(outside.status == 404);
  CHECK(outside.body == "404 page not found\n");
  CHECK(header(outside.headers, "Content-Type") == "text/plain; charset=utf-8");
  CHECK(daemon.call("FOO", "/api/v1/metrics").status == 405);
}

TEST_CASE("API: a stage that fails is a 500 that says which", "[end_to_end][contract-70]") {
  ApiSetup setup;
  std::string message;
  SECTION("metric") {
    setup.config["metric"] = setup.shell("echo broken >&2; exit 3");
    message = "failed to gather metrics: exit status 3";
  }
  SECTION("evaluate") {
    setup.config["evaluate"] = setup.shell("kill -9 $$");
    message = "failed to get evaluation: signal: killed";
  }
  SECTION("a hook") {
    setup.config["preScale"] = setup.shell("exit 1");
    message = "failed run pre-scaling hook: exit status 1";
  }
  SECTION("the target") {
    setup.config["scaleTargetRef"] = "{apiVersion: apps/v1, kind: Widget, name: shop}";
    message = "no matches for kind \"Widget\" in version \"apps/v1\"";
  }
  SECTION("the scale") {
    setup.config["scaleTargetRef"] = "{apiVersion: apps/v1, kind: DaemonSet, name: shop}";
    setup.cluster.access([](ClusterState& state) {
      const auto& type = type_of_kind("DaemonSet");
      state.create(type,
                   Json().set("/metadata/name", "shop").set("/metadata/namespace", "default"));
    });
    message = "failed to get scale subresource for resource: ";
  }
  Daemon daemon = setup.start();

  const HttpResponse answer = daemon.post("/api/v1/evaluation?explain=true");

  CHECK(answer.status == 500);
  CHECK_THAT(member(answer.body, "message").get<std::string>(), Catch::StartsWith(message));
  CHECK(member(answer.body, "code") == 500);
  CHECK(member(answer.body, "decision").at("action") == "failed");
  CHECK(setup.replicas() == 1);
}

TEST_CASE("API: health and readiness tell what is missing", "[end_to_end]") {
  ApiSetup setup;
  setup.cluster.remove(setup.shop);
  Daemon daemon = setup.start();

  CHECK(daemon.get("/healthz").status == 200);
  const HttpResponse missing = daemon.get("/readyz");
  CHECK(missing.status == 503);
  CHECK_THAT(member(missing.body, "message").get<std::string>(),
             Catch::Contains("deployments.apps \"shop\" not found"));

  WorkloadOptions options;
  options.name = "shop";
  setup.cluster.add_deployment(options);
  CHECK(soon([&] { return daemon.get("/readyz").status == 200; }));
}

TEST_CASE("API: dry runs run beside each other", "[end_to_end]") {
  constexpr int callers = 6;
  ApiSetup setup;
  // None of them ends before all have begun.
  const std::string begun = setup.folder.file("begun");
  setup.config["metric"] =
      setup.shell("echo x >> " + begun + "; while [ $(wc -l < " + begun + ") -lt " +
                  std::to_string(callers) + " ]; do sleep 0.02; done; echo 1");
  Daemon daemon = setup.start();
  daemon.api_port();

  std::vector<std::future<HttpResponse>> answers;
  for (int i = 0; i < callers; ++i) {
    answers.push_back(std::async(std::launch::async,
                                 [&] { return daemon.post("/api/v1/evaluation?dry_run=true"); }));
  }

  for (auto& answer : answers) CHECK(answer.get().body == R"({"targetReplicas":50})");
  CHECK(setup.replicas() == 1);
  CHECK(decisions(daemon).empty());
}

TEST_CASE("API: runs that may scale take turns", "[end_to_end]") {
  constexpr int callers = 4;
  ApiSetup setup;
  const std::string busy = setup.folder.file("busy");
  setup.config["interval"] = "50";
  setup.config["metric"] =
      setup.shell("mkdir " + busy + " || exit 1; sleep 0.05; rmdir " + busy + "; echo 1");
  Daemon daemon = setup.start();
  daemon.api_port();

  std::vector<std::future<HttpResponse>> answers;
  for (int i = 0; i < callers; ++i) {
    answers.push_back(
        std::async(std::launch::async, [&] { return daemon.post("/api/v1/evaluation"); }));
  }

  for (auto& answer : answers) CHECK(answer.get().body == R"({"targetReplicas":4})");
  for (const auto& record : decisions(daemon)) CHECK(record.at("failure").is_null());
}
