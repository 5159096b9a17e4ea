#include <algorithm>
#include <catch2/catch.hpp>
#include <regex>

#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

std::vector<std::string> infos(const Daemon& daemon) {
  std::vector<std::string> result;
  for (const std::string& line : daemon.log_lines()) {
    const std::size_t at = line.find(" INFO  ");
    if (at != std::string::npos) result.push_back(line.substr(at + 7));
  }
  return result;
}

}  // namespace

TEST_CASE("logging: one line per cycle, which is the message of its decision", "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  Daemon daemon = setup.start();
  REQUIRE(daemon.logs("Starting autoscaler"));
  for (int i = 0; i < 3; ++i) REQUIRE(daemon.post("/api/v1/evaluation").status == 200);
  const auto records = decisions(daemon);
  CHECK(daemon.stop() == 0);

  const std::vector<std::string> lines = infos(daemon);
  REQUIRE(records.size() == 3);
  REQUIRE(lines.size() == records.size() + 5);
  CHECK_THAT(lines[0], Catch::StartsWith("cpab version: "));
  CHECK_THAT(lines[1], Catch::StartsWith("Starting API using HTTP on port "));
  CHECK_THAT(lines[2], Catch::Matches("Waiting [0-9]+ milliseconds before starting autoscaler"));
  CHECK(lines[3] == "Starting autoscaler");
  for (std::size_t i = 0; i < records.size(); ++i) CHECK(lines[4 + i] == records[i].at("message"));
  CHECK(lines.back() == "Shutting down...");
  for (const std::string& line : daemon.log_lines()) {
    CHECK(std::regex_match(line, std::regex(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO  .+)")));
  }
  CHECK(daemon.program().out().empty());
}

TEST_CASE("logging: as JSON, every line is an object", "[end_to_end]") {
  Setup setup;
  setup.config["logFormat"] = "json";
  setup.config["logVerbosity"] = "4";
  setup.config["metric"] = setup.shell("echo 'two\nlines' >&2; exit 1");
  Daemon daemon = setup.start();
  REQUIRE(daemon.logs("Error while autoscaling: "));
  CHECK(daemon.stop() == 0);

  for (const std::string& line : daemon.log_lines()) {
    INFO(line);
    const auto record = nlohmann::json::parse(line);
    CHECK(record.at("time").is_string());
    CHECK(record.at("level").is_string());
    CHECK(record.at("message").is_string());
  }
}

TEST_CASE("logging: a failing program's last words are shown", "[end_to_end][contract-22]") {
  Setup setup;
  setup.config["metric"] = setup.shell("echo some-output; echo the queue is gone >&2; exit 3");
  Daemon daemon = setup.start();

  REQUIRE(daemon.logs(
      "Error while autoscaling: failed to get metrics: failed to gather metrics: exit status 3"));

  CHECK_THAT(daemon.log(), Catch::Contains("the queue is gone") && Catch::Contains("some-output"));
  const auto failure = decisions(daemon).at(0).at("failure");
  CHECK(failure.at("stage") == "metric");
  CHECK(failure.at("stderr") == "the queue is gone\n");
  CHECK(failure.at("stdout") == "some-output\n");
}

TEST_CASE("logging: negative verbosity leaves warnings and errors only", "[end_to_end]") {
  Setup setup;
  setup.config["logVerbosity"] = "-1";
  setup.config["apiConfig"] = "{enabled: false}";
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  CHECK(daemon.stop() == 0);
  CHECK(infos(daemon).empty());
}

TEST_CASE("logging: no secret shows up, not even at verbosity 4", "[end_to_end]") {
  Setup setup({.token = "secret-token"});
  setup.kubeconfig_user = "{token: secret-token}";
  setup.config["logVerbosity"] = "4";
  setup.config["decisionLog"] = setup.folder.file("decisions");
  const auto service = start_http_server({}, [](const ServerRequest& request) {
    ServerResponse response;
    response.status =
        header(request.headers, "Authorization") == "Bearer secret-header" ? 200 : 400;
    response.body = "9";
    return response;
  });
  const std::string url =
      "http://127.0.0.1:" + std::to_string(service->port()) + "/m?key=secret-query";
  setup.config["metric"] = Setup::http(url, "{Authorization: Bearer secret-header}");
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));

  service->stop(std::chrono::milliseconds{0});  // failures must not tell either
  setup.server.set_token("another-token");
  REQUIRE(daemon.logs("Error while autoscaling: failed to get m"));
  REQUIRE(daemon.logs("Unauthorized"));
  const std::string served = daemon.get("/api/v1/decisions").body;
  CHECK(daemon.stop() == 0);

  CHECK(daemon.log().find("secret-") == std::string::npos);
  CHECK(served.find("secret-") == std::string::npos);
}
