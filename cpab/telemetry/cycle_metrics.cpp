#include "cpab/telemetry/cycle_metrics.h"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace cpab {
namespace {

constexpr std::array known_rules = {
    "minReplicas",  "maxReplicas",    "steps",    "disabled", "hold",  "stabilization",
    "scaleUpLimit", "scaleDownLimit", "override", "conflict", "answer"};

double seconds_since_epoch(WallTime time) {
  return std::chrono::duration<double>(time.time_since_epoch()).count();
}

double total_seconds(const DecisionRecord& record) {
  double milliseconds = 0;
  for (const auto& [stage, duration] : record.durations) milliseconds += duration;
  return milliseconds / 1'000;
}

bool has_step(const DecisionRecord& record, std::string_view rule) {
  return std::any_of(record.steps.begin(), record.steps.end(),
                     [&](const DecisionStep& step) { return step.rule == rule; });
}

bool conflicted(const DecisionRecord& record) { return has_step(record, "conflict"); }

/// What the next cycle finds if nobody else writes; none where that cannot be told.
std::optional<std::int32_t> count_afterwards(const DecisionRecord& record) {
  switch (record.action) {
    case Action::scaled:
      return record.desired_replicas;
    case Action::held:
      if (conflicted(record) || has_step(record, "answer")) return record.desired_replicas;
      return record.current_replicas;
    case Action::unchanged:
    case Action::disabled:
    case Action::shadow:
      return record.current_replicas;
    case Action::failed:
      break;
  }
  // The patch may have taken effect although its answer was lost.
  if (record.failure && record.failure->stage == "patch") return std::nullopt;
  return record.current_replicas;
}

}  // namespace

CycleMetrics::CycleMetrics(MetricRegistry& registry) : registry_(registry) {
  for (const char* rule : known_rules) {
    registry_.set("cpab_restricted_scaling", {{"reason", rule}}, 0);
  }
  for (const char* counter : {"cpab_upscale_replicas_total", "cpab_downscale_replicas_total",
                              "cpab_direction_reversals_total", "cpab_foreign_writes_total"}) {
    registry_.set(counter, {}, 0);
  }
}

void CycleMetrics::note(const DecisionRecord& record) {
  const std::lock_guard lock(mutex_);
  const std::string action(to_string(record.action));
  registry_.add("cpab_cycles_total",
                {{"action", action}, {"trigger", std::string(to_string(record.trigger))}});
  registry_.observe("cpab_cycle_duration_seconds", {{"action", action}}, total_seconds(record));
  for (const auto& [stage, milliseconds] : record.durations) {
    registry_.observe("cpab_stage_duration_seconds", {{"stage", stage}}, milliseconds / 1'000);
  }
  note_replicas(record);
  note_failure(record);
  note_scaling(record);
  note_others(record);
}

/// Gauges keep what the last cycle that knew better said.
void CycleMetrics::note_replicas(const DecisionRecord& record) {
  if (record.current_replicas) {
    registry_.set("cpab_current_replicas", {}, *record.current_replicas);
  }
  if (record.evaluation && record.evaluation->target_replicas) {
    registry_.set("cpab_proposed_replicas", {}, *record.evaluation->target_replicas);
  }
  if (!record.desired_replicas) return;
  registry_.set("cpab_desired_replicas", {}, *record.desired_replicas);
  registry_.set_all_to_zero("cpab_restricted_scaling");
  if (record.limited_by.empty()) return;
  registry_.set("cpab_restricted_scaling", {{"reason", record.limited_by}}, 1);
}

void CycleMetrics::note_failure(const DecisionRecord& record) {
  if (record.failure) {
    registry_.add("cpab_stage_failures_total",
                  {{"stage", record.failure->stage}, {"reason", record.failure->reason}});
    return;
  }
  registry_.set("cpab_last_success_timestamp_seconds", {}, seconds_since_epoch(record.time));
}

void CycleMetrics::note_scaling(const DecisionRecord& record) {
  if (record.action != Action::scaled) return;
  registry_.set("cpab_last_scale_timestamp_seconds", {}, seconds_since_epoch(record.time));
  const double change = static_cast<double>(*record.desired_replicas) - *record.current_replicas;
  const bool up = change > 0;
  registry_.add(up ? "cpab_upscale_replicas_total" : "cpab_downscale_replicas_total", {},
                std::abs(change));
  if (has_scaled_ && up != last_was_up_) registry_.add("cpab_direction_reversals_total");
  has_scaled_ = true;
  last_was_up_ = up;
}

/// Writes of others show in two ways: during a cycle as a conflict, and between cycles as a count
/// that is not what the last cycle left behind.
void CycleMetrics::note_others(const DecisionRecord& record) {
  if (!record.current_replicas) return;
  const bool between = expected_ && *expected_ != *record.current_replicas;
  if (between) registry_.add("cpab_foreign_writes_total");
  if (conflicted(record)) registry_.add("cpab_foreign_writes_total");
  expected_ = count_afterwards(record);
}

}  // namespace cpab
