#include <catch2/catch.hpp>

#include "cpab/io/curl_http_client.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/raw_http_server.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_processes.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr char local_names[] = "DNS:localhost,IP:127.0.0.1";

RawHttpServer::Serve echo() {
  return RawHttpServer::answering(
      [](const std::string& request) { return raw_answer(200, request); });
}

struct Fixture {
  SystemClock clock;
  TestAuthority authority;
  TemporaryDirectory directory;

  static HttpRequest get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.budget.deadline = std::chrono::steady_clock::now() + 10s;
    return request;
  }

  HttpClientOptions trusting(const TestAuthority& trusted) const {
    HttpClientOptions options;
    options.tls.ca_data = trusted.certificate();
    return options;
  }

  // The answer's status, or why there is none.
  std::string ask(const HttpClientOptions& options, const std::string& url) const {
    CurlHttpClient client(options, clock);
    return ask(client, url);
  }

  static std::string ask(CurlHttpClient& client, const std::string& url) {
    try {
      return std::to_string(client.send(get(url)).status);
    } catch (const HttpError& error) {
      return (error.failure == HttpFailure::tls ? "tls: " : "other: ") + std::string(error.what());
    }
  }
};

bool is_refused(const std::string& outcome) {
  return outcome.starts_with("tls: tls: failed to verify certificate: ");
}

}  // namespace

TEST_CASE_METHOD(Fixture, "https client: trusts the given authority and no other",
                 "[io][contract-38]") {
  const RawHttpServer server(echo(), RawTls{authority.issue(local_names), ""});
  const TestAuthority stranger;

  CHECK(ask(trusting(authority), server.url()) == "200");
  CHECK(is_refused(ask(trusting(stranger), server.url())));
  CHECK(is_refused(ask({}, server.url())));
}

TEST_CASE_METHOD(Fixture, "https client: wrong names and expired certificates are refused",
                 "[io]") {
  const RawHttpServer other_name(echo(), RawTls{authority.issue("DNS:elsewhere.example"), ""});
  const RawHttpServer expired(echo(), RawTls{authority.issue(local_names, -60), ""});

  CHECK(is_refused(ask(trusting(authority), other_name.url())));
  CHECK(is_refused(ask(trusting(authority), expired.url())));
  HttpClientOptions insecure;
  insecure.tls.insecure_skip_verify = true;
  CHECK(ask(insecure, expired.url()) == "200");
}

TEST_CASE_METHOD(Fixture, "https client: a server name replaces the host in the check only",
                 "[io]") {
  const RawHttpServer server(echo(), RawTls{authority.issue("DNS:elsewhere.example"), ""});
  HttpClientOptions options = trusting(authority);
  options.tls.server_name = "elsewhere.example";
  CurlHttpClient client(options, clock);

  const std::string expected = "GET /x HTTP/1.1\r\nHost: " + server.host() + "\r\n";
  CHECK(client.send(get(server.url("/x"))).body.starts_with(expected));
  CHECK(client.send(get(server.url("/x"))).body.starts_with(expected));
  CHECK(server.connections() == 1);
  options.follow_redirects = true;
  CHECK_THROWS_AS(CurlHttpClient(options, clock), std::invalid_argument);
}

TEST_CASE_METHOD(Fixture, "https client: shows its certificate to servers that demand one",
                 "[io][contract-39]") {
  const RawHttpServer server(echo(), RawTls{authority.issue(local_names), authority.certificate()});
  const TestIdentity identity = authority.issue("");
  HttpClientOptions options = trusting(authority);
  CHECK(ask(options, server.url()) != "200");

  options.tls.client_cert_file = directory.write("cert.pem", identity.certificate);
  options.tls.client_key_file = directory.write("key.pem", identity.key);

  CHECK(ask(options, server.url()) == "200");
}

TEST_CASE_METHOD(Fixture, "https client: two hundred calls use one connection",
                 "[io][contract-39]") {
  const RawHttpServer server(echo(), RawTls{authority.issue(local_names), ""});
  HttpClientOptions options;
  options.tls.ca_file = directory.write("ca.pem", authority.certificate());
  CurlHttpClient client(options, clock);
  REQUIRE(ask(client, server.url()) == "200");
  const int before = open_descriptors();

  for (int i = 0; i < 200; ++i) client.send(get(server.url()));

  CHECK(open_descriptors() == before);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "https client: unusable files are named",
                 "[io][contract-38][contract-39]") {
  const RawHttpServer server(echo(), RawTls{authority.issue(local_names), ""});
  const TestIdentity identity = authority.issue("");
  const TestIdentity other = authority.issue("");
  const std::string text = directory.write("text", "no PEM\n");
  const std::string certificate = directory.write("cert.pem", identity.certificate);
  const std::string other_key = directory.write("other.pem", other.key);
  const auto outcome = [&](auto change) {
    HttpClientOptions options;
    change(options.tls);
    return ask(options, server.url());
  };

  CHECK(outcome([](TlsConfig& tls) { tls.ca_file = "/nonexistent.pem"; }) ==
        "tls: open /nonexistent.pem: no such file or directory");
  CHECK(outcome([](TlsConfig& tls) { tls.ca_file = ""; }) ==
        "tls: open : no such file or directory");
  CHECK(outcome([&](TlsConfig& tls) { tls.ca_file = text; }) ==
        "tls: failed to populate CA root pool for HTTP execute: no certificate (PEM) in " + text);
  CHECK(outcome([&](TlsConfig& tls) {
          tls.client_cert_file = certificate;
          tls.client_key_file = other_key;
        }) == "tls: tls: private key does not match public key: " + other_key +
                  " does not belong to " + certificate);
  CHECK(outcome([&](TlsConfig& tls) {
          tls.client_cert_file = certificate;
          tls.client_key_file = certificate;
        }) == "tls: tls: found a certificate rather than a key in the PEM for the private key: " +
                  certificate);
  CHECK(outcome([&](TlsConfig& tls) {
          tls.client_cert_file = text;
          tls.client_key_file = other_key;
        }) ==
        "tls: tls: failed to find any PEM data in certificate input: no certificate in " + text);
  CHECK(outcome([&](TlsConfig& tls) {
          tls.client_cert_file = certificate;
          tls.client_key_file = text;
        }) == "tls: tls: failed to find any PEM data in key input: no unencrypted private key in " +
                  text);
  CHECK(outcome([&](TlsConfig& tls) { tls.client_cert_file = certificate; }) ==
        "tls: tls: a client certificate needs its private key, and back");
}

TEST_CASE_METHOD(Fixture, "https client: a changed file is read again", "[io]") {
  const RawHttpServer server(echo(), RawTls{authority.issue(local_names), ""});
  const TestAuthority stranger;
  HttpClientOptions options;
  options.tls.ca_file = directory.write("ca.pem", stranger.certificate());
  CurlHttpClient client(options, clock);
  REQUIRE(is_refused(ask(client, server.url())));

  directory.write("ca.pem", authority.certificate() + "\n");

  CHECK(ask(client, server.url()) == "200");
  CHECK(ask(client, server.url()) == "200");
  CHECK(server.connections() == 2);

  directory.write("ca.pem", stranger.certificate() + "\n\n");
  CHECK(is_refused(ask(client, server.url())));
}
