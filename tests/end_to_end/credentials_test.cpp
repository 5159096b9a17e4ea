#include <catch2/catch.hpp>

#include "cpab/io/file.h"
#include "tests/end_to_end/setup.h"
#include "tests/end_to_end/tls_files.h"

using namespace cpab;

namespace {

/// A Setup whose API server speaks TLS and lets in who has the token `first-token`.
struct SecureSetup : Setup {
  explicit SecureSetup(const TlsFiles& tls) : Setup({.tls = tls.server(), .token = "first-token"}) {
    kubeconfig_cluster =
        "{server: '" + server.url() + "', certificate-authority: " + tls.ca_file() + "}";
    kubeconfig_user = "{token: first-token}";
  }
};

}  // namespace

TEST_CASE("credentials: an API server is spoken to over TLS with its CA and a bearer token",
          "[end_to_end]") {
  const TlsFiles tls;
  SecureSetup setup(tls);

  SECTION("named by KUBECONFIG") {}
  SECTION("named by --kubeconfig and --context") {
    setup.variables["KUBECONFIG"] = "/nonexistent";
    setup.arguments = {"run", "--kubeconfig", setup.write_kubeconfig(), "--context", "test"};
  }
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  CHECK(daemon.stop() == 0);
  CHECK(daemon.log().find("first-token") == std::string::npos);
}

TEST_CASE("credentials: in a pod those of its service account are used", "[end_to_end]") {
  if (run_program({"unshare", "--mount", "mount", "-t", "tmpfs", "none", "/run"}).exit_code != 0) {
    WARN("skipped: unshare --mount is not permitted here");
    return;
  }
  const TlsFiles tls;
  SecureSetup setup(tls);
  setup.folder.write("token", "first-token\n");
  const std::string account = "/var/run/secrets/kubernetes.io/serviceaccount";
  const std::string in_a_pod = "mount -t tmpfs none /run && mkdir -p " + account + " && cp " +
                               tls.ca_file() + " " + account + "/ca.crt && cp " +
                               setup.folder.file("token") + " " + account + " && exec " CPAB_BINARY;
  const Program daemon({"unshare", "--mount", "sh", "-c", in_a_pod},
                       {{"configPath", setup.write_config()},
                        {"KUBERNETES_SERVICE_HOST", "127.0.0.1"},
                        {"KUBERNETES_SERVICE_PORT", std::to_string(setup.server.port())},
                        {"KUBECONFIG", "/nonexistent"}});

  CHECK(setup.reaches(3));
}

TEST_CASE("credentials: a server that the CA does not vouch for is not spoken to", "[end_to_end]") {
  const TlsFiles tls;
  const TlsFiles somebody_elses;
  SecureSetup setup(tls);
  setup.kubeconfig_cluster = "{server: '" + setup.server.url() +
                             "', certificate-authority: " + somebody_elses.ca_file() + "}";
  Daemon daemon = setup.start();

  CHECK(daemon.logs("Error while autoscaling: failed to get managed resource: "));
  CHECK(setup.server.requests().total() == 0);
}

TEST_CASE("credentials: without its CA file the daemon waits for it", "[end_to_end]") {
  const TlsFiles tls;
  SecureSetup setup(tls);
  const std::string ca_file = setup.folder.file("later.pem");
  setup.kubeconfig_cluster =
      "{server: '" + setup.server.url() + "', certificate-authority: " + ca_file + "}";
  Daemon daemon = setup.start();

  CHECK(daemon.logs("open " + ca_file + ": no such file or directory"));
  setup.folder.write("later.pem", read_file(tls.ca_file()));

  CHECK(setup.reaches(3));
}

TEST_CASE("credentials: insecure-skip-tls-verify is obeyed and warned of", "[end_to_end]") {
  const TlsFiles tls;
  SecureSetup setup(tls);
  setup.kubeconfig_cluster =
      "{server: '" + setup.server.url() + "', insecure-skip-tls-verify: true}";
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  CHECK(daemon.log().find("WARN ") != std::string::npos);
  CHECK(daemon.log().find("insecure-skip-tls-verify") != std::string::npos);
}

TEST_CASE("credentials: a token file that is replaced is read again as soon as it is refused",
          "[end_to_end]") {
  const TlsFiles tls;
  SecureSetup setup(tls);
  setup.folder.write("token", "first-token\n");
  setup.kubeconfig_user = "{tokenFile: " + setup.folder.file("token") + "}";
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));

  setup.folder.write("token", "second-token\n");
  setup.server.set_token("second-token");
  setup.cluster.scale_by_hand(setup.shop, 8);

  CHECK(setup.reaches(3));
  CHECK(daemon.stop() == 0);
  CHECK(daemon.log().find("-token") == std::string::npos);
}

TEST_CASE("credentials: a token that was withdrawn fails cycles until it is back", "[end_to_end]") {
  const TlsFiles tls;
  SecureSetup setup(tls);
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));

  setup.server.set_token("another-token");
  REQUIRE(daemon.logs("Error while autoscaling: failed to get managed resource: Unauthorized"));
  setup.cluster.scale_by_hand(setup.shop, 8);
  setup.server.set_token("first-token");

  CHECK(setup.reaches(3));
}

TEST_CASE("credentials: a kubeconfig that cannot be used ends the daemon before anything starts",
          "[end_to_end]") {
  Setup setup;
  const auto check_refused = [&setup](const std::string& complaint) {
    Daemon daemon = setup.start();
    CHECK(daemon.program().wait() == 2);
    CHECK_THAT(daemon.log(), Catch::Contains(complaint));
    CHECK(daemon.log().find("Starting API") == std::string::npos);
    CHECK(setup.server.requests().total() == 0);
  };
  SECTION("a file that is not there") {
    setup.variables["KUBECONFIG"] = "/nonexistent/kubeconfig";
    check_refused("/nonexistent/kubeconfig");
  }
  SECTION("no file at all") {
    setup.variables["KUBECONFIG"] = "";
    check_refused("KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT must be defined");
  }
  SECTION("not YAML") {
    setup.kubeconfig_cluster = "{server: [}";
    check_refused("not YAML, at line 5");
  }
  SECTION("a context it does not have") {
    setup.arguments = {"--kubeconfig", setup.write_kubeconfig(), "--context", "production"};
    check_refused("no context 'production'; there is: test");
  }
  SECTION("a plugin, which we do not run") {
    setup.kubeconfig_user = "{exec: {command: /bin/true}}";
    check_refused("exec");
  }
  SECTION("a token file that is not there") {
    setup.kubeconfig_user = "{tokenFile: /nonexistent/token}";
    check_refused("/nonexistent/token");
  }
}
