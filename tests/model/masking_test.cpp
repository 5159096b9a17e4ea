#include "cpab/model/masking.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

struct Case {
  std::string url;
  std::string shown;
};

}  // namespace

TEST_CASE("masked_url: hides whatever may be secret", "[model]") {
  const auto [url, shown] = GENERATE(values<Case>({
      {"http://host:80/a/b", "http://host:80/a/b"},
      {"http://me:pw@host/a", "http://***@host/a"},
      {"HTTP://me:pw@host/a", "HTTP://***@host/a"},
      {"http://me:p@w@host", "http://***@host"},
      {"http://abc@host", "http://***@host"},
      {"https://host/?token=abc&flag&x=", "https://host/?token=***&flag&x="},
      {"https://host/?s3cr3t", "https://host/?***"},
      {"https://host/?a=b?c=d#e", "https://host/?a=***#***"},
      {"https://host#abc", "https://host#***"},
      {"https://host/a#b?c@d", "https://host/a#***"},
      {"http://host/a@b", "http://host/a@b"},
      {"http://host:80/a@b", "http://host:80/a@b"},
      {"http://me:p/w@host/x", "http://***"},
      {"http://me:p?w@host/x", "http://***"},
      {"http://me:p#w@host/x?y=a@b", "http://***"},
      {"http://me:s3cr3t", "http://me:***"},
      {"http://host:8o/", "http://host:8o/"},
      {"me:pw@host?x=1", "***@host?x=***"},
      {"//me:pw@host", "//***@host"},
      {"http:/me:pw@host", "***"},
      {"https://hooks/services/T0/0123456789abcdef0123/x", "https://hooks/services/T0/***/x"},
      {"https://[::1]:80/a", "https://[::1]:80/a"},
      {"localhost:8080/metric", "localhost:8080/metric"},
      {"/metric", "/metric"},
      {"tok-4711-alpha", "***"},
      {"a/s3cr3t", "a/***"},
      {"https://host//a//", "https://host//a//"},
      {"", ""},
      {"?", "?"},
  }));
  CAPTURE(url);
  CHECK(masked_url(url) == shown);
}

TEST_CASE("masked_url: a query of which nothing is shown", "[model]") {
  CHECK(masked_url("http://h/p?value=1#f", ShownQuery::nothing) == "http://h/p?...");
  CHECK(masked_url("http://h/p", ShownQuery::nothing) == "http://h/p");
}

TEST_CASE("masked_url: tells what it has hidden", "[model]") {
  std::vector<HiddenValue> hidden;
  masked_url("http://me:pw@host/?token=abc&unit=s#end", ShownQuery::names, &hidden);
  CHECK(hidden == std::vector<HiddenValue>{
                      {"pw", true}, {"me:pw", true}, {"abc", true}, {"s", false}, {"end", false}});
}

TEST_CASE("masked_header: three are harmless", "[model]") {
  CHECK(masked_header("content-TYPE", "text/plain") == "text/plain");
  CHECK(masked_header("X-Tenant", "a") == "***");
  std::vector<HiddenValue> hidden;
  masked_header("X-Api-Key", "abc", &hidden);
  masked_header("X-Tenant", "a", &hidden);
  masked_header("X-Forward", "Bearer a", &hidden);
  CHECK(hidden == std::vector<HiddenValue>{{"abc", true}, {"a", false}, {"Bearer a", true}});
}

TEST_CASE("masked_value: shows slips, hides what may be secret", "[model]") {
  for (const char* slip :
       {"ten", "5s", "30seconds", "10Mi", "1e3", "0x1F", "1h30m", "-4", "5.5", "apps/v1/beta1",
        "per-node", "POST GET", "Shell", "", "99999999999999"}) {
    CAPTURE(slip);
    CHECK(masked_value(slip) == slip);
  }
  for (const char* secret :
       {"s3cr3t", "hunter2", "p4ss:w0rd", "tok-4711-alpha", "7tigers", "Bearer s3cr3t",
        "ghp_16C7e42F", "my-password", "abcdefghijklmnopqrstuvwxyz", "sk-live-51Habc"}) {
    CAPTURE(secret);
    CHECK(masked_value(secret) == "***");
  }
}

TEST_CASE("masked_key: shows names however long, hides mixtures", "[model]") {
  for (const char* key : {"downscaleStabilizationPeriod", "token", "X-Api-Key", "v2", "a b"}) {
    CAPTURE(key);
    CHECK(masked_key(key) == key);
  }
  CHECK(masked_key("Bearer s3cr3t") == "***");
}
