#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "cpab/model/decision_record.h"
#include "cpab/telemetry/metric_registry.h"

namespace cpab {

/// Turns decision records into metrics. Knows nothing but the records, and the moments in them.
/// Safe to use from any thread.
class CycleMetrics {
 public:
  /// The registry has metric_families() and outlives this.
  explicit CycleMetrics(MetricRegistry& registry);

  /// Takes the record of each cycle once.
  void note(const DecisionRecord& record);

 private:
  void note_replicas(const DecisionRecord& record);
  void note_failure(const DecisionRecord& record);
  void note_scaling(const DecisionRecord& record);
  void note_others(const DecisionRecord& record);

  MetricRegistry& registry_;
  std::mutex mutex_;
  bool last_was_up_ = false;              // guarded by mutex_
  bool has_scaled_ = false;               // guarded by mutex_
  std::optional<std::int32_t> expected_;  // guarded by mutex_; none: not known
};

}  // namespace cpab
