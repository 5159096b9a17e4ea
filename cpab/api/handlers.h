#pragma once

#include <mutex>
#include <optional>
#include <string>

#include "cpab/io/clock.h"
#include "cpab/io/http_server.h"
#include "cpab/pipeline/cycle.h"
#include "cpab/pipeline/decision_log.h"
#include "cpab/pipeline/heartbeat.h"

namespace cpab {

/// What the REST API shows and drives. Everything outlives the handlers.
struct ApiParts {
  Cycle& cycle;
  const DecisionLog& log;
  const Heartbeat& heartbeat;
  Clock& clock;
};

/// The REST API without its sockets: request in, response out (contract section 7, docs/api.md).
/// Safe to use from several threads at once; a call blocks as long as the user logic it runs.
class Handlers {
 public:
  explicit Handlers(ApiParts parts) : parts_(parts) {}

  ServerResponse handle(const ServerRequest& request);

 private:
  struct Route;
  static const Route* find_route(std::string_view path);

  ServerResponse metrics(const ServerRequest& request);
  ServerResponse evaluation(const ServerRequest& request);
  ServerResponse decisions(const ServerRequest& request);
  ServerResponse last_decision(const ServerRequest& request);
  ServerResponse health(const ServerRequest& request);
  ServerResponse readiness(const ServerRequest& request);

  std::optional<std::string> probe_target(std::stop_token stop);

  ApiParts parts_;

  std::mutex probe_mutex_;
  TimePoint next_probe_{};                    // guarded by probe_mutex_
  std::optional<std::string> probe_failure_;  // guarded by probe_mutex_; none: the target is there
};

}  // namespace cpab
