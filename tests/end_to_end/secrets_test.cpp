#include <algorithm>
#include <atomic>
#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>

#include "cpab/io/http_server.h"
#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

/// `geheim-1f00d`: no two alike, all with the same start.
class Secrets {
 public:
  std::string next() { return start + std::to_string(++count_) + "f00d"; }

  static constexpr const char* start = "geheim-";

 private:
  int count_ = 0;
};

/// Answers with all that it was sent, with one status after the other.
std::unique_ptr<HttpServer> echo(const std::vector<int>& statuses) {
  auto calls = std::make_shared<std::atomic<std::size_t>>(0);
  return start_http_server({}, [calls, statuses](const ServerRequest& request) {
    ServerResponse response;
    response.status = statuses[(*calls)++ % statuses.size()];
    std::string told = request.method + " " + request.target;
    for (const auto& [name, value] : request.headers) told += "; " + name + ": " + value;
    response.body = "{\"targetReplicas\": 3, \"reason\": " + nlohmann::json(told).dump() + "}";
    return response;
  });
}

std::string with_all_in(std::uint16_t port, Secrets& secrets) {
  const std::string url = "HTTP://me-" + secrets.next() + ":" + secrets.next() +
                          "%21@127.0.0.1:" + std::to_string(port) + "/e?token=" + secrets.next() +
                          "&unit=" + secrets.next() + "#" + secrets.next();
  return Setup::http(url, "{X-Api-Key: " + secrets.next() + ", X-Tenant: " + secrets.next() +
                              ", Cookie: session=" + secrets.next() + "}");
}

/// A program that tells all about itself, with an argument for each way to give a secret.
std::string talkative(Secrets& secrets, const std::string& then) {
  std::string arguments = "[-c, " + nlohmann::json("echo \"$0 $*\" >&2; " + then).dump();
  const std::vector<std::string> given = {"--token",
                                          secrets.next(),
                                          "--token=" + secrets.next(),
                                          "-p" + secrets.next(),
                                          "-p",
                                          secrets.next(),
                                          "me:" + secrets.next() + "@db",
                                          "TOKEN=" + secrets.next(),
                                          "Authorization: Bearer " + secrets.next(),
                                          "https://h/?k=" + secrets.next(),
                                          "--interval",
                                          "5"};
  for (const std::string& argument : given) {
    arguments += ", " + nlohmann::json(argument).dump();
  }
  return "{type: shell, timeout: 60000, shell: {entrypoint: /bin/sh, command: " + arguments +
         "], logStderr: true}}";
}

std::string content(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void check_no_secret(const std::string& what, const std::string& text) {
  INFO(what << ": " << text);
  CHECK(text.find(Secrets::start) == std::string::npos);
}

}  // namespace

TEST_CASE("secrets: none of a configuration in use shows up anywhere", "[end_to_end]") {
  Secrets secrets;
  const auto service = echo({500, 200, 200});
  Setup setup;
  setup.config["logVerbosity"] = "4";
  setup.config["logFormat"] = GENERATE("text", "json");
  setup.config["decisionLog"] = setup.folder.file("decisions");
  setup.config["events"] = "true";
  setup.config["evaluate"] = with_all_in(service->port(), secrets);
  setup.config["metric"] = talkative(secrets, "echo 7");
  setup.config["preScale"] = talkative(secrets, "echo \"$*\"; exit 3");
  Daemon daemon = setup.start();
  const std::string url = "http://127.0.0.1:" + std::to_string(daemon.api_port());

  REQUIRE(daemon.logs("failed run pre-scaling hook"));
  REQUIRE(daemon.logs("HTTP request failed, status: [500]"));
  check_no_secret("dry run", daemon.post("/api/v1/evaluation?dry_run=true&explain=true").body);
  check_no_secret("run", daemon.post("/api/v1/evaluation?explain=true").body);
  for (const char* path : {"/api/v1/status", "/api/v1/decisions", "/metrics", "/readyz"}) {
    check_no_secret(path, daemon.get(path).body);
  }
  for (const char* id : {"1", "2", "3"}) {
    const Outcome told = run_cpab({"explain", id, "--url", url});
    CHECK(told.exit_code == 0);
    check_no_secret("explain", told.out + told.err);
  }
  const Outcome valid = run_cpab({"validate", setup.write_config()});
  CHECK(valid.exit_code == 0);
  check_no_secret("validate", valid.out + valid.err);
  CHECK_THAT(valid.out, Catch::Contains(R"("--interval", "5"])"));
  CHECK(daemon.stop() == 0);

  check_no_secret("log", daemon.log());
  check_no_secret("decision log", content(setup.folder.file("decisions")));
  CHECK_THAT(daemon.log(), Catch::Contains("--interval 5"));
  CHECK_THAT(daemon.log(), Catch::Contains("Authorization: Basic ***"));
}

TEST_CASE("secrets: none shows up when the configuration cannot be used", "[end_to_end]") {
  Secrets secrets;
  Setup setup;
  setup.config["evaluate"] =
      "{type: Bearer " + secrets.next() + ", timeout: " + secrets.next() + "}";
  setup.config["metric"] = "{type: http, timeout: 5, http: {method: Bearer " + secrets.next() +
                           ", url: 'ftp://a:" + secrets.next() +
                           "/b@h', parameterMode: " + secrets.next() + ", headers: {'X " +
                           secrets.next() + "': a}}}";
  setup.config["preMetric"] =
      "{type: shell, timeout: 5, shell: {entrypoint: a, command: --token=" + secrets.next() + "}}";
  setup.config["runMode"] = secrets.next();
  setup.config[secrets.next()] = "1";
  setup.variables["interval"] = secrets.next();
  setup.variables["configPath"] = setup.write_config();

  for (const char* command : {"run", "validate"}) {
    const Outcome told = run_cpab({command}, setup.variables);
    CHECK(told.exit_code == 2);
    CHECK(std::count(told.err.begin(), told.err.end(), '\n') >= 7);
    check_no_secret(command, told.out + told.err);
  }
}
