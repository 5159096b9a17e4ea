#include "cpab/api/access.h"

#include <catch2/catch.hpp>

#include "cpab/io/manual_clock.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;

namespace {

ServerRequest with_authorization(const std::string& value) {
  ServerRequest request;
  request.headers = {{"authorization", value}};
  return request;
}

ServerRequest with_certificate() {
  ServerRequest request;
  request.client_verified = true;
  return request;
}

int status(const Access& access, Purpose purpose, const ServerRequest& request = {}) {
  const auto denial = access.denial(purpose, request);
  return denial ? denial->status : 200;
}

/// Of an anonymous caller: for health, reading, dry run, and run.
std::vector<int> statuses(const Access& access, const ServerRequest& request = {}) {
  return {status(access, Purpose::health, request), status(access, Purpose::read, request),
          status(access, Purpose::dry_run, request), status(access, Purpose::run, request)};
}

struct AccessFixture {
  AccessFixture() { config.token_file = directory.write("tokens", "first\nsecond\n"); }
  Access access() { return Access(config, clock); }

  TemporaryDirectory directory;
  ManualClock clock;
  ApiConfig config;
};

}  // namespace

TEST_CASE("access: without any authentication everything is open, unless said otherwise", "[api]") {
  ManualClock clock;
  ApiConfig config;
  CHECK(statuses(Access(config, clock)) == std::vector<int>{200, 200, 200, 200});

  config.allow.runs = Callers::nobody;
  config.allow.reads = Callers::nobody;
  CHECK(statuses(Access(config, clock)) == std::vector<int>{200, 403, 200, 403});
  CHECK(Access(config, clock).denial(Purpose::run, {}) ==
        AccessDenial{403, "Not allowed for anybody: apiConfig.allow.runs is nobody", ""});
}

TEST_CASE("access: with tokens everything but health needs one, unless said otherwise", "[api]") {
  AccessFixture f;
  const ServerRequest good = with_authorization("Bearer second");
  CHECK(statuses(f.access()) == std::vector<int>{200, 401, 401, 401});
  CHECK(statuses(f.access(), good) == std::vector<int>{200, 200, 200, 200});

  f.config.allow = {.reads = Callers::anyone, .dry_runs = {}, .runs = Callers::nobody};
  CHECK(statuses(f.access()) == std::vector<int>{200, 200, 401, 403});
  CHECK(statuses(f.access(), good) == std::vector<int>{200, 200, 200, 403});
}

TEST_CASE("access: the header is read as HTTP wants it, and no more is taken for a token",
          "[api]") {
  AccessFixture f;
  const Access access = f.access();
  const auto with = [&](const std::string& value) {
    return status(access, Purpose::run, with_authorization(value));
  };

  for (const char* good : {"Bearer first", "bearer second", "BEARER   first"}) {
    CAPTURE(good);
    CHECK(with(good) == 200);
  }
  for (const char* bad :
       {"", "Bearer", "Bearer ", "Bearer\tfirst", "Bearerfirst", "first", "Basic first",
        "Bearer firs", "Bearer first second", "Bearer First", "Bearer first,second"}) {
    CAPTURE(bad);
    CHECK(with(bad) == 401);
  }
}

TEST_CASE("access: a token or a client certificate will do, whichever there is", "[api]") {
  AccessFixture f;
  f.config.client_ca_file = "ca.pem";
  CHECK(status(f.access(), Purpose::run, with_certificate()) == 200);
  CHECK(status(f.access(), Purpose::run, with_authorization("Bearer first")) == 200);
  ServerRequest stale = with_authorization("Bearer stale");
  stale.client_verified = true;
  CHECK(status(f.access(), Purpose::run, stale) == 200);

  f.config.token_file.clear();
  CHECK(statuses(f.access()) == std::vector<int>{200, 401, 401, 401});
  CHECK(status(f.access(), Purpose::run, with_certificate()) == 200);
  CHECK(status(f.access(), Purpose::run, with_authorization("Bearer first")) == 401);
}

TEST_CASE("access: a denial says what would help, and nothing that was shown", "[api]") {
  const std::string token = "send 'Authorization: Bearer TOKEN', a token of apiConfig.tokenFile";
  const std::string certificate =
      "connect with a client certificate that apiConfig.clientCAFile vouches for";
  AccessFixture f;
  const auto denial = [&](const ServerRequest& request) {
    return f.access().denial(Purpose::read, request);
  };

  CHECK(denial({}) == AccessDenial{401, "Authentication is needed: " + token, "Bearer"});
  CHECK(denial(with_authorization("Bearer wrong")) ==
        AccessDenial{401, "The bearer token is none of those in apiConfig.tokenFile",
                     R"(Bearer error="invalid_token")"});
  f.config.client_ca_file = "ca.pem";
  CHECK(denial({}) ==
        AccessDenial{401, "Authentication is needed: " + token + ", or " + certificate, "Bearer"});
  f.config.token_file.clear();
  CHECK(denial({}) == AccessDenial{401, "Authentication is needed: " + certificate, "Bearer"});
}

TEST_CASE("access: tokens that cannot be read are refused at the start", "[api]") {
  ManualClock clock;
  ApiConfig config;
  config.token_file = "/missing/tokens";
  CHECK_THROWS_AS(Access(config, clock), TokenFileError);
}

TEST_CASE("access: web pages of other sites may look at most", "[api]") {
  ManualClock clock;
  const Access access({}, clock);
  const auto from = [](const char* site) {
    ServerRequest request;
    request.headers = {{"Host", "cpab:5000"}, {"sec-fetch-site", site}};
    return request;
  };
  CHECK(statuses(access, from("cross-site")) == std::vector<int>{200, 200, 403, 403});
  CHECK(statuses(access, from("same-site")) == std::vector<int>{200, 200, 403, 403});
  CHECK(statuses(access, from("same-origin")) == std::vector<int>{200, 200, 200, 200});
  CHECK(statuses(access, from("none")) == std::vector<int>{200, 200, 200, 200});
}

TEST_CASE("access: browsers may not even look by a name that is not ours", "[api]") {
  ManualClock clock;
  ApiConfig config;
  const auto by = [](const char* host, const HttpHeaders& more) {
    ServerRequest request;
    request.headers = more;
    request.headers.emplace_back("Host", host);
    return request;
  };
  const HttpHeaders page = {{"Origin", "http://shop.example.com:5000"}};
  const ServerRequest rebound = by("shop.example.com:5000", page);
  CHECK(statuses(Access(config, clock), rebound) == std::vector<int>{200, 403, 403, 403});
  CHECK(Access(config, clock).denial(Purpose::read, rebound) ==
        AccessDenial{403,
                     "A browser asks for 'shop.example.com:5000', which is none of the names that "
                     "count as cpab's own; if it is one, add it to apiConfig.allowedHosts",
                     ""});
  CHECK(statuses(Access(config, clock), by("shop.example.com:5000", {})) ==
        std::vector<int>{200, 200, 200, 200});

  config.allowed_hosts = {"shop.example.com"};
  CHECK(statuses(Access(config, clock), rebound) == std::vector<int>{200, 200, 200, 200});
  config.allowed_hosts.clear();
  config.host = "shop.example.com";
  CHECK(statuses(Access(config, clock), rebound) == std::vector<int>{200, 200, 200, 200});
}

TEST_CASE("access: a browser has to say that it is our own page", "[api]") {
  ManualClock clock;
  const Access access({}, clock);
  ServerRequest request;
  request.headers = {{"Host", "10.0.0.1:5000"}, {"Origin", "http://10.0.0.1:5000"}};
  CHECK(statuses(access, request) == std::vector<int>{200, 200, 200, 200});

  request.headers[1].second = "http://10.0.0.2:5000";
  CHECK(statuses(access, request) == std::vector<int>{200, 200, 403, 403});
  CHECK(access.denial(Purpose::run, request) ==
        AccessDenial{403,
                     "A browser sends this, and does not say that it is for cpab's own page "
                     "(http://10.0.0.2:5000); only that may. Behind a proxy, add the name it has "
                     "for browsers to apiConfig.allowedHosts",
                     ""});
}
