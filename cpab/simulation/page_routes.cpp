#include "cpab/simulation/page_routes.h"

#include <string_view>

#include "cpab/simulation/api_error.h"
#include "cpab/simulation/cluster_state.h"
#include "cpab/simulation/json_answer.h"

namespace cpab {
namespace {

constexpr std::string_view prefix = "/simulation/http";

std::string media_type_of(std::string_view body) {
  return body.starts_with('{') || body.starts_with('[') ? "application/json"
                                                        : "text/plain; charset=utf-8";
}

}  // namespace

ServerResponse serve_page(ClusterState& state, const ServerRequest& request) {
  if (request.method != "GET" && request.method != "POST") throw method_not_allowed();
  const auto& pages = state.pages();
  auto page = pages.find(request.target.substr(prefix.size()));
  if (page == pages.end()) page = pages.find(std::string(request.path().substr(prefix.size())));
  if (page == pages.end()) throw no_such_resource();
  return json_answer(200, page->second, media_type_of(page->second));
}

}  // namespace cpab
