#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <fstream>
#include <regex>
#include <sstream>

#include "tests/fakes/program.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_certificates.h"

using namespace cpab;

namespace {

/// `cpab simulate --serve` on a free port.
class Simulation {
 public:
  explicit Simulation(const std::vector<std::string>& arguments = {})
      : program_(command_line(arguments)) {
    static const std::regex url(R"((https?)://127\.0\.0\.1:(\d+)\n)");
    std::smatch found;
    soon([&] {
      const auto text = program_.out();
      if (text.find("Ctrl-C ends it.") == std::string::npos) return program_.ended();
      std::regex_search(text, found, url);
      scheme_ = found[1];
      port_ = static_cast<std::uint16_t>(std::stoi(found[2]));
      return true;
    });
  }

  std::uint16_t port() const { return port_; }
  std::string url() const { return scheme_ + "://127.0.0.1:" + std::to_string(port_); }
  std::string out() const { return program_.out(); }

  /// The exit code after SIGINT.
  std::optional<int> stop() {
    program_.signal(SIGINT);
    return program_.wait();
  }

  std::string get(const std::string& path, const std::vector<std::string>& curl_options = {}) {
    std::vector<std::string> command{"curl", "--silent", "--insecure", "--max-time", "20"};
    command.insert(command.end(), curl_options.begin(), curl_options.end());
    command.push_back(url() + path);
    return run_program(command).out;
  }

 private:
  static std::vector<std::string> command_line(const std::vector<std::string>& arguments) {
    std::vector<std::string> command{CPAB_BINARY, "simulate", "--serve", "--port", "0"};
    command.insert(command.end(), arguments.begin(), arguments.end());
    return command;
  }

  Program program_;
  std::string scheme_;
  std::uint16_t port_ = 0;
};

Outcome simulate(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {CPAB_BINARY, "simulate"});
  return run_program(arguments);
}

constexpr const char* manifest = R"(
apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: main, image: shop}]}
)";

}  // namespace

TEST_CASE("simulate: serves an empty cluster until it is interrupted", "[app]") {
  Simulation simulation;

  CHECK_THAT(simulation.get("/version"), Catch::Contains("v1.32.0-simulated"));
  CHECK_THAT(simulation.get("/apis/apps/v1/deployments"), Catch::Contains("\"items\":[]"));
  CHECK_THAT(simulation.out(), Catch::Contains("kubectl --server " + simulation.url()));
  CHECK(simulation.stop() == 0);
}

TEST_CASE("simulate: what the manifests say is there from the start", "[app]") {
  const TemporaryDirectory directory;
  const auto first = directory.write("first.yaml", manifest);
  const auto second = directory.write(
      "second.json",
      R"({"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"settings","namespace":"shop"}})");
  Simulation simulation({"--manifest", first, "--manifest", second});

  CHECK_THAT(simulation.get("/apis/apps/v1/namespaces/shop/deployments/web/scale"),
             Catch::Contains(R"("spec":{"replicas":2})"));
  CHECK_THAT(simulation.get("/api/v1/namespaces/shop/configmaps/settings"),
             Catch::Contains(R"("kind":"ConfigMap")"));
}

TEST_CASE("simulate: TLS, a token, and a kubeconfig that knows them", "[app]") {
  const TestAuthority authority;
  const auto identity = authority.issue("IP:127.0.0.1");
  const TemporaryDirectory directory;
  const auto kubeconfig = directory.file("kubeconfig");
  Simulation simulation({"--token", "secret", "--tls-cert",
                         directory.write("crt", identity.certificate), "--tls-key",
                         directory.write("key", identity.key), "--kubeconfig", kubeconfig});

  REQUIRE(simulation.url().starts_with("https://"));
  CHECK_THAT(simulation.get("/api/v1/namespaces"), Catch::Contains("Unauthorized"));
  CHECK_THAT(simulation.get("/api/v1/namespaces", {"-H", "Authorization: Bearer secret"}),
             Catch::Contains("NamespaceList"));
  CHECK_THAT(simulation.out(), !Catch::Contains("secret"));
  struct ::stat status = {};
  REQUIRE(::stat(kubeconfig.c_str(), &status) == 0);
  CHECK((status.st_mode & 0777) == 0600);
  std::ostringstream content;
  content << std::ifstream(kubeconfig).rdbuf();
  CHECK_THAT(content.str(), Catch::Contains("server: \"" + simulation.url() + "\"") &&
                                Catch::Contains("token: \"secret\""));
}

TEST_CASE("simulate: what cannot be done is said", "[app]") {
  const TemporaryDirectory directory;
  Simulation simulation;
  const auto port = std::to_string(simulation.port());
  const auto refused = [&](const std::vector<std::string>& arguments) {
    auto all = arguments;
    all.insert(all.begin(), "--serve");
    if (arguments[0] != "--port") all.insert(all.end(), {"--port", "0"});
    const auto outcome = simulate(all);
    CHECK(outcome.exit_code == 1);
    CHECK(outcome.out.empty());
    return outcome.err;
  };

  CHECK(simulate({}) ==
        Outcome{
            2, "",
            "cpab simulate: give --config and --scenario to replay a scenario, or --serve to serve "
            "a simulated cluster to kubectl and other clients\n"});
  CHECK(simulate({"--serve", "--tls-cert", "x"}) ==
        Outcome{2, "", "cpab simulate: --tls-cert and --tls-key go together; give both or none\n"});
  CHECK_THAT(refused({"--port", port}), Catch::Contains(port));
  CHECK(refused({"--manifest", "/nowhere.yaml"}) ==
        "cpab simulate could not start: apply manifest /nowhere.yaml: open /nowhere.yaml: no such "
        "file or directory\n");
  CHECK_THAT(refused({"--manifest", directory.write("bad.yaml", "a: [b")}),
             Catch::Contains("bad.yaml: not YAML: "));
  CHECK_THAT(refused({"--manifest", directory.write("odd.yaml", "kind: Widget\napiVersion: v9")}),
             Catch::Contains("no matches for kind \"Widget\" in version \"v9\""));
  CHECK_THAT(refused({"--kubeconfig", directory.file("no/such/folder")}),
             Catch::Contains("write kubeconfig "));
}
