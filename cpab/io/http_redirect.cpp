#include "cpab/io/http_redirect.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace cpab {
namespace {

constexpr std::array<std::string_view, 5> credentials{"Authorization", "Cookie", "Cookie2",
                                                      "Proxy-Authorization", "Www-Authenticate"};
constexpr std::array<std::string_view, 5> about_the_body{
    "Content-Encoding", "Content-Language", "Content-Location", "Content-Type", "Content-Length"};

template <class Names>
void erase(HttpHeaders& headers, const Names& names) {
  std::erase_if(headers, [&](const auto& entry) {
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return same_header_name(entry.first, name); });
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
  if (request.body) erase(next.headers, about_the_body);
  if (origin(request.url) != origin(target)) erase(next.headers, credentials);
  return next;
}

}  // namespace cpab
