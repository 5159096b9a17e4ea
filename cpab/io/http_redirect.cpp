#include "cpab/io/http_redirect.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "cpab/model/secret_names.h"

namespace cpab {
namespace {

constexpr std::array<std::string_view, 5> about_the_body{
    "Content-Encoding", "Content-Language", "Content-Location", "Content-Type", "Content-Length"};

bool is_about_body(std::string_view name) {
  return std::any_of(about_the_body.begin(), about_the_body.end(),
                     [&](std::string_view other) { return same_header_name(name, other); });
}

void keep_credentials_back(HttpHeaders& headers) {
  std::erase_if(headers, [](const auto& header) {
    return is_credential_header(header.first) || carries_credentials(header.second);
  });
}

// Scheme, host and port as written; a spelling that differs counts as another place.
std::string_view origin(std::string_view url) {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == std::string_view::npos) return url;
  return url.substr(0, url.find_first_of("/?#", scheme_end + 3));
}

bool becomes_get(int status) { return status == 301 || status == 302 || status == 303; }

bool is_kept_as_it_is(int status) { return status == 307 || status == 308; }

}  // namespace

std::optional<HttpRequest> redirected_request(const HttpRequest& request, int status,
                                              const std::string& target) {
  if (target.empty()) return std::nullopt;
  const bool has_body = request.body.has_value() && !request.body->empty();
  if (!becomes_get(status) && (!is_kept_as_it_is(status) || has_body)) return std::nullopt;

  HttpRequest next;
  next.method = becomes_get(status) && request.method != "HEAD" ? "GET" : request.method;
  next.url = target;
  next.headers = request.headers;
  next.budget = request.budget;
  next.max_response_bytes = request.max_response_bytes;
  if (request.body) {
    std::erase_if(next.headers, [](const auto& header) { return is_about_body(header.first); });
  }
  if (origin(request.url) != origin(target)) keep_credentials_back(next.headers);
  return next;
}

}  // namespace cpab
