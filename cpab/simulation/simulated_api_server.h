#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "cpab/io/http_server.h"
#include "cpab/simulation/faults.h"
#include "cpab/simulation/request_log.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {

struct SimulatedApiServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;        ///< 0: any free one
  std::optional<ServerTls> tls;  ///< none: plain HTTP
  std::string token;             ///< the bearer token to ask for; empty: everybody is let in
};

/// A SimulatedCluster behind the REST API of Kubernetes, for the daemon, kubectl and client
/// libraries. Below /simulation it tells the load (load_routes.h). Safe to call from several
/// threads.
class SimulatedApiServer {
 public:
  /// Serves from threads of its own until destroyed. `cluster` outlives it. Throws
  /// HttpServerError.
  explicit SimulatedApiServer(SimulatedCluster& cluster,
                              const SimulatedApiServerOptions& options = {});

  std::uint16_t port() const { return server_->port(); }
  std::string url() const;  ///< `http://127.0.0.1:40123`

  /// A kubeconfig (YAML) for this server, with `namespace_name` as the default namespace and the
  /// token of now. Certificates are not checked by those who use it.
  std::string kubeconfig(const std::string& namespace_name = "default") const;

  /// From now on only this token is good.
  void set_token(const std::string& token);

  /// What goes wrong with requests. Requests below /simulation are spared.
  Faults& faults() { return faults_; }

  /// Counts what clients asked for, requests below /simulation left out.
  RequestLog& requests() { return requests_; }

 private:
  ServerResponse serve(const ServerRequest& request);
  ServerResponse answer(const ServerRequest& request);
  bool is_authorized(const ServerRequest& request) const;

  SimulatedCluster& cluster_;
  const SimulatedApiServerOptions options_;
  mutable std::mutex token_mutex_;
  std::string token_;  // guarded by token_mutex_
  Faults faults_;
  RequestLog requests_;
  std::unique_ptr<HttpServer> server_;  // last: its threads use all of the above
};

}  // namespace cpab
