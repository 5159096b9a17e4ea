#include <openssl/ssl.h>

#include <catch2/catch.hpp>
#include <memory>

#include "cpab/io/http_server.h"
#include "tests/fakes/raw_http_client.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_certificates.h"

using namespace cpab;

namespace {

struct FreeTls {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
};

/// A certificate and its key in files.
class TlsFiles {
 public:
  TlsFiles()
      : identity_(TestAuthority().issue("DNS:localhost,IP:127.0.0.1")),
        certificate_(directory_.write("tls.crt", identity_.certificate)),
        key_(directory_.write("tls.key", identity_.key)) {}
  const std::string& certificate() const { return certificate_; }
  const std::string& key() const { return key_; }

 private:
  TemporaryDirectory directory_;
  TestIdentity identity_;
  std::string certificate_;
  std::string key_;
};

std::unique_ptr<HttpServer> serve_tls(const std::string& certificate, const std::string& key) {
  HttpServerOptions options;
  options.tls = ServerTls{certificate, key};
  return start_http_server(options, [](const ServerRequest& request) {
    ServerResponse response;
    response.body = request.target + " " + request.body;
    return response;
  });
}

struct ClientFiles {
  std::string certificate;
  std::string key;
};

/// What a TLS client of at most `version`, with a certificate or without, gets for its requests;
/// empty when there is no handshake.
std::string tls_exchange(const HttpServer& server, const std::string& requests, int version,
                         const ClientFiles& files = {}) {
  const std::unique_ptr<SSL_CTX, FreeTls> context(SSL_CTX_new(TLS_client_method()));
  SSL_CTX_set_security_level(context.get(), 0);  // lets the old versions be tried at all
  SSL_CTX_set_max_proto_version(context.get(), version);
  if (!files.certificate.empty()) {
    SSL_CTX_use_certificate_file(context.get(), files.certificate.c_str(), SSL_FILETYPE_PEM);
    SSL_CTX_use_PrivateKey_file(context.get(), files.key.c_str(), SSL_FILETYPE_PEM);
  }
  const std::unique_ptr<SSL, FreeTls> ssl(SSL_new(context.get()));
  const RawHttpClient client(server.port());
  SSL_set_fd(ssl.get(), client.fd());
  if (SSL_connect(ssl.get()) != 1) return {};
  SSL_write(ssl.get(), requests.data(), static_cast<int>(requests.size()));
  std::string answer;
  char piece[4096];
  for (int count = 0; (count = SSL_read(ssl.get(), piece, sizeof piece)) > 0;) {
    answer.append(piece, static_cast<std::size_t>(count));
  }
  return answer;
}

}  // namespace

TEST_CASE("http server: TLS 1.2 and 1.3 are served, older versions not", "[io]") {
  const TlsFiles files;
  const auto server = serve_tls(files.certificate(), files.key());
  const std::string requests = "POST /one HTTP/1.1\r\nHost: x\r\nContent-Length: 50000\r\n\r\n" +
                               std::string(50'000, 'a') +
                               "GET /two HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto answer = tls_exchange(*server, requests, version);
    CHECK(answer.find("\r\n\r\n/one " + std::string(50'000, 'a') + "HTTP/1.1 200 OK") !=
          answer.npos);
    CHECK(answer.substr(answer.size() - 5) == "/two ");
  }
  CHECK(tls_exchange(*server, requests, TLS1_1_VERSION) == "");
}

TEST_CASE("http server: plain HTTP on the TLS port is told so", "[io]") {
  const TlsFiles files;
  const auto server = serve_tls(files.certificate(), files.key());
  RawHttpClient client(server->port());

  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");

  CHECK(client.read_all() ==
        "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n");
}

TEST_CASE("http server: certificate files that cannot be used are named", "[io]") {
  const TlsFiles files;
  const TlsFiles other;
  const auto missing = files.certificate() + ".missing";
  const TemporaryDirectory directory;
  const auto garbage = directory.write("garbage", "no PEM");

  CHECK_THROWS_WITH(serve_tls(missing, files.key()),
                    "the certificate: open " + missing + ": no such file or directory");
  CHECK_THROWS_WITH(serve_tls(garbage, files.key()),
                    Catch::StartsWith("read the certificate " + garbage + ": "));
  CHECK_THROWS_WITH(serve_tls(files.certificate(), missing),
                    "the private key: open " + missing + ": no such file or directory");
  CHECK_THROWS_WITH(serve_tls(files.certificate(), other.key()), Catch::Contains(other.key()));
}

TEST_CASE("http server: client certificates are asked for, not insisted on, and verified", "[io]") {
  const TlsFiles files;
  const TemporaryDirectory directory;
  const TestAuthority authority;
  const auto write_identity = [&](const std::string& name, const TestIdentity& identity) {
    return ClientFiles{directory.write(name + ".crt", identity.certificate),
                       directory.write(name + ".key", identity.key)};
  };
  const ClientFiles ours = write_identity("ours", authority.issue("DNS:client"));
  const ClientFiles expired = write_identity("expired", authority.issue("DNS:client", -60));
  const ClientFiles foreign = write_identity("foreign", TestAuthority().issue("DNS:client"));
  HttpServerOptions options;
  options.tls = ServerTls{files.certificate(), files.key(),
                          directory.write("ca.pem", authority.certificate())};
  const auto server = start_http_server(options, [](const ServerRequest& request) {
    ServerResponse response;
    response.body = request.client_verified ? "verified" : "anonymous";
    return response;
  });

  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto body = [&](const ClientFiles& client) {
      const auto answer = tls_exchange(
          *server, "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", version, client);
      return answer.substr(std::min(answer.size(), answer.find("\r\n\r\n")));
    };
    CHECK(body(ours) == "\r\n\r\nverified");
    CHECK(body({}) == "\r\n\r\nanonymous");
    CHECK(body(expired) == "");
    CHECK(body(foreign) == "");
  }
}
