#include "cpab/config/display.h"

#include <catch2/catch.hpp>

#include "cpab/config/url.h"

namespace cpab {
namespace {

TEST_CASE("quoted: one line of bounded length", "[config]") {
  CHECK(quoted("ten") == R"("ten")");
  CHECK(quoted("a\n\"b\"") == R"("a\n\"b\"")");
  CHECK(escaped("a\nb") == R"(a\nb)");
  CHECK(quoted(std::string(500, 'x')) == '"' + std::string(120, 'x') + "...\"");
  CHECK(escaped(std::string(119, 'x') + "\xC3\xA9") == std::string(119, 'x') + "...");
}

TEST_CASE("masked_at: goes by the key", "[config]") {
  CHECK(masked_at("metric.http.headers.Authorization", "Bearer x") == "***");
  CHECK(masked_at("metric.http.headers.content-type", "text/plain") == "text/plain");
  CHECK(masked_at("metric.http.headers.Accept", "a/b") == "a/b");
  CHECK(masked_at("metric.http.url", "http://u@h") == "http://***@h");
  CHECK(masked_at("metric.shell.command[0]", "--api-token=abc") == "--api-token=***");
  CHECK(masked_at("metric.shell.command[0]", "PASSWORD=abc") == "PASSWORD=***");
  CHECK(masked_at("metric.shell.command[0]", "http://u:p@h/") == "http://***@h/");
  CHECK(masked_at("metric.shell.command[0]", "--verbose=2") == "--verbose=2");
  CHECK(masked_at("metric.shell.command[1]", "0123456") == "***");
  CHECK(masked_at("metric.shell.command[1]", "yes") == "yes");
  CHECK(masked_at("namespace", "shop") == "shop");
  CHECK(masked_at("interval", "s3cr3t") == "***");
}

struct UrlCase {
  std::string url;
  std::string problem;
};

TEST_CASE("problem_of_url: accepts what a request can be sent to", "[config]") {
  const std::string url = GENERATE(values<std::string>(
      {"http://host", "HTTPS://host/", "http://host:8080/a b?x=%zz#f", "http://[::1]:80/",
       "http://[fe80::1%25eth0]/", "http://user:p%20w@host/", "http://10.0.0.1:/", "http://a_b.c/",
       "http://host/%41"}));

  CAPTURE(url);
  CHECK(problem_of_url(url) == "");
}

TEST_CASE("problem_of_url: names what is wrong, without secrets", "[config]") {
  const auto [url, problem] = GENERATE(values<UrlCase>({
      {"", R"(unsupported protocol scheme "" in the url "")"},
      {"/x", R"(unsupported protocol scheme "" in the url "/x")"},
      {"host:80/x", R"(unsupported protocol scheme "" in the url "host:80/x")"},
      {"ftp://h", R"(unsupported protocol scheme "ftp" in the url "ftp://h")"},
      {"http://", R"(parse "http://": no Host in request URL)"},
      {"http://:80/", R"(parse "http://:80/": no Host in request URL)"},
      {"http://h:8o/", R"(parse "http://h:8o/": invalid port ":8o" after host)"},
      {"http://a b/", R"(parse "http://a b/": invalid character " " in host name)"},
      {"http://[::1/", R"(parse "http://[::1/": missing ']' in host)"},
      {"http://h/%zz", R"(parse "http://h/%zz": invalid URL escape "%zz")"},
      {"http://h/%4", R"(parse "http://h/%4": invalid URL escape "%4")"},
      {"http://u:p@h/\n?t=s",
       R"(parse "http://***@h/\n?t=***": net/url: invalid control character in URL)"},
  }));

  CAPTURE(url);
  CHECK(problem_of_url(url) == problem);
}

}  // namespace
}  // namespace cpab
