#include "cpab/telemetry/metric_families.h"

namespace cpab {
namespace {

/// 1 ms to 16 s by powers of two, as the HPA controller has them.
std::vector<double> seconds() {
  std::vector<double> bounds;
  for (double bound = 0.001; bounds.size() < 15; bound *= 2) bounds.push_back(bound);
  return bounds;
}

}  // namespace

std::vector<MetricFamily> metric_families() {
  using enum MetricType;
  return {
      {"cpab_build_info", gauge, "Which cpab this is. Always 1."},
      {"cpab_interval_seconds", gauge, "Seconds from one cycle to the next, as configured."},
      {"cpab_min_replicas", gauge, "The least replicas there may be now, overrides included."},
      {"cpab_max_replicas", gauge, "The most replicas there may be now, overrides included."},
      {"cpab_current_replicas", gauge, "Replicas when the last cycle began to look."},
      {"cpab_proposed_replicas", gauge, "Replicas that the last evaluation asked for."},
      {"cpab_desired_replicas", gauge, "Replicas that the last cycle decided on."},
      {"cpab_restricted_scaling", gauge,
       "Whether this rule bound the last decision that was made (1) or not (0)."},
      {"cpab_override_active", gauge, "Whether an override is in force (1) or not (0)."},
      {"cpab_shadow_mode", gauge, "Whether decisions are only recorded (1) or carried out (0)."},
      {"cpab_paused", gauge, "Whether the override in force is a pause (1) or not (0)."},
      {"cpab_cycles_total", counter, "Cycles by what they came to and by what started them."},
      {"cpab_cycle_duration_seconds", histogram, "Seconds that a cycle took.", seconds()},
      {"cpab_stage_duration_seconds", histogram, "Seconds that a stage of a cycle took.",
       seconds()},
      {"cpab_stage_failures_total", counter, "Cycles that failed, by stage and reason."},
      {"cpab_method_timeout_seconds", gauge, "Seconds that a call of user logic may take."},
      {"cpab_method_calls_killed_total", counter,
       "Calls of user logic of which something did not end when asked to, and was killed."},
      {"cpab_background_processes_ended_total", counter,
       "Processes that calls of user logic had left in the background, and that cpab ended."},
      {"cpab_orphans_reaped_total", counter,
       "Processes that user logic had left behind, and that have ended."},
      {"cpab_decision_log_dropped_total", counter,
       "Decisions that could not be written to the file of the decision log."},
      {"cpab_token_reads_total", counter,
       "Times that the file of the token for the API server was read."},
      {"cpab_certificate_expiry_timestamp_seconds", gauge,
       "When the certificate of the API expires, in seconds since the epoch."},
      {"cpab_upscale_replicas_total", counter, "Replicas that were added."},
      {"cpab_downscale_replicas_total", counter, "Replicas that were removed."},
      {"cpab_direction_reversals_total", counter,
       "Scalings that went the other way than the one before."},
      {"cpab_foreign_writes_total", counter,
       "Times that the replica count was found changed by somebody else."},
      {"cpab_last_success_timestamp_seconds", gauge,
       "When the last cycle that did not fail began, in seconds since the epoch."},
      {"cpab_last_scale_timestamp_seconds", gauge,
       "When the last cycle that wrote a count began, in seconds since the epoch."},
      {"cpab_loop_lateness_seconds", histogram,
       "Seconds that a cycle of the timer began after its moment.", seconds()},
      {"cpab_missed_cycles_total", counter,
       "Moments of the timer that were dropped because cycles took longer than the interval."},
      {"rest_client_requests_total", counter,
       "Requests to the API server, by method and status code; <error> is no answer."},
      {"rest_client_request_retries_total", counter,
       "Requests to the API server that were sent once more."},
      {"rest_client_request_duration_seconds", histogram,
       "Seconds until the API server had answered.", seconds()},
      {"process_cpu_seconds_total", counter,
       "Seconds of processor time used, without that of user logic."},
      {"process_resident_memory_bytes", gauge, "Resident memory in bytes."},
      {"process_virtual_memory_bytes", gauge, "Virtual memory in bytes."},
      {"process_open_fds", gauge, "Open file descriptors."},
      {"process_max_fds", gauge, "File descriptors that may be open."},
      {"process_threads", gauge, "Threads of the process."},
      {"process_start_time_seconds", gauge, "Start of the process in seconds since the epoch."},
  };
}

}  // namespace cpab
