#include "cpab/telemetry/telemetry.h"

#include <algorithm>

#include "cpab/io/process_usage.h"
#include "cpab/model/version.h"
#include "cpab/pipeline/configured_methods.h"
#include "cpab/telemetry/metric_families.h"

namespace cpab {
namespace {

template <typename Time>
double seconds(Time time) {
  return std::chrono::duration<double>(time).count();
}

MetricLabels target_labels(const ScaleTarget& target) {
  return {{"namespace", target.namespace_name},
          {"target_kind", target.kind},
          {"target_name", target.name}};
}

/// What holds while `manual` is in force.
Bounds narrowed(const Bounds& bounds, const std::optional<Override>& manual) {
  if (!manual) return bounds;
  const std::int32_t minimum = manual->replicas.value_or(manual->minimum.value_or(bounds.minimum));
  const std::int32_t maximum = manual->replicas.value_or(manual->maximum.value_or(bounds.maximum));
  return {bounds.clamp(minimum), bounds.clamp(maximum)};
}

}  // namespace

Telemetry::Telemetry(const Config& config, WallTime started)
    : bounds_(config.bounds),
      certificate_file_(config.api.cert_file),
      registry_(metric_families(), target_labels(config.target), "cpab_"),
      cycles_(registry_) {
  registry_.set("cpab_build_info", {{"version", version()}}, 1);
  registry_.set("cpab_interval_seconds", {}, seconds(config.interval));
  registry_.set("cpab_missed_cycles_total", {}, 0);
  registry_.set("rest_client_request_retries_total", {}, 0);
  registry_.set("process_start_time_seconds", {}, seconds(started.time_since_epoch()));
  for (const auto& [stage, method] : configured_methods(config)) {
    if (!method.calls_user_logic()) continue;
    // Called once per pod: the stage takes longer than a call may.
    if (stage == Stage::metric && config.run_mode == RunMode::per_pod) continue;
    registry_.set("cpab_method_timeout_seconds", {{"stage", std::string(to_string(stage))}},
                  seconds(method.timeout));
  }
}

void Telemetry::note_tick(const LoopTick& tick) {
  registry_.observe("cpab_loop_lateness_seconds", {}, seconds(tick.late));
  registry_.add("cpab_missed_cycles_total", {}, static_cast<double>(tick.missed));
}

void Telemetry::note_request(const RestTry& request) {
  const std::string code = request.status == 0 ? "<error>" : std::to_string(request.status);
  registry_.add("rest_client_requests_total", {{"code", code}, {"method", request.method}});
  registry_.observe("rest_client_request_duration_seconds", {{"verb", request.method}},
                    seconds(request.took));
  if (request.retry) registry_.add("rest_client_request_retries_total");
}

std::string Telemetry::text(const ScrapeFacts& facts) {
  note_override(facts.manual);
  registry_.set("cpab_shadow_mode", {}, facts.mode == Mode::shadow ? 1 : 0);
  note_user_logic(facts);
  registry_.set("cpab_decision_log_dropped_total", {},
                static_cast<double>(facts.decisions_dropped));
  note_credentials(facts);
  note_process();
  return registry_.text();
}

void Telemetry::note_override(const std::optional<Override>& manual) {
  const Bounds bounds = narrowed(bounds_, manual);
  registry_.set("cpab_min_replicas", {}, bounds.minimum);
  registry_.set("cpab_max_replicas", {}, bounds.maximum);
  registry_.set("cpab_override_active", {}, manual ? 1 : 0);
  const bool paused = manual && manual->direction == Direction::none;
  registry_.set("cpab_paused", {}, paused ? 1 : 0);
}

void Telemetry::note_user_logic(const ScrapeFacts& facts) {
  registry_.set("cpab_method_calls_killed_total", {},
                static_cast<double>(facts.method_calls_killed));
  registry_.set("cpab_background_processes_ended_total", {}, static_cast<double>(facts.left_ended));
  registry_.set("cpab_orphans_reaped_total", {}, static_cast<double>(facts.orphans_reaped));
}

void Telemetry::note_credentials(const ScrapeFacts& facts) {
  if (facts.certificate_expiry) {
    registry_.set("cpab_certificate_expiry_timestamp_seconds", {{"file", certificate_file_}},
                  seconds(facts.certificate_expiry->time_since_epoch()));
  }
  if (facts.token_reads) {
    const auto set = [&](const char* result, std::uint64_t count) {
      registry_.set("cpab_token_reads_total", {{"result", result}}, static_cast<double>(count));
    };
    set("success", facts.token_reads->succeeded);
    set("failure", facts.token_reads->failed);
  }
}

void Telemetry::note_process() {
  const ProcessUsage usage = process_usage();
  const auto set = [&](const char* name, std::uint64_t value) {
    registry_.set(name, {}, static_cast<double>(value));
  };
  registry_.set("process_cpu_seconds_total", {}, usage.cpu_seconds);
  set("process_resident_memory_bytes", usage.resident_bytes);
  set("process_virtual_memory_bytes", usage.virtual_bytes);
  set("process_open_fds", usage.open_descriptors);
  set("process_max_fds", usage.max_descriptors);
  set("process_threads", usage.threads);
}

}  // namespace cpab
