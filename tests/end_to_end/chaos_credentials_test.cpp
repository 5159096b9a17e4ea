#include <catch2/catch.hpp>
#include <filesystem>

#include "cpab/io/file.h"
#include "tests/end_to_end/chaos.h"
#include "tests/end_to_end/tls_files.h"

// What the daemon knows the API server by, and is known by, changes under way.

using namespace cpab;

namespace {

/// The API server speaks TLS and asks for a token; CA and token are read from files.
struct SecureChaos : Chaos {
  explicit SecureChaos(const TlsFiles& tls) : Chaos({.tls = tls.server(), .token = "first"}) {
    folder.write("token", "first\n");
    folder.write("ca.pem", read_file(tls.ca_file()));
    kubeconfig_cluster =
        "{server: '" + proxied_url() + "', certificate-authority: " + folder.file("ca.pem") + "}";
    kubeconfig_user = "{tokenFile: " + folder.file("token") + "}";
  }
};

}  // namespace

TEST_CASE("chaos: a token that is replaced before the old one ends", "[end_to_end][chaos]") {
  const TlsFiles tls;
  SecureChaos chaos(tls);
  Daemon daemon = chaos.start();
  chaos.settle(daemon);

  chaos.folder.write("token", "second\n");
  chaos.server.set_token("second");
  chaos.wants(5);

  CHECK(chaos.reaches(5));
  REQUIRE(soon([&] { return scalings(daemon).size() == 2; }));
  for (const auto& record : decisions(daemon)) CHECK(record.at("action") != "failed");
  CHECK(chaos.changes() == 2);
}

TEST_CASE("chaos: a token that is refused before the new one is there", "[end_to_end][chaos]") {
  const TlsFiles tls;
  SecureChaos chaos(tls);
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  check_survives(
      chaos, daemon, {"target", "Unauthorized"}, [&] { chaos.server.set_token("second"); },
      [&] { chaos.folder.write("token", "second\n"); });
}

TEST_CASE("chaos: a token file that is gone while the token is refused", "[end_to_end][chaos]") {
  const TlsFiles tls;
  SecureChaos chaos(tls);
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  check_survives(
      chaos, daemon, {"target", "Unauthorized"},
      [&] {
        std::filesystem::remove(chaos.folder.file("token"));
        chaos.server.set_token("second");
      },
      [&] { chaos.folder.write("token", "second\n"); });
}

TEST_CASE("chaos: an API server with a new certificate from a new CA", "[end_to_end][chaos]") {
  const TlsFiles tls;
  const TlsFiles new_tls;
  SecureChaos chaos(tls);
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  SimulatedApiServer successor(chaos.cluster, {.tls = new_tls.server(), .token = "first"});
  check_survives(
      chaos, daemon, {"target", "failed to verify certificate"},
      [&] {
        chaos.proxy.forward_to(successor.port());
        chaos.proxy.refuse();
        chaos.proxy.heal();
      },
      [&] { chaos.folder.write("ca.pem", read_file(new_tls.ca_file())); });
  CHECK(daemon.stop() == 0);
}

TEST_CASE("chaos: a CA file that is gone for a while", "[end_to_end][chaos]") {
  const TlsFiles tls;
  SecureChaos chaos(tls);
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const std::string ca_file = chaos.folder.file("ca.pem");
  check_survives(
      chaos, daemon, {"target", "open " + ca_file + ": no such file or directory"},
      [&] { std::filesystem::remove(ca_file); },
      [&] { chaos.folder.write("ca.pem", read_file(tls.ca_file())); });
}

TEST_CASE("chaos: a CA file with something else in it for a while", "[end_to_end][chaos]") {
  const TlsFiles tls;
  SecureChaos chaos(tls);
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const std::string ca_file = chaos.folder.file("ca.pem");
  check_survives(
      chaos, daemon, {"target", "no certificate (PEM) in " + ca_file},
      [&] { chaos.folder.write("ca.pem", "not a certificate"); },
      [&] { chaos.folder.write("ca.pem", read_file(tls.ca_file())); });
}
