#include "cpab/simulation/in_process_http_client.h"

#include <algorithm>

#include "cpab/simulation/fault_answer.h"
#include "cpab/simulation/rest_api.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {
namespace {

HttpResponse to_http_response(ServerResponse response) {
  return {response.status, std::move(response.headers), std::move(response.body), false};
}

void let_pass(Clock& clock, Duration latency, const HttpRequest& request) {
  if (latency.count() <= 0) return;
  const TimePoint end = clock.now() + latency;
  const Budget& budget = request.budget;
  if (!clock.wait_until(std::min(end, budget.deadline), budget.stop)) {
    throw HttpError(HttpFailure::stopped, "stopped", request.url);
  }
  if (end > budget.deadline) throw HttpError(HttpFailure::timeout, "timed out", request.url);
}

}  // namespace

HttpResponse InProcessHttpClient::send(const HttpRequest& request) {
  const std::string base = url;
  if (!request.url.starts_with(base)) {
    throw HttpError(HttpFailure::connect, "there is no such server in the simulation", request.url);
  }
  const std::string target = request.url.substr(base.size());
  const auto fault = faults_.take(request.method, target).value_or(Fault{});
  let_pass(clock_, fault.latency, request);
  const auto serve = [&] {
    return serve_api(cluster_, {request.method, target, request.headers, request.body.value_or(""),
                                request.budget.stop});
  };
  if (!fault.spoils_answer()) return to_http_response(serve());
  if (fault.takes_effect || fault.truncate_after) serve();
  if (fault.drop) throw HttpError(HttpFailure::closed, "the connection was closed", request.url);
  if (fault.truncate_after) {
    throw HttpError(HttpFailure::truncated, "the answer was cut off", request.url);
  }
  if (fault.status != 0) return to_http_response(fault_answer(fault));
  return {200, {}, fault.body.value_or("{\"kind\":\"Status\",,}"), false};
}

}  // namespace cpab
