#pragma once

#include <string>

#include "cpab/io/manual_clock.h"
#include "cpab/simulation/json.h"
#include "cpab/simulation/rest_api.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {

/// The REST face without a network: requests are function calls.
struct ApiFixture {
  ManualClock clock;
  SimulatedCluster cluster{clock};

  ServerResponse send(const std::string& method, const std::string& target,
                      const std::string& body = "", HttpHeaders headers = {}) {
    return serve_api(cluster, ServerRequest{method, target, std::move(headers), body, {}});
  }

  ServerResponse get(const std::string& target, const std::string& accept = "application/json") {
    return send("GET", target, "", {{"Accept", accept}});
  }

  Json get_json(const std::string& target) { return Json::parse(get(target).body); }

  /// `type` is `json`, `merge` or `strategic-merge`.
  ServerResponse patch(const std::string& target, const std::string& type,
                       const std::string& body) {
    return send("PATCH", target, body, {{"Content-Type", "application/" + type + "-patch+json"}});
  }

  /// Lets everything settle: the pods are ready, the deleted ones gone.
  void settle() {
    clock.advance(std::chrono::minutes(1));
    get("/api/v1/namespaces");
  }
};

/// `404 NotFound: deployments.apps "web" not found`, or the status code alone when it is no Status.
inline std::string outcome(const ServerResponse& response) {
  const auto code = std::to_string(response.status);
  if (response.status < 400) return code;
  const auto status = Json::parse(response.body);
  return code + " " + status.string_at("/reason") + ": " + status.string_at("/message");
}

inline constexpr const char* deployments = "/apis/apps/v1/namespaces/default/deployments";
inline constexpr const char* web = "/apis/apps/v1/namespaces/default/deployments/web";
inline constexpr const char* web_scale = "/apis/apps/v1/namespaces/default/deployments/web/scale";

}  // namespace cpab
