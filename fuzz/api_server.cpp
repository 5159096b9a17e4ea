#include <charconv>
#include <deque>

#include "cpab/io/manual_clock.h"
#include "cpab/kubernetes/discovery.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/kubernetes/rest_cluster.h"
#include "cpab/kubernetes/rest_kubernetes_metrics.h"
#include "cpab/kubernetes/token_source.h"
#include "cpab/model/json_text.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

constexpr std::string_view separator = "\n%%\n";
constexpr std::size_t most_requests = 400;

/// Answers requests in order with what the input holds; the last answer repeats. A status of 0
/// means that no answer comes.
class AnsweringClient final : public HttpClient {
 public:
  explicit AnsweringClient(std::string_view input) {
    for (;;) {
      const std::size_t end = std::min(input.find(separator), input.size());
      answers_.push_back(answer_of(input.substr(0, end)));
      if (end == input.size() || answers_.size() == most_requests / 4) return;
      input.remove_prefix(end + separator.size());
    }
  }

  HttpResponse send(const HttpRequest& request) override {
    require(++requests_ <= most_requests, "a hostile server is not asked for ever");
    require(request.url.find_first_of(" \r\n") == std::string::npos, "a URL is one word");
    HttpResponse answer = answers_.front();
    if (answers_.size() > 1) answers_.pop_front();
    if (answer.status == 0) throw HttpError(HttpFailure::truncated, "cut");
    return answer;
  }

 private:
  static HttpResponse answer_of(std::string_view text) {
    HttpResponse response;
    response.status = 200;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::from_chars(text.data(), text.data() + end, response.status);
    if (end < text.size()) response.body = text.substr(end + 1);
    response.headers = {{"Retry-After", "1"}};
    return response;
  }

  std::deque<HttpResponse> answers_;
  std::size_t requests_ = 0;
};

/// A client with all that belongs to it.
struct Client {
  explicit Client(std::string_view input) : http(input) {}

  Budget budget() { return {clock.now() + std::chrono::seconds(20), {}}; }

  AnsweringClient http;
  ManualClock clock;
  TokenSource token{"secret-token"};
  RestClient rest{
      http, token, clock, {"https://api", std::chrono::seconds(10), {}, [] { return 0.5; }}};
  Discovery discovery{rest, clock};
  RestCluster cluster{rest, discovery};
  RestKubernetesMetrics metrics{rest, discovery, {}};
};

/// `holds_token`: the server itself has put it into its answers, as part of names perhaps.
template <typename Call>
void calling(bool holds_token, Call call) {
  try {
    call();
  } catch (const KubernetesError& error) {
    require(*error.what() != '\0', "an error says something");
    require(holds_token || std::string(error.what()).find("secret-token") == std::string::npos,
            "no message holds the token");
  }
}

const ScaleTarget shop{"apps/v1", "Deployment", "shop", "default"};
const Scale observed{"shop", "uid-1", 3, 3, "app=shop"};

MetricTarget utilization() { return {.type = "Utilization", .average_utilization = 50}; }

std::vector<MetricSpec> every_kind() {
  return {{.type = "Resource", .resource = ResourceMetricSource{"cpu", utilization()}},
          {.type = "Pods", .pods = PodsMetricSource{{"hits", {}}, {"AverageValue", {}, "5", {}}}},
          {.type = "External", .external = ExternalMetricSource{{"queue", {}}, {"Value", "5"}}}};
}

void check_pods(const std::vector<Resource>& pods) {
  for (const Resource& pod : pods) {
    require(!pod.name.empty() && json_value(pod.json) == pod.json, "a pod is JSON with a name");
  }
}

void check_metrics(Client& client) {
  const std::vector<MetricSpec> specs = every_kind();
  RunPods pods(client.cluster, "default", observed.selector, RunPods::Keep::facts);
  const KubernetesMetricsResult result =
      client.metrics.gather({specs, observed, pods, client.clock.wall_now()}, client.budget());
  require(result.metrics.size() + result.errors.size() == specs.size(),
          "every metric is there or has an error");
  for (const std::string& metric : result.metrics) {
    require(json_value(metric) == metric, "a metric is JSON");
  }
}

}  // namespace

void fuzz_api_server(std::string_view input) {
  Client client(input);
  const bool holds_token = input.find("secret-token") != std::string_view::npos;
  calling(holds_token, [&] { check_pods({client.cluster.target(shop, client.budget())}); });
  calling(holds_token, [&] {
    require(client.cluster.scale(shop, client.budget()).replicas() >= 0, "a count is a count");
  });
  calling(holds_token,
          [&] { check_pods(client.cluster.pods("default", "app=shop", client.budget())); });
  calling(holds_token, [&] { client.cluster.set_replicas(shop, observed, 5, client.budget()); });
  check_metrics(client);
}

}  // namespace cpab
