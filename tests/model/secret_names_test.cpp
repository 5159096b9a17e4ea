#include "cpab/model/secret_names.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cpab;

TEST_CASE("names_secret: by the words of the name, however they are joined", "[model]") {
  const std::string name = GENERATE(
      as<std::string>{}, "--token", "--api-token", "X-Api-Key", "apikey", "APIKey", "dbPass",
      "AUTH_TOKEN", "password", "PGPASSWORD", "client_secret", "Authorization",
      "Proxy-Authorization", "Cookie", "X-Auth", "X-Session-Id", "aws_access_key_id", "-Dpassword");
  CAPTURE(name);
  CHECK(names_secret(name));
}

TEST_CASE("names_secret: not what leads to a secret, measures it, or sounds like it", "[model]") {
  const std::string name =
      GENERATE(as<std::string>{}, "", "--", "--interval", "--token-file", "SECRET_PATH",
               "secretName", "--max-tokens", "tokens_per_second", "monkey", "keyspace", "author",
               "Accept", "X-Tenant", "passenger", "sessions-path", "signal");
  CAPTURE(name);
  CHECK_FALSE(names_secret(name));
}

TEST_CASE("is_credential_header: those of RFC 9110 and those that services invent", "[model]") {
  for (const char* name : {"authorization", "COOKIE", "Cookie2", "Proxy-Authorization",
                           "WWW-Authenticate", "X-Api-Key", "X-Amz-Security-Token", "Apikey"}) {
    CAPTURE(name);
    CHECK(is_credential_header(name));
  }
  for (const char* name : {"Accept", "Content-Type", "X-Request-Id", "X-Tenant", "User-Agent"}) {
    CAPTURE(name);
    CHECK_FALSE(is_credential_header(name));
  }
}

TEST_CASE("carries_credentials: behind a scheme", "[model]") {
  CHECK(carries_credentials("Bearer abc"));
  CHECK(carries_credentials("basic YTpi"));
  CHECK_FALSE(carries_credentials("Bearer"));
  CHECK_FALSE(carries_credentials("text/plain; charset=utf-8"));
}

TEST_CASE("looks_random: long runs of letters and digits", "[model]") {
  CHECK(looks_random("ghp_16C7e42F292c6912E771"));
  CHECK(looks_random("/services/0123456789abcdef"));
  CHECK_FALSE(looks_random("0123456789abcde"));
  CHECK_FALSE(looks_random("0123456789012345678"));
  CHECK_FALSE(looks_random("kubernetesmetricspecification"));
  CHECK_FALSE(looks_random("web-5d4f8b7c9d-x2x4z"));
  CHECK_FALSE(looks_random("2026-01-31T14:05:30Z"));
}

TEST_CASE("looks_like_credential: letters and digits of six and more", "[model]") {
  CHECK(looks_like_credential("s3cr3t-abc"));
  CHECK_FALSE(looks_like_credential("s3cr3"));
  CHECK_FALSE(looks_like_credential("production"));
  CHECK_FALSE(looks_like_credential("2026-01-31"));
  CHECK_FALSE(looks_like_credential("sum(rate(http_requests_total[1m]))"));
}
