#include <catch2/catch.hpp>
#include <regex>

#include "tests/end_to_end/setup.h"
#include "tests/fakes/prometheus_tools.h"

using namespace cpab;

namespace {

/// A real Prometheus that scrapes one daemon, with an empty storage of its own.
class Prometheus {
 public:
  Prometheus(const std::string& program, const TemporaryDirectory& folder, std::uint16_t target)
      : program_({program, "--config.file=" + config(folder, target),
                  "--storage.tsdb.path=" + folder.file("tsdb"),
                  "--web.listen-address=127.0.0.1:0"}),
        http_({}, clock_) {}

  /// Waits until the query has an answer: the value of its first series, `none` without.
  std::string value(const std::string& query) {
    std::string found = "none";
    soon([&] {
      const auto result = ask(query);
      if (!result.empty()) found = result.at(0).at("value").at(1);
      return !result.empty();
    });
    return found;
  }

 private:
  static std::string config(const TemporaryDirectory& folder, std::uint16_t target) {
    return folder.write("prometheus.yaml",
                        "global: {scrape_interval: 200ms, scrape_timeout: 200ms}\n"
                        "scrape_configs:\n"
                        "  - job_name: cpab\n"
                        "    static_configs: [{targets: ['127.0.0.1:" +
                            std::to_string(target) + "']}]\n");
  }

  /// Its log says which port it was given.
  std::string address() const {
    std::smatch match;
    const std::string log = program_.err();
    const std::regex listening(R"(msg="Listening on" address=(\S+))");
    return std::regex_search(log, match, listening) ? match[1].str() : "";
  }

  nlohmann::json ask(const std::string& query) {
    if (address().empty()) return {};
    HttpRequest request;
    request.url = "http://" + address() + "/api/v1/query?query=" + query;
    request.budget = {clock_.now() + Duration(5'000), {}};
    try {
      const HttpResponse response = http_.send(request);
      if (response.status != 200) return {};
      return nlohmann::json::parse(response.body).at("data").at("result");
    } catch (const HttpError&) {
      return {};  // not ready yet
    }
  }

  Program program_;
  SystemClock clock_;
  CurlHttpClient http_;
};

}  // namespace

TEST_CASE("metrics: what the daemon answers is about its target", "[end_to_end]") {
  Setup setup;
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));
  REQUIRE(has_decided(daemon, 2));

  const HttpResponse response = daemon.get("/metrics");

  CHECK(response.status == 200);
  CHECK(header(response.headers, "Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
  const std::string shop = R"(namespace="default",target_kind="Deployment",target_name="shop")";
  CHECK_THAT(
      response.body,
      Catch::Contains("\ncpab_desired_replicas{" + shop + "} 3\n") &&
          Catch::Contains("\ncpab_cycles_total{" + shop +
                          ",action=\"scaled\",trigger=\"scaler\"} 1\n") &&
          Catch::Contains("\nrest_client_requests_total{code=\"200\",method=\"PATCH\"} 1\n"));
}

TEST_CASE("metrics: where reading takes a token, so does /metrics", "[end_to_end]") {
  Setup setup;
  setup.config["apiConfig"] =
      "{host: 127.0.0.1, port: 0, tokenFile: " + setup.folder.write("tokens", "secret") + "}";
  Daemon daemon = setup.start();
  CHECK(daemon.get("/metrics").status == 401);
}

TEST_CASE("metrics: a real Prometheus scrapes the daemon", "[end_to_end]") {
  const std::string program = prometheus_tool("prometheus");
  if (program.empty()) return;
  Setup setup;
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));
  REQUIRE(has_decided(daemon, 2));

  Prometheus prometheus(program, setup.folder, daemon.api_port());

  CHECK(prometheus.value("up") == "1");
  CHECK(prometheus.value("cpab_current_replicas") == "3");
  CHECK(prometheus.value("cpab_upscale_replicas_total") == "2");
  CHECK(prometheus.value("scrape_samples_scraped%3E100") != "none");
}
