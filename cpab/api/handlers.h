#pragma once

#include <cstddef>
#include <functional>
#include <stop_token>
#include <string>
#include <string_view>

#include "cpab/api/access.h"
#include "cpab/api/status.h"
#include "cpab/api/target_probe.h"
#include "cpab/io/clock.h"
#include "cpab/io/http_server.h"
#include "cpab/model/redaction.h"
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
  /// What `GET /metrics` shows, in Prometheus' text format.
  std::function<std::string()> prometheus = [] { return std::string(); };
};

/// How many requests wait for their turn to run user logic, beside those that do.
inline constexpr std::size_t max_waiting_cycles = 128;

/// The REST API without its sockets: request in, response out (contract section 7, docs/api.md).
/// What runs user logic is answered in turn (ServerResponse::in_turn). Safe to use from several
/// threads at once.
class Handlers {
 public:
  /// With the access rules and limits of `config.api`. Throws TokenFileError.
  explicit Handlers(ApiParts parts, const Config& config = {});

  ServerResponse handle(const ServerRequest& request);

 private:
  struct Route;
  ServerResponse answer(const ServerRequest& request);
  static const Route* find_route(std::string_view path, std::string_view method);
  ServerResponse perform(const Route& route, const ServerRequest& request);
  ServerResponse in_turn(std::function<ServerResponse()> work) const;
  ServerResponse counted(ServerResponse response) const;

  ServerResponse status(const ServerRequest& request);
  ServerResponse metrics(const ServerRequest& request);
  ServerResponse evaluation(const ServerRequest& request);
  ServerResponse evaluate(bool dry_run, bool explain, std::stop_token stop);
  ServerResponse decisions(const ServerRequest& request);
  ServerResponse last_decision(const ServerRequest& request);
  ServerResponse get_override(const ServerRequest& request);
  ServerResponse put_override(const ServerRequest& request);
  ServerResponse delete_override(const ServerRequest& request);
  ServerResponse get_mode(const ServerRequest& request);
  ServerResponse put_mode(const ServerRequest& request);
  ServerResponse health(const ServerRequest& request);
  ServerResponse readiness(const ServerRequest& request);
  ServerResponse prometheus(const ServerRequest& request);

  ApiParts parts_;
  const Redaction redaction_;  // for what stages say of their failures
  Access access_;
  const std::size_t max_concurrent_cycles_;
  const Status status_;
  TargetProbe target_probe_;
};

}  // namespace cpab
