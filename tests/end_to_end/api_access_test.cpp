#include <catch2/catch.hpp>
#include <csignal>
#include <memory>

#include "tests/end_to_end/setup.h"
#include "tests/end_to_end/tls_files.h"
#include "tests/fakes/raw_http_client.h"

using namespace cpab;

namespace {

/// What curl printed: the body, a line with the status, and the headers asked for below; status 0
/// when there was no answer.
struct Answer {
  int status = 0;
  std::string body;
  std::string retry_after;
  std::string challenge;
};

Answer curl(std::vector<std::string> arguments, const std::string& url) {
  arguments.insert(arguments.begin(),
                   {"curl", "--silent", "--max-time", "30", "--write-out",
                    "\n%{http_code} %header{retry-after}\n%header{www-authenticate}"});
  arguments.push_back(url);
  const Outcome outcome = run_program(arguments);
  const auto second = outcome.out.rfind('\n');
  const auto first = outcome.out.rfind('\n', second - 1);
  const std::string line = outcome.out.substr(first + 1, second - first - 1);
  const auto space = line.find(' ');
  return {std::stoi(line.substr(0, space)), outcome.out.substr(0, first), line.substr(space + 1),
          outcome.out.substr(second + 1)};
}

std::string url_of(Daemon& daemon, const std::string& target, const std::string& scheme = "http") {
  return scheme + "://127.0.0.1:" + std::to_string(daemon.api_port()) + target;
}

std::vector<std::string> bearer(const std::string& token) {
  return {"--header", "Authorization: Bearer " + token};
}

/// A daemon that serves HTTPS with the files of a folder, and asks for client certificates.
struct HttpsSetup : Setup {
  HttpsSetup() {
    config["interval"] = never;
    folder.write("client-ca.pem", clients.certificate());
    serve_identity_of(server_authority);
    config["apiConfig"] =
        "{host: 127.0.0.1, port: 0, useHTTPS: true, certFile: " + folder.file("tls.crt") +
        ", keyFile: " + folder.file("tls.key") + ", clientCAFile: " + folder.file("client-ca.pem") +
        "}";
  }

  void serve_identity_of(const TestAuthority& authority) const {
    const TestIdentity identity = authority.issue("IP:127.0.0.1");
    folder.write("tls.crt", identity.certificate);
    folder.write("tls.key", identity.key);
  }

  /// The arguments by which curl trusts a server of this authority.
  std::vector<std::string> trusting(const TestAuthority& authority) const {
    return {"--cacert", folder.write("trusted.pem", authority.certificate())};
  }

  std::vector<std::string> as_client_of(const TestAuthority& authority) const {
    const TestIdentity identity = authority.issue("DNS:client");
    auto result = trusting(server_authority);
    result.insert(result.end(), {"--cert", folder.write("client.crt", identity.certificate),
                                 "--key", folder.write("client.key", identity.key)});
    return result;
  }

  Daemon start_https() {
    return Daemon({}, {{"configPath", write_config()}, {"KUBECONFIG", write_kubeconfig()}},
                  {.ca_file = folder.write("daemon-ca.pem", server_authority.certificate())});
  }

  TestAuthority clients;
  TestAuthority server_authority;
};

}  // namespace

TEST_CASE("API access: with a token file, who has no token reaches the probes only",
          "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["logVerbosity"] = "4";
  setup.config["apiConfig"] =
      "{host: 127.0.0.1, port: 0, tokenFile: " + setup.folder.write("tokens", "secret-one\n") + "}";
  Daemon daemon = setup.start();

  const Answer anonymous = curl({"--request", "POST"}, url_of(daemon, "/api/v1/evaluation"));
  CHECK(anonymous.status == 401);
  CHECK(anonymous.challenge == "Bearer");
  CHECK(anonymous.body ==
        R"({"message":"Authentication is needed: send 'Authorization: Bearer TOKEN', a token of )"
        R"(apiConfig.tokenFile","code":401})");
  CHECK(curl(bearer("secret-two"), url_of(daemon, "/api/v1/metrics")).status == 401);
  CHECK(curl({}, url_of(daemon, "/api/v1/decisions")).status == 401);
  CHECK(curl({}, url_of(daemon, "/healthz")).status == 200);
  CHECK(curl({}, url_of(daemon, "/readyz")).status == 200);
  CHECK(setup.replicas() == 1);

  auto post = bearer("secret-one");
  post.insert(post.end(), {"--request", "POST"});
  CHECK(curl(post, url_of(daemon, "/api/v1/evaluation")).body == R"({"targetReplicas":3})");
  CHECK(setup.replicas() == 3);
  CHECK(daemon.stop() == 0);
  CHECK(daemon.log().find("secret-") == std::string::npos);
}

TEST_CASE("API access: a token that is replaced in its file is replaced in the daemon",
          "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  const std::string file = setup.folder.write("tokens", "old\n");
  setup.config["apiConfig"] = "{host: 127.0.0.1, port: 0, tokenFile: " + file + "}";
  Daemon daemon = setup.start();
  const auto status = [&](const std::string& token) {
    return curl(bearer(token), url_of(daemon, "/api/v1/decisions")).status;
  };
  REQUIRE(status("old") == 200);

  setup.folder.write("tokens", "old\nnew\n");
  CHECK(soon([&] { return status("new") == 200; }));
  CHECK(status("old") == 200);
  setup.folder.write("tokens", "new\n");
  CHECK(soon([&] { return status("old") == 401; }));
  CHECK(status("new") == 200);

  setup.folder.write("tokens", "\n");
  const std::string warning = "the token file " + file + " cannot be used: it is empty";
  CHECK(soon([&] {
    CHECK(status("new") == 200);
    return daemon.log().find(warning) != std::string::npos;
  }));
  CHECK(status("new") == 200);
}

TEST_CASE("API access: a token file that cannot be read ends the daemon with 2", "[end_to_end]") {
  Setup setup;
  setup.config["apiConfig"] =
      "{host: 127.0.0.1, port: 0, tokenFile: " + setup.folder.file("missing") + "}";
  Daemon daemon = setup.start();

  CHECK(daemon.program().wait() == 2);
  CHECK_THAT(daemon.log(), Catch::Contains("Fail to start: the token file cannot be used: open " +
                                           setup.folder.file("missing") + ": "));
}

TEST_CASE("API access: reads, dry runs and real runs are allowed separately", "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["apiConfig"] = "{host: 127.0.0.1, port: 0, allow: {runs: nobody}}";
  Daemon daemon = setup.start();

  CHECK(daemon.get("/api/v1/decisions").status == 200);
  CHECK(daemon.get("/api/v1/metrics").status == 200);
  CHECK(daemon.post("/api/v1/evaluation?dry_run=true").status == 200);
  const HttpResponse denied = daemon.post("/api/v1/evaluation");
  CHECK(denied.status == 403);
  CHECK(denied.body ==
        R"({"message":"Not allowed for anybody: apiConfig.allow.runs is nobody","code":403})");
  CHECK(setup.replicas() == 1);
}

TEST_CASE("API access: a client certificate of the right authority opens the API", "[end_to_end]") {
  HttpsSetup setup;
  Daemon daemon = setup.start_https();
  const std::string metrics = url_of(daemon, "/api/v1/metrics", "https");
  const auto anonymous = setup.trusting(setup.server_authority);

  CHECK(curl(setup.as_client_of(setup.clients), metrics).status == 200);
  const Answer refused = curl(anonymous, metrics);
  CHECK(refused.status == 401);
  CHECK_THAT(refused.body, Catch::Contains("connect with a client certificate"));
  CHECK(curl(anonymous, url_of(daemon, "/healthz", "https")).status == 200);
  CHECK(curl(setup.as_client_of(TestAuthority()), metrics).status == 0);
  CHECK(curl(setup.as_client_of(TestAuthority()), url_of(daemon, "/healthz", "https")).status == 0);
  CHECK(daemon.stop() == 0);
}

TEST_CASE("API access: a certificate that is replaced is served, a bad one is not",
          "[end_to_end]") {
  HttpsSetup setup;
  Daemon daemon = setup.start_https();
  const std::string healthz = url_of(daemon, "/healthz", "https");
  const TestAuthority next;
  REQUIRE(curl(setup.trusting(setup.server_authority), healthz).status == 200);

  setup.serve_identity_of(next);
  CHECK(soon([&] { return curl(setup.trusting(next), healthz).status == 200; }));
  CHECK(curl(setup.trusting(setup.server_authority), healthz).status == 0);
  CHECK(daemon.logs("The certificate files have changed; " + setup.folder.file("tls.crt")));

  setup.folder.write("tls.key", "half a ke");
  CHECK(soon([&] {
    CHECK(curl(setup.trusting(next), healthz).status == 200);
    return daemon.log().find(
               "cannot be used; serving what they held before: read the private "
               "key " +
               setup.folder.file("tls.key")) != std::string::npos;
  }));
  CHECK(curl(setup.trusting(next), healthz).status == 200);
  CHECK(daemon.stop() == 0);
}

TEST_CASE("API access: many cycles at a time wait their turn, loop and probes go on",
          "[end_to_end]") {
  Setup setup;
  setup.config["apiConfig"] = "{host: 127.0.0.1, port: 0, maxConcurrentCycles: 1}";
  setup.config["metric"] = setup.shell(R"sh(case "$(cat)" in *'"runType":"api"'*) )sh" +
                                       setup.waiting("metric", ":") + ";; esac; echo 7");
  Daemon daemon = setup.start();
  const std::uint16_t port = daemon.api_port();
  const auto ask = [&](const std::string& request) {
    auto client = std::make_unique<RawHttpClient>(port);
    client->send(request + " HTTP/1.1\r\nHost: a\r\n\r\n");
    return client;
  };
  std::vector<std::unique_ptr<RawHttpClient>> callers;
  callers.push_back(ask("GET /api/v1/metrics"));
  REQUIRE(setup.has_begun("metric"));
  for (int i = 1; i < 64; ++i) {
    callers.push_back(ask(i % 2 == 0 ? "GET /api/v1/metrics" : "POST /api/v1/evaluation"));
  }

  CHECK(daemon.get("/healthz").status == 200);
  const auto so_far = decisions(daemon).size();
  CHECK(has_decided(daemon, so_far + 2));
  CHECK(setup.replicas() == 3);

  setup.let_go("metric");
  for (const auto& caller : callers) {
    CHECK_THAT(caller->read_answer(), Catch::StartsWith("HTTP/1.1 200 OK"));
  }
}

TEST_CASE("API access: only a full queue of cycles turns callers away, a stop tells who waits",
          "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["apiConfig"] = "{host: 127.0.0.1, port: 0, maxConcurrentCycles: 1}";
  setup.config["metric"] = setup.shell(setup.waiting("metric", "echo 7"));
  Daemon daemon = setup.start();
  const std::string request = "POST /api/v1/evaluation HTTP/1.1\r\nHost: a\r\n\r\n";
  constexpr std::size_t longest_queue = 128;
  std::vector<std::unique_ptr<RawHttpClient>> callers;
  const auto call = [&]() -> RawHttpClient& {
    callers.push_back(std::make_unique<RawHttpClient>(daemon.api_port()));
    callers.back()->send(request);
    return *callers.back();
  };
  call();
  REQUIRE(setup.has_begun("metric"));
  for (std::size_t i = 0; i < longest_queue; ++i) call();
  daemon.get("/healthz");

  const std::string excess = call().read_answer();
  CHECK_THAT(excess, Catch::StartsWith("HTTP/1.1 429 "));
  CHECK_THAT(excess, Catch::Contains("Retry-After: 1\r\n"));
  CHECK_THAT(excess, Catch::Contains("apiConfig.maxConcurrentCycles"));
  CHECK(daemon.get("/healthz").status == 200);
  CHECK(daemon.get("/readyz").status == 200);

  daemon.program().signal(SIGTERM);
  CHECK_THAT(callers.at(1)->read_answer(), Catch::StartsWith("HTTP/1.1 503 "));
  CHECK_THAT(callers.at(longest_queue)->read_answer(),
             Catch::Contains("cpab is stopping, and has not begun with this"));
  setup.let_go("metric");
  CHECK(daemon.program().wait() == 0);
}

TEST_CASE("API access: what a browser sends from elsewhere does nothing, whatever else may",
          "[end_to_end]") {
  const auto [headers, status] = GENERATE(table<std::string, int>({
      {"Host: 127.0.0.1:PORT\r\nOrigin: null", 403},
      {"Host: 127.0.0.1:PORT\r\nOrigin: http://evil.example", 403},
      {"Host: 127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:1", 403},
      {"Host: 127.0.0.1:PORT\r\nReferer: http://evil.example/page", 403},
      {"Host: 127.0.0.1:PORT\r\nSec-Fetch-Site: cross-site", 403},
      {"Host: 127.0.0.1:PORT\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)", 403},
      {"Host: evil.example:PORT\r\nOrigin: http://evil.example:PORT", 403},
      {"Host: evil.example:PORT\r\nSec-Fetch-Site: same-origin", 403},
      {"Host: 127.0.0.1:PORT\r\nOrigin: http://127.0.0.1:PORT", 200},
      {"Host: listed.example\r\nOrigin: https://listed.example", 200},
      {"Host: evil.example:PORT\r\nUser-Agent: curl/7.88.1", 200},
      {"Host: x", 200},
  }));
  CAPTURE(headers);
  Setup setup;
  setup.config["interval"] = never;
  setup.config["apiConfig"] = "{host: 127.0.0.1, port: 0, allowedHosts: [listed.example]}";
  Daemon daemon = setup.start();
  const std::string port = std::to_string(daemon.api_port());
  std::string sent = headers;
  for (auto at = sent.find("PORT"); at != sent.npos; at = sent.find("PORT"))
    sent.replace(at, 4, port);
  const auto ask = [&](const std::string& line, const std::string& body = "") {
    RawHttpClient client(daemon.api_port());
    client.send(line + " HTTP/1.1\r\n" + sent +
                "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    return std::stoi(client.read_answer().substr(9, 3));
  };

  CHECK(ask("POST /api/v1/evaluation") == status);
  CHECK(setup.replicas() == (status == 200 ? 3 : 1));
  CHECK(ask("GET /api/v1/metrics") == status);
  CHECK(ask("PUT /api/v1/mode", R"({"mode":"shadow"})") == status);
  CHECK(ask("PUT /api/v1/override", R"({"replicas":2,"until":"2999-01-01T00:00:00Z"})") == status);
  CHECK(member(daemon.get("/api/v1/override").body, "override").is_null() == (status == 403));
  CHECK(ask("DELETE /api/v1/override") == status);
  CHECK(ask("GET /healthz") == 200);
}

TEST_CASE("API access: the log says once that the API is open, when it is", "[end_to_end]") {
  const auto [api, open] = GENERATE(table<std::string, bool>({
      {"{host: 0.0.0.0, port: 0}", true},
      {"{host: 0.0.0.0, port: 0, allow: {runs: nobody}}", false},
      {"{host: 127.0.0.1, port: 0}", false},
  }));
  CAPTURE(api);
  Setup setup;
  setup.config["apiConfig"] = api;
  Daemon daemon = setup.start();
  CHECK(setup.reaches(3));
  const std::string port = std::to_string(daemon.api_port());
  CHECK(daemon.stop() == 0);

  const std::string said = "WARN  The API is open: anyone who reaches 0.0.0.0:" + port +
                           " can run the scripts and scale; set apiConfig.tokenFile, or "
                           "apiConfig.allow.runs to nobody, or apiConfig.host to 127.0.0.1\n";
  const auto at = daemon.log().find(said);
  CHECK((at != std::string::npos) == open);
  CHECK(daemon.log().find("is open", at == std::string::npos ? 0 : at + said.size()) ==
        std::string::npos);
}
