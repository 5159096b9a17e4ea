#include "cpab/config/http_url.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

std::string error_of(const std::string& text) {
  try {
    parse_http_url(text);
  } catch (const HttpUrlError& error) {
    return error.what();
  }
  return "parsed";
}

std::string reencoded(const std::string& query) { return encode_query(parse_query(query)); }

struct UrlCase {
  std::string url;
  std::string problem;
};

}  // namespace

TEST_CASE("http_url: parts are taken apart and put together", "[config]") {
  const HttpUrl url = parse_http_url("HTTPS://us%65r:p%40ss@Host.example:8443/a/b?x=1&y#frag?#");

  CHECK(url.scheme == "https");
  CHECK(url.credentials == "user:p@ss");
  CHECK(url.host == "Host.example:8443");
  CHECK(url.path == "/a/b");
  CHECK(url.query == "x=1&y");
  CHECK(url.address() == "https://Host.example:8443/a/b?x=1&y");
}

TEST_CASE("http_url: what needs encoding is encoded, what is encoded stays", "[config]") {
  CHECK(parse_http_url("http://h/a b/%2F\xc3\xa9").address() == "http://h/a%20b/%2F%C3%A9");
  CHECK(parse_http_url("http://h/?a=b c&d=%zz").address() == "http://h/?a=b%20c&d=%zz");
  CHECK(parse_http_url("http://[::1]:80").address() == "http://[::1]:80");
  CHECK(parse_http_url("http://h?q").address() == "http://h?q");
}

TEST_CASE("http_url: what is no absolute URL has no scheme or no host", "[config]") {
  CHECK(parse_http_url("").scheme.empty());
  CHECK(parse_http_url("/x").scheme.empty());
  CHECK(parse_http_url("ftp://h/x").scheme == "ftp");
  CHECK(parse_http_url("http:///x").host.empty());
}

TEST_CASE("http_url: errors have the reference's words", "[config]") {
  CHECK(error_of("http://[bad/x") == "parse \"http://[bad/x\": missing ']' in host");
  CHECK(error_of("127.0.0.1:15002/x") ==
        "parse \"127.0.0.1:15002/x\": first path segment in URL cannot contain colon");
  CHECK(error_of(":x") == "parse \":x\": missing protocol scheme");
  CHECK(error_of("http://h:8a/x") == "parse \"http://h:8a/x\": invalid port \":8a\" after host");
  CHECK(error_of("http://h/%zz") == "parse \"http://h/%zz\": invalid URL escape \"%zz\"");
  CHECK(error_of("http://h/%2") == "parse \"http://h/%2\": invalid URL escape \"%2\"");
  CHECK(error_of("http://a b/x") == "parse \"http://a b/x\": invalid character \" \" in host name");
  CHECK(error_of("http://h/\n").ends_with("net/url: invalid control character in URL"));
  CHECK(error_of("http://u:secret%@h/?t=secret") ==
        "parse \"http://***@h/?...\": net/url: invalid userinfo");
}

TEST_CASE("http_url: queries are sorted by key and form-encoded", "[config][contract-32]") {
  CHECK(reencoded("z=1&a=2") == "a=2&z=1");
  CHECK(reencoded("a=1&value=z&b=%20x") == "a=1&b=+x&value=z");
  CHECK(reencoded("b=2&a=1&b=1") == "a=1&b=2&b=1");
  CHECK(reencoded("a&=x&&c=") == "=x&a=&c=");
  CHECK(reencoded("a=b+c%2B~-_.*'") == "a=b+c%2B~-_.%2A%27");
  CHECK(reencoded("bad=%zz&semi=1;x=2&ok=1") == "ok=1");
  CHECK(reencoded("") == "");
}

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
      {"host:80/x", R"(unsupported protocol scheme "host" in the url "host:80/x")"},
      {"http:/h", R"(parse "http:/h": no Host in request URL)"},
      {"http://a<b/x", R"(parse "http://a<b/x": invalid character "<" in host name)"},
      {"http://a\"b/x", R"(parse "http://a\"b/x": invalid character "\"" in host name)"},
      {"10.0.0.1:80/x", R"(parse "10.0.0.1:80/x": first path segment in URL cannot contain colon)"},
      {":x", R"(parse ":x": missing protocol scheme)"},
      {"http://h:65536/", R"(parse "http://h:65536/": invalid port ":65536" after host)"},
      {"http://u%zz:p@h/", R"(parse "http://***@h/": net/url: invalid userinfo)"},
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
