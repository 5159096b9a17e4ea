#include "cpab/config/http_url.h"
#include "cpab/model/masking.h"

#include <algorithm>

#include "cpab/config/display.h"
#include "cpab/io/http_redirect.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

void check_secrets(const std::string& text) {
  const std::string url = "http://user:hunter2pass@host/path?token=hunter2pass#" + text;
  require(redacted_url(url).find("hunter2pass") == std::string::npos, "messages hide secrets");
  require(masked_url(url).find("hunter2pass") == std::string::npos, "listings hide secrets");
}

void check_redirects(const std::string& target) {
  HttpRequest request;
  request.method = "POST";
  request.url = "https://first:8443/a";
  request.headers = {{"Authorization", "Bearer secret"}};
  for (const int status : {301, 302, 303, 307, 308}) {
    const auto next = redirected_request(request, status, target);
    if (!next || next->url.starts_with("https://first:8443")) continue;
    require(header(next->headers, "Authorization").empty(), "credentials do not travel");
  }
}

}  // namespace

void fuzz_http_url(std::string_view input) {
  const std::string text(input);
  require(!has_control(problem_of_url(text)), "a problem is told on one line");
  redacted_url(text);
  masked_url(text);
  if (text.find("hunter2pass") == std::string::npos) check_secrets(text);
  check_redirects(text);
  try {
    const HttpUrl url = parse_http_url(text);
    require(!has_control(url.address()), "an address has no control characters");
    // Credentials are not part of an address, and without a host there is none.
    if (url.host.empty() || url.scheme.empty()) return;
    HttpUrl expected = url;
    expected.credentials.clear();
    const HttpUrl again = parse_http_url(url.address());
    require(again.address() == expected.address(), "an address is an address");
  } catch (const HttpUrlError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace cpab
