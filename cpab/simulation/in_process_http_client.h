#pragma once

#include <string>

#include "cpab/io/clock.h"
#include "cpab/io/http_client.h"
#include "cpab/simulation/faults.h"

namespace cpab {

class SimulatedCluster;

/// The REST face of a simulated cluster without sockets, on the clock of the cluster: what the
/// daemon's own clients send is answered by a function call. Safe to call from several threads.
class InProcessHttpClient final : public HttpClient {
 public:
  /// The server that credentials have to name.
  static constexpr const char* url = "http://simulated.invalid";

  /// The references outlive the client.
  InProcessHttpClient(SimulatedCluster& cluster, Clock& clock) : cluster_(cluster), clock_(clock) {}

  /// Streams (watches) are not supported. Throws HttpError for faults, and for other servers.
  HttpResponse send(const HttpRequest& request) override;

  /// What goes wrong with the requests; latency passes on the clock.
  Faults& faults() { return faults_; }

 private:
  SimulatedCluster& cluster_;
  Clock& clock_;
  Faults faults_;
};

}  // namespace cpab
