#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <stop_token>

#include "cpab/api/handlers.h"
#include "cpab/config/config.h"
#include "cpab/io/clock.h"
#include "cpab/io/curl_http_client.h"
#include "cpab/io/http_server.h"
#include "cpab/io/posix_process_runner.h"
#include "cpab/io/small_thread.h"
#include "cpab/kubernetes/credentials.h"
#include "cpab/kubernetes/kubernetes_client.h"
#include "cpab/pipeline/cycle.h"
#include "cpab/pipeline/decision_log.h"
#include "cpab/pipeline/event_recorder.h"
#include "cpab/pipeline/heartbeat.h"
#include "cpab/pipeline/stage_methods.h"
#include "cpab/telemetry/telemetry.h"

namespace cpab {

/// The daemon: builds everything from a valid configuration, owns it, and runs it on threads of
/// its own until stopped. The only place where the concrete classes meet.
class Autoscaler {
 public:
  /// How long API calls in flight may go on after stop().
  static constexpr Duration drain_time{1'000};

  /// Makes no request and starts nothing. The clock outlives it. Throws what its parts throw:
  /// MethodError, TokenError, TokenFileError.
  Autoscaler(const Config& config, const Credentials& credentials, Clock& clock);
  ~Autoscaler();

  Autoscaler(const Autoscaler&) = delete;
  Autoscaler& operator=(const Autoscaler&) = delete;

  /// Begins to listen, then starts the loop. Throws HttpServerError when it cannot listen.
  void start();

  /// Writes nothing to the cluster from now on, ends the running user logic of the loop, lets API
  /// calls in flight finish for up to drain_time, and returns when everything has ended. May be
  /// called more than once.
  void stop();

  const DecisionLog& decisions() const { return log_; }

  /// Where the API listens; 0 when it is off or not started.
  std::uint16_t api_port() const { return server_ ? server_->port() : std::uint16_t{0}; }

 private:
  void start_api();
  void loop();
  void observe(const DecisionRecord& record);
  ScrapeFacts scrape_facts();

  const Config config_;
  Clock& clock_;
  std::stop_source shutdown_;
  PosixProcessRunner processes_;
  CurlHttpClient http_;
  Telemetry telemetry_;
  KubernetesClient kubernetes_;
  StageMethods methods_;
  DecisionLog log_;
  Heartbeat heartbeat_;
  Cycle cycle_;
  Handlers handlers_;
  std::unique_ptr<HttpServer> server_;
  std::atomic<const HttpServer*> serving_{nullptr};  // server_, for requests that come early
  std::unique_ptr<EventRecorder> events_;            // null: off, or not started
  SmallThread loop_;
};

}  // namespace cpab
