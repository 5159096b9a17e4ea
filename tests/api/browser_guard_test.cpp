#include "cpab/api/browser_guard.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

ServerRequest with(const HttpHeaders& headers) {
  ServerRequest request;
  request.headers = headers;
  return request;
}

const BrowserGuard guard({"Shop.Example.com"}, {"Node7.example.com"});

bool is_own_name(const std::string& host) { return guard.asks_by_own_name(with({{"Host", host}})); }

/// Whether a page at `origin` may call us by the name `host`.
bool may_call(const std::string& origin, const std::string& host) {
  const bool by_origin = guard.is_from_own_page(with({{"Host", host}, {"Origin", origin}}));
  const bool by_referer =
      guard.is_from_own_page(with({{"Host", host}, {"Referer", origin + "/ui/?a#b"}}));
  CHECK(by_origin == by_referer);
  return by_origin;
}

}  // namespace

TEST_CASE("browser guard: what only browsers send tells them from programs", "[api]") {
  const std::string chromium = "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36";
  for (const HttpHeaders& headers : {HttpHeaders{{"sec-fetch-site", "none"}},
                                     {{"Origin", "null"}},
                                     {{"Referer", "http://a/"}},
                                     {{"User-Agent", chromium}},
                                     {{"User-Agent", "hidden"}, {"Accept-Language", ""}}}) {
    CAPTURE(headers.front());
    CHECK(is_of_browser(with(headers)));
  }
  const std::string powershell = "Mozilla/5.0 (Linux; Debian 12; en-US) PowerShell/7.4.1";
  for (const HttpHeaders& headers :
       {HttpHeaders{},
        {{"User-Agent", "curl/7.88.1"}, {"Accept", "*/*"}},
        {{"User-Agent", "Go-http-client/1.1"}, {"Accept-Encoding", "gzip"}},
        {{"User-Agent", "node"}, {"Accept-Language", "*"}, {"Sec-Fetch-Mode", "cors"}},
        {{"User-Agent", powershell}}}) {
    CHECK_FALSE(is_of_browser(with(headers)));
  }
}

TEST_CASE("browser guard: the names that count as ours", "[api]") {
  for (const char* own :
       {"127.0.0.1", "10.1.2.3:5000", "[::1]", "[fd00::1]:5000", "localhost", "LOCALHOST:5000",
        "demo.localhost", "shop", "shop-7d9f-x2x:5000", "shop.default.svc", "shop.default.svc:80",
        "shop.default.svc.cluster.local.", "node7.example.com:5000", "Shop.example.com",
        "shop.example.com.:8443"}) {
    CAPTURE(own);
    CHECK(is_own_name(own));
  }
  for (const char* foreign :
       {"", ":5000", "evil.example", "evil.example:5000", "127.0.0.1.evil.example", "10.1.2",
        "shop.svc.evil.example", "localhost.evil.example", "www.shop.example.com", "evil.svc2",
        "[::1].evil.example.com", "999.1.1.1", "1.2.3.4.5", "svc.", "evil.example."}) {
    CAPTURE(foreign);
    CHECK(is_own_name(foreign) == (std::string(foreign) == "svc."));
  }
  CHECK_FALSE(guard.asks_by_own_name({}));
}

TEST_CASE("browser guard: a page may call where it comes from", "[api]") {
  for (const auto& [origin, host] : std::vector<std::pair<std::string, std::string>>{
           {"http://10.0.0.1:5000", "10.0.0.1:5000"},
           {"http://shop", "shop"},
           {"http://shop", "shop:80"},
           {"http://shop:80", "shop"},
           {"https://shop", "shop:443"},
           {"https://SHOP", "shop"},
           {"http://[::1]:5000", "[::1]:5000"},
           {"https://shop.example.com", "shop.default.svc:5000"},  // a proxy that changes the name
           {"http://shop.example.com:8080", "shop.example.com"}}) {
    CAPTURE(origin, host);
    CHECK(may_call(origin, host));
  }
  for (const auto& [origin, host] : std::vector<std::pair<std::string, std::string>>{
           {"null", "10.0.0.1:5000"},
           {"", "10.0.0.1:5000"},
           {"10.0.0.1:5000", "10.0.0.1:5000"},
           {"http://10.0.0.1", "10.0.0.1:5000"},
           {"http://10.0.0.1:5001", "10.0.0.1:5000"},
           {"http://10.0.0.2:5000", "10.0.0.1:5000"},
           {"http://localhost:3000", "localhost:5000"},
           {"https://shop", "shop:80"},
           {"http://node7.example.com:80", "node7.example.com:5000"},
           {"http://evil.example", "shop"},
           {"http://shop@evil.example", "shop"},
           {"http://evil.example/shop", "shop"},
           {"file://", "shop"},
           {"http://shop.example.com.evil.example", "shop.example.com"}}) {
    CAPTURE(origin, host);
    CHECK_FALSE(may_call(origin, host));
  }
  CHECK_FALSE(guard.is_from_own_page(with({{"Host", "shop"}, {"User-Agent", "Mozilla/5.0"}})));
}

TEST_CASE("browser guard: what the browser itself says of the page has the last word", "[api]") {
  const auto says = [](const char* site, const char* origin) {
    return guard.is_from_own_page(
        with({{"Host", "api:6443"}, {"Origin", origin}, {"Sec-Fetch-Site", site}}));
  };
  CHECK(says("same-origin", "http://localhost:8001"));  // kubectl proxy
  CHECK(says("none", "http://localhost:8001"));
  CHECK_FALSE(says("cross-site", "http://api:6443"));
  CHECK_FALSE(says("same-site", "http://api:6443"));
  CHECK_FALSE(says("", "http://api:6443"));
}
