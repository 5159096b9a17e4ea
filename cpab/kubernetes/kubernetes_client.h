#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "cpab/kubernetes/coalescing_cluster.h"
#include "cpab/kubernetes/credentials.h"
#include "cpab/kubernetes/discovery.h"
#include "cpab/kubernetes/events.h"
#include "cpab/kubernetes/rest_client.h"
#include "cpab/kubernetes/rest_cluster.h"
#include "cpab/kubernetes/rest_kubernetes_metrics.h"
#include "cpab/kubernetes/token_source.h"

namespace cpab {

/// How the HTTP client for these credentials has to be made. Redirects are answers and proxies of
/// the environment are not used: a token goes to the API server and nowhere else.
HttpClientOptions http_options(const Credentials& credentials, const std::string& user_agent);

/// Everything it takes to talk to one API server, put together. Safe to call from several threads.
class KubernetesClient {
 public:
  /// `http` was made with http_options(credentials, ...); it and the clock outlive the client. No
  /// request is made. `timeout` is that of one try of a request; `observer` and `random` are
  /// those of RestOptions; `metric_reads` is how many metrics are read at a time. Throws
  /// TokenError.
  KubernetesClient(
      const Credentials& credentials, HttpClient& http, Clock& clock, Duration timeout,
      const StartupPeriods& periods,
      std::function<void(const RestTry&)> observer = [](const RestTry&) {},
      std::function<double()> random = {}, std::size_t metric_reads = default_metric_reads);

  static constexpr std::size_t default_metric_reads = 8;

  Cluster& cluster() { return coalescing_; }
  KubernetesMetrics& metrics() { return metrics_; }
  Events& events() { return events_; }
  std::optional<TokenReads> token_reads() { return token_.reads(); }

 private:
  TokenSource token_;
  RestClient rest_;
  Discovery discovery_;
  RestCluster cluster_;
  CoalescingCluster coalescing_;
  RestKubernetesMetrics metrics_;
  Events events_;
};

}  // namespace cpab
