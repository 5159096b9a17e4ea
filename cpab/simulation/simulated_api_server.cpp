#include "cpab/simulation/simulated_api_server.h"

#include <utility>

#include "cpab/io/system_clock.h"
#include "cpab/model/json_text.h"
#include "cpab/simulation/api_error.h"
#include "cpab/simulation/fault_answer.h"
#include "cpab/simulation/json_answer.h"
#include "cpab/simulation/rest_api.h"

namespace cpab {
namespace {

HttpServerOptions server_options(const SimulatedApiServerOptions& options) {
  HttpServerOptions result;
  result.host = options.host;
  result.port = options.port;
  result.tls = options.tls;
  result.max_workers = 64;  // a watch keeps one busy
  return result;
}

/// In real time: what is delayed is an answer on a real connection. Ends early when the server
/// stops.
void delay(Duration time, const std::stop_token& stop) {
  SystemClock real_clock;
  real_clock.wait_until(real_clock.now() + time, stop);
}

ServerResponse spoilt(const Fault& fault, ServerResponse response) {
  if (fault.drop) response.cut_after_bytes = 0;
  if (fault.truncate_after) response.cut_after_bytes = fault.truncate_after;
  if (fault.garbage) response.body = "{\"kind\":\"Status\",,}<html>this is not JSON";
  if (fault.body) response.body = *fault.body;
  if (fault.status != 0) return fault_answer(fault);
  return response;
}

bool is_ours(const ServerRequest& request) { return request.path().starts_with("/simulation/"); }

}  // namespace

SimulatedApiServer::SimulatedApiServer(SimulatedCluster& cluster,
                                       const SimulatedApiServerOptions& options)
    : cluster_(cluster),
      options_(options),
      token_(options.token),
      server_(start_http_server(server_options(options),
                                [this](const ServerRequest& request) { return serve(request); })) {}

std::string SimulatedApiServer::url() const {
  return (options_.tls ? "https://" : "http://") + options_.host + ":" + std::to_string(port());
}

std::string SimulatedApiServer::kubeconfig(const std::string& namespace_name) const {
  const std::lock_guard lock(token_mutex_);
  const std::string user = token_.empty() ? "{}" : "{token: " + json_quote(token_) + "}";
  const std::string insecure = options_.tls ? ", insecure-skip-tls-verify: true" : "";
  return "apiVersion: v1\nkind: Config\ncurrent-context: simulation\n"
         "contexts: [{name: simulation, context: {cluster: simulation, user: simulation, "
         "namespace: " +
         namespace_name +
         "}}]\n"
         "clusters: [{name: simulation, cluster: {server: " +
         json_quote(url()) + insecure +
         "}}]\n"
         "users: [{name: simulation, user: " +
         user + "}]\n";
}

void SimulatedApiServer::set_token(const std::string& token) {
  const std::lock_guard lock(token_mutex_);
  token_ = token;
}

bool SimulatedApiServer::is_authorized(const ServerRequest& request) const {
  const std::lock_guard lock(token_mutex_);
  return token_.empty() || header(request.headers, "Authorization") == "Bearer " + token_;
}

ServerResponse SimulatedApiServer::serve(const ServerRequest& request) {
  if (is_ours(request)) return serve_api(cluster_, request);
  auto response = answer(request);
  const bool unanswered = response.cut_after_bytes == std::size_t{0};
  requests_.record({request.method, request.target, path_class(request.path()),
                    unanswered ? 0 : response.status});
  return response;
}

ServerResponse SimulatedApiServer::answer(const ServerRequest& request) {
  const auto fault = faults_.take(request.method, request.target).value_or(Fault{});
  if (fault.latency.count() > 0) delay(fault.latency, request.stop);
  if (!is_authorized(request)) return json_answer(401, status_json(unauthorized()));
  if (!fault.spoils_answer()) return serve_api(cluster_, request);
  const bool reaches = fault.takes_effect || fault.truncate_after;
  return spoilt(fault, reaches ? serve_api(cluster_, request) : json_answer(200, "{}"));
}

}  // namespace cpab
