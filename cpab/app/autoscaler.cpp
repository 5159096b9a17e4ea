#include "cpab/app/autoscaler.h"

#include <string_view>

#include "cpab/io/child_registry.h"
#include "cpab/io/contained.h"
#include "cpab/io/logging.h"
#include "cpab/methods/registry.h"
#include "cpab/model/version.h"
#include "cpab/pipeline/loop.h"

namespace cpab {
namespace {

StartupPeriods startup_periods(const Config& config) {
  return {.cpu_initialization = config.cpu_initialization_period,
          .initial_readiness_delay = config.initial_readiness_delay};
}

StageMethods stage_methods(const Config& config, ProcessRunner& processes, Clock& clock) {
  return make_stage_methods(config, builtin_methods({.processes = processes,
                                                     .clock = clock,
                                                     .max_output_bytes = config.max_output_bytes,
                                                     .behavior = config.behavior,
                                                     .parity = config.parity,
                                                     .max_sample_age = config.max_sample_age}));
}

/// Beside those of user logic, so that probes are answered while that takes all its places.
constexpr std::size_t workers_for_the_rest = 16;
constexpr std::size_t connections_for_the_rest = 112;

/// No route needs more, and callers cannot fill our memory by sending many bodies at once.
constexpr std::size_t max_body_bytes = 64u << 10;

/// An API that is off needs no tokens, nor anything else that may be missing.
Config with_api_in_use(Config config) {
  if (!config.api.enabled) config.api = ApiConfig{.enabled = false};
  return config;
}

HttpServerOptions server_options(const ApiConfig& api) {
  HttpServerOptions options;
  options.host = api.host;
  options.port = static_cast<std::uint16_t>(api.port);
  options.max_body_bytes = max_body_bytes;
  options.max_turns = static_cast<std::size_t>(api.max_concurrent_cycles);
  options.max_waiting = max_waiting_cycles;
  options.max_workers = options.max_turns + workers_for_the_rest;
  options.max_connections = options.max_turns + options.max_waiting + connections_for_the_rest;
  if (api.use_https) options.tls = ServerTls{api.cert_file, api.key_file, api.client_ca_file};
  return options;
}

/// As far as the name tells: an address that no other machine reaches.
bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "::1" || host.starts_with("127.");
}

void warn_when_open(const ApiConfig& api, std::uint16_t port) {
  if (is_loopback(api.host) || api.allowed(api.allow.runs) != Callers::anyone) return;
  log_warning("The API is open: anyone who reaches " + api.host + ":" + std::to_string(port) +
              " can run the scripts and scale; set apiConfig.tokenFile, or apiConfig.allow.runs to "
              "nobody, or apiConfig.host to 127.0.0.1");
}

}  // namespace

Autoscaler::Autoscaler(const Config& config, const Credentials& credentials, Clock& clock)
    : config_(config),
      clock_(clock),
      processes_(clock),
      http_(http_options(credentials, user_agent()), clock),
      telemetry_(config, clock.wall_now()),
      kubernetes_(credentials, http_, clock, config.kubernetes_timeout, startup_periods(config),
                  [this](const RestTry& request) { telemetry_.note_request(request); }),
      methods_(stage_methods(config, processes_, clock)),
      log_(config.decision_log),
      cycle_(config,
             {.cluster = kubernetes_.cluster(),
              .kubernetes_metrics = kubernetes_.metrics(),
              .methods = methods_,
              .clock = clock,
              .log = log_,
              .heartbeat = heartbeat_,
              .observer = [this](const DecisionRecord& record) { observe(record); }},
             shutdown_.get_token()),
      handlers_({.cycle = cycle_,
                 .log = log_,
                 .heartbeat = heartbeat_,
                 .clock = clock,
                 .prometheus = [this] { return telemetry_.text(scrape_facts()); }},
                with_api_in_use(config)) {}

Autoscaler::~Autoscaler() { stop(); }

void Autoscaler::observe(const DecisionRecord& record) {
  contained("Telling of a cycle", [&] {
    telemetry_.note_cycle(record);
    // In shadow mode nothing at all is written to the cluster.
    if (events_ && record.mode == Mode::active) events_->note(record);
  });
}

ScrapeFacts Autoscaler::scrape_facts() {
  const HttpServer* server = serving_;
  return {.manual = cycle_.memory().manual(),
          .mode = cycle_.mode(),
          .method_calls_killed = processes_.calls_killed(),
          .orphans_reaped = ChildRegistry::of_this_process().orphans_reaped(),
          .left_ended = processes_.left_ended(),
          .decisions_dropped = log_.dropped(),
          .token_reads = kubernetes_.token_reads(),
          .certificate_expiry = server != nullptr ? server->certificate_expiry() : std::nullopt};
}

void Autoscaler::start() {
  if (config_.events) {
    events_ = std::make_unique<EventRecorder>(kubernetes_.events(), clock_, shutdown_.get_token());
  }
  if (config_.api.enabled) {
    start_api();
  } else {
    log_info("API disabled, skipping starting the API");
  }
  loop_ = SmallThread([this] {
    while (!shutdown_.stop_requested()) {
      if (!contained("The loop", [this] { loop(); })) pause_for_memory();
    }
  });
}

void Autoscaler::loop() {
  run_loop({.interval = config_.interval, .start_time = config_.start_time}, clock_, heartbeat_,
           shutdown_.get_token(), [this](const LoopTick& tick) {
             contained("A cycle", [&] {
               telemetry_.note_tick(tick);
               cycle_.run(RunType::scaler, shutdown_.get_token());
             });
           });
}

void Autoscaler::stop() {
  shutdown_.request_stop();
  if (server_) server_->stop(drain_time);
  loop_.join();
  processes_.end_left_behind();
  cycle_.memory().save_exactly();
}

void Autoscaler::start_api() {
  server_ = start_http_server(server_options(config_.api), [this](const ServerRequest& request) {
    return handlers_.handle(request);
  });
  serving_ = server_.get();
  log_info(std::string("Starting API using ") + (config_.api.use_https ? "HTTPS" : "HTTP") +
           " on port " + std::to_string(server_->port()));
  warn_when_open(config_.api, server_->port());
}

}  // namespace cpab
