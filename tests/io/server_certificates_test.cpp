#include "cpab/io/server_certificates.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "cpab/io/file.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_certificates.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// The files of a server that asks its clients for certificates.
struct Files {
  Files() {
    write(authority.issue("IP:127.0.0.1"));
    directory.write("ca.pem", authority.certificate());
  }
  void write(const TestIdentity& identity) const {
    directory.write("tls.crt", identity.certificate);
    directory.write("tls.key", identity.key);
  }
  ServerTls tls() const {
    return {directory.file("tls.crt"), directory.file("tls.key"), directory.file("ca.pem")};
  }

  TestAuthority authority;
  TemporaryDirectory directory;
};

}  // namespace

TEST_CASE("server certificates: files that change are taken within a second", "[io]") {
  const CapturedLog log;
  const Files files;
  ServerCertificates certificates(files.tls());
  TimePoint now{};
  const auto first = certificates.current(now);

  files.write(files.authority.issue("IP:127.0.0.1"));
  CHECK(certificates.current(now + 999ms) == first);
  const auto second = certificates.current(now += 1s);
  CHECK(second != first);
  CHECK(certificates.current(now += 1s) == second);
  files.directory.write("ca.pem", TestAuthority().certificate());
  CHECK(certificates.current(now += 1s) != second);

  const std::string said = "INFO  The certificate files have changed; " + files.tls().cert_file +
                           " is served from now on";
  CHECK(log.messages() == std::vector<std::string>{said, said});
}

TEST_CASE("server certificates: files that cannot be used change nothing, with one warning each",
          "[io]") {
  const CapturedLog log;
  const Files files;
  const ServerTls tls = files.tls();
  const TestIdentity next = files.authority.issue("IP:127.0.0.1");
  ServerCertificates certificates(tls);
  TimePoint now{};
  const auto first = certificates.current(now);
  const auto stays = [&] {
    CHECK(certificates.current(now += 1s) == first);
    CHECK(certificates.current(now += 1s) == first);
  };

  files.directory.write("tls.crt", next.certificate);  // the old key is still there
  stays();
  files.directory.write("tls.key", next.key.substr(0, next.key.size() / 2));
  stays();
  std::filesystem::remove(tls.key_file);
  stays();
  files.directory.write("ca.pem", "");
  stays();
  files.directory.write("ca.pem", files.authority.certificate());
  files.directory.write("tls.key", next.key);
  CHECK(certificates.current(now += 1s) != first);

  const auto said = log.messages();
  const std::string warning =
      "WARN  The certificate files have changed and cannot be used; serving what they held "
      "before: ";
  REQUIRE(said.size() == 5);
  CHECK_THAT(said[0], Catch::StartsWith(warning + "read the private key " + tls.key_file + ": "));
  CHECK_THAT(said[1], Catch::StartsWith(warning + "read the private key " + tls.key_file + ": "));
  CHECK(said[2] ==
        warning + "the private key: open " + tls.key_file + ": no such file or directory");
  CHECK(said[3] ==
        warning + "the private key: open " + tls.key_file + ": no such file or directory");
  CHECK(said[4] ==
        "INFO  The certificate files have changed; " + tls.cert_file + " is served from now on");
}

TEST_CASE("server certificates: a CA that cannot be used is refused at the start", "[io]") {
  const Files files;
  files.directory.write("ca.pem", "no PEM");
  CHECK_THROWS_WITH(
      ServerCertificates(files.tls()),
      Catch::StartsWith("read the CA of the clients " + files.tls().client_ca_file + ": "));
}

TEST_CASE("server certificates: what is no regular file is refused, and not waited for", "[io]") {
  const Files files;
  const auto refused = [&](const std::string& name) {
    const std::string path = files.directory.file(name);
    const std::string good = read_file(path);
    std::filesystem::remove(path);
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK_THROWS_WITH(ServerCertificates(files.tls()),
                      Catch::EndsWith(": read " + path +
                                      ": a pipe; a file of certificates or a key has to be a "
                                      "regular file"));
    std::filesystem::remove(path);
    files.directory.write(name, good);
  };
  refused("tls.crt");
  refused("tls.key");
  refused("ca.pem");
  CHECK_NOTHROW(ServerCertificates(files.tls()));
}

TEST_CASE("server certificates: tell when the one in use expires", "[io]") {
  const CapturedLog log;
  const Files files;
  const WallTime before = SystemClock().wall_now();
  ServerCertificates certificates(files.tls());
  const WallTime first = certificates.expiry();
  CHECK(first >= std::chrono::floor<std::chrono::seconds>(before) + 1h);
  CHECK(first <= SystemClock().wall_now() + 1h);

  files.write(files.authority.issue("IP:127.0.0.1", 7200));
  certificates.current(TimePoint{} + 1s);
  CHECK(certificates.expiry() >= first + 59min);

  files.directory.write("tls.crt", "broken");
  const WallTime second = certificates.expiry();
  certificates.current(TimePoint{} + 2s);
  CHECK(certificates.expiry() == second);
}

TEST_CASE("server certificates: one that has expired is served with a warning", "[io]") {
  const CapturedLog log;
  const Files files;
  files.write(files.authority.issue("IP:127.0.0.1", -60));

  ServerCertificates certificates(files.tls());

  CHECK(log.messages() ==
        std::vector<std::string>{"WARN  The certificate " + files.tls().cert_file +
                                 " has expired; clients will refuse it"});
}
