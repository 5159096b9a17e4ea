#include "cpab/kubernetes/kubernetes_client.h"

namespace cpab {
namespace {

TokenSource token_source(const Credentials& credentials, Clock& clock) {
  if (credentials.token_file.empty()) return TokenSource(credentials.token);
  return TokenSource(credentials.token_file, clock);
}

RestOptions rest_options(const Credentials& credentials, Duration timeout,
                         std::function<void(const RestTry&)> observer,
                         std::function<double()> random) {
  RestOptions options;
  options.server = credentials.server;
  options.timeout = timeout;
  options.observer = std::move(observer);
  options.random = std::move(random);
  return options;
}

}  // namespace

HttpClientOptions http_options(const Credentials& credentials, const std::string& user_agent) {
  HttpClientOptions options;
  options.tls = credentials.tls;
  options.user_agent = user_agent;
  return options;
}

KubernetesClient::KubernetesClient(const Credentials& credentials, HttpClient& http, Clock& clock,
                                   Duration timeout, const StartupPeriods& periods,
                                   std::function<void(const RestTry&)> observer,
                                   std::function<double()> random, std::size_t metric_reads)
    : token_(token_source(credentials, clock)),
      rest_(http, token_, clock,
            rest_options(credentials, timeout, std::move(observer), std::move(random))),
      discovery_(rest_, clock),
      cluster_(rest_, discovery_),
      coalescing_(cluster_, clock),
      metrics_(rest_, discovery_, periods, metric_reads),
      events_(rest_) {}

}  // namespace cpab
