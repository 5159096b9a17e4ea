#include <sys/resource.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <chrono>
#include <memory>

#include "tests/end_to_end/setup.h"
#include "tests/end_to_end/tls_files.h"
#include "tests/fakes/raw_http_client.h"

using namespace cpab;

namespace {

/// This process may have so many descriptors, as long as this lives.
class RoomForDescriptors {
 public:
  explicit RoomForDescriptors(rlim_t count) {
    ::getrlimit(RLIMIT_NOFILE, &before_);
    const rlimit wanted{std::max(before_.rlim_cur, std::min(count, before_.rlim_max)),
                        before_.rlim_max};
    ::setrlimit(RLIMIT_NOFILE, &wanted);
  }
  ~RoomForDescriptors() { ::setrlimit(RLIMIT_NOFILE, &before_); }
  RoomForDescriptors(const RoomForDescriptors&) = delete;
  RoomForDescriptors& operator=(const RoomForDescriptors&) = delete;

 private:
  rlimit before_{};
};

}  // namespace

TEST_CASE("API listener: HTTPS with a given pair", "[end_to_end][contract-71]") {
  const TlsFiles tls;
  Setup setup;
  setup.config["apiConfig"] =
      "{host: 127.0.0.1, port: 0, useHTTPS: true, certFile: " + tls.server().cert_file +
      ", keyFile: " + tls.server().key_file + "}";
  Daemon daemon({},
                {{"configPath", setup.write_config()}, {"KUBECONFIG", setup.write_kubeconfig()}},
                {.ca_file = tls.ca_file()});

  CHECK(daemon.get("/api/v1/metrics").body == R"([{"resource":"shop","value":"7\n"}])");
  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
  RawHttpClient plain(daemon.api_port());
  plain.send("GET /api/v1/metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  const std::string answer = plain.read_all();
  CHECK_THAT(answer, Catch::Contains(" 400 Bad Request"));
  CHECK_THAT(answer, Catch::Contains("Client sent an HTTP request to an HTTPS server."));
  CHECK(daemon.stop() == 0);
}

TEST_CASE("API listener: a pair that cannot be used ends the daemon with 2", "[end_to_end]") {
  const TlsFiles tls;
  const TlsFiles others;
  Setup setup;
  setup.config["apiConfig"] =
      "{host: 127.0.0.1, port: 0, useHTTPS: true, certFile: " + tls.server().cert_file +
      ", keyFile: " + others.server().key_file + "}";
  Daemon daemon = setup.start();

  CHECK(daemon.program().wait() == 2);
  CHECK_THAT(daemon.log(), Catch::Contains("HTTPS API Error: "));
  CHECK_THAT(daemon.log(), Catch::Contains(others.server().key_file));
}

TEST_CASE("API listener: disabled, nothing listens and the loop runs",
          "[end_to_end][contract-71]") {
  Setup setup;
  setup.config["apiConfig"] =
      "{enabled: false, host: 127.0.0.1, port: " + std::to_string(setup.server.port()) +
      "}";  // taken: would not start
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  CHECK_THAT(daemon.log(), Catch::Contains("API disabled, skipping starting the API"));
  CHECK(daemon.stop() == 0);
}

TEST_CASE("API listener: a port in use ends the daemon with 2 and a message that names it",
          "[end_to_end]") {
  Setup setup;
  setup.config["apiConfig"] =
      "{host: 127.0.0.1, port: " + std::to_string(setup.server.port()) + "}";
  Daemon daemon = setup.start();

  CHECK(daemon.program().wait() == 2);
  CHECK_THAT(daemon.log(), Catch::Contains("HTTP API Error: "));
  CHECK_THAT(daemon.log(), Catch::Contains("127.0.0.1:" + std::to_string(setup.server.port())));
  CHECK(setup.replicas() == 1);
}

TEST_CASE("API listener: clients that are slow, huge or wild hurt neither the API nor the loop",
          "[end_to_end]") {
  Setup setup;
  Daemon daemon = setup.start();
  const std::uint16_t port = daemon.api_port();
  std::vector<std::unique_ptr<RawHttpClient>> slow;
  for (int i = 0; i < 40; ++i) {
    slow.push_back(std::make_unique<RawHttpClient>(port));
    slow.back()->send("GET /api/v1/metrics HTTP/1.1\r\nHo");
  }

  RawHttpClient header(port);
  header.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Long: " + std::string(1 << 20, 'x'));
  CHECK_THAT(header.read_all(), Catch::Contains(" 431 "));
  RawHttpClient body(port);
  body.send("POST /api/v1/evaluation HTTP/1.1\r\nHost: a\r\nContent-Length: 9999999999\r\n\r\n");
  CHECK_THAT(body.read_all(), Catch::Contains(" 413 "));
  RawHttpClient noise(port);
  noise.send(std::string("\x16\x03\x01\x00\xff\r\n\r\n", 9));
  CHECK_THAT(noise.read_all(), Catch::Contains(" 400 "));
  RawHttpClient gone(port);
  gone.send("POST /api/v1/evaluation HTTP/1.1\r\nHost: a\r\n\r\n");
  gone.finish_sending();

  CHECK(daemon.get("/healthz").status == 200);
  CHECK(setup.reaches(3));
  for (const auto& client : slow) CHECK(client->send("s"));  // the header drips on
  CHECK(daemon.stop() == 0);
}

TEST_CASE("API listener: crowds that hold half a request, or do not read, keep no probe out",
          "[end_to_end]") {
  const auto [count, sent] = GENERATE(table<int, std::string>({
      {1'000, "GET /healthz HTTP/1.1\r\nHo"},
      {300, "GET /api/v1/decisions HTTP/1.1\r\nHost: a\r\n\r\n"},
  }));
  CAPTURE(sent);
  const RoomForDescriptors room(2'000);
  Setup setup;
  Daemon daemon = setup.start();
  const std::uint16_t port = daemon.api_port();
  std::vector<std::unique_ptr<RawHttpClient>> crowd;
  for (int i = 0; i < count; ++i) {
    crowd.push_back(std::make_unique<RawHttpClient>(port));
    crowd.back()->send(sent);
  }

  const auto begin = std::chrono::steady_clock::now();
  CHECK(daemon.get("/healthz").status == 200);
  CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(1));
  CHECK(setup.reaches(3));
  CHECK(daemon.stop() == 0);
}
