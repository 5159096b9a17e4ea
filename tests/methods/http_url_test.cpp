#include <catch2/catch.hpp>

#include "cpab/methods/http_url.h"

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

}  // namespace

TEST_CASE("http_url: parts are taken apart and put together", "[methods]") {
  const HttpUrl url = parse_http_url("HTTPS://us%65r:p%40ss@Host.example:8443/a/b?x=1&y#frag?#");

  CHECK(url.scheme == "https");
  CHECK(url.credentials == "user:p@ss");
  CHECK(url.host == "Host.example:8443");
  CHECK(url.path == "/a/b");
  CHECK(url.query == "x=1&y");
  CHECK(url.address() == "https://Host.example:8443/a/b?x=1&y");
}

TEST_CASE("http_url: what needs encoding is encoded, what is encoded stays", "[methods]") {
  CHECK(parse_http_url("http://h/a b/%2F\xc3\xa9").address() == "http://h/a%20b/%2F%C3%A9");
  CHECK(parse_http_url("http://h/?a=b c&d=%zz").address() == "http://h/?a=b%20c&d=%zz");
  CHECK(parse_http_url("http://[::1]:80").address() == "http://[::1]:80");
  CHECK(parse_http_url("http://h?q").address() == "http://h?q");
}

TEST_CASE("http_url: what is no absolute URL has no scheme or no host", "[methods]") {
  CHECK(parse_http_url("").scheme.empty());
  CHECK(parse_http_url("/x").scheme.empty());
  CHECK(parse_http_url("ftp://h/x").scheme == "ftp");
  CHECK(parse_http_url("http:///x").host.empty());
}

TEST_CASE("http_url: errors have the reference's words", "[methods]") {
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

TEST_CASE("http_url: queries are sorted by key and form-encoded", "[methods][contract-32]") {
  CHECK(reencoded("z=1&a=2") == "a=2&z=1");
  CHECK(reencoded("a=1&value=z&b=%20x") == "a=1&b=+x&value=z");
  CHECK(reencoded("b=2&a=1&b=1") == "a=1&b=2&b=1");
  CHECK(reencoded("a&=x&&c=") == "=x&a=&c=");
  CHECK(reencoded("a=b+c%2B~-_.*'") == "a=b+c%2B~-_.%2A%27");
  CHECK(reencoded("bad=%zz&semi=1;x=2&ok=1") == "ok=1");
  CHECK(reencoded("") == "");
}
