#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <stop_token>
#include <string>

#include "cpab/io/clock.h"
#include "cpab/kubernetes/events.h"
#include "cpab/model/decision_record.h"
#include "cpab/pipeline/scaling_event.h"

namespace cpab {

/// How often Events may be written: `burst` at once, then one each `interval`.
class EventBudget {
 public:
  static constexpr int burst = 10;
  static constexpr std::chrono::minutes interval{1};

  /// Takes a place if there is one.
  bool take(TimePoint now);

 private:
  std::optional<TimePoint> full_at_;  // when all places are free again; none: they are
};

/// Decides which Events are written and writes them. What repeats is counted by the one Event that
/// is there. Not safe to use from several threads; a call blocks as long as its requests take.
class EventWriter {
 public:
  /// What repeats is written no more often than this; in between it is only counted.
  static constexpr std::chrono::minutes repeat_pause{5};
  /// How long nothing is tried after the API server has said that it is forbidden.
  static constexpr std::chrono::hours forbidden_pause{1};
  /// Different Events that are remembered, to be counted.
  static constexpr std::size_t remembered = 32;

  /// Everything outlives it.
  EventWriter(Events& events, Clock& clock) : events_(events), clock_(clock) {}

  /// Does what there is to do about the event of `record`, if it has one. Does not throw: what
  /// cannot be written is lost.
  void write(const DecisionRecord& record, const std::stop_token& stop);

 private:
  struct Written {
    KubernetesEvent event;
    TimePoint at;
  };

  KubernetesEvent new_event(const DecisionRecord& record, const ScalingEvent& event);
  void repeat(Written& written, const Budget& budget);
  void create(const std::string& key, const KubernetesEvent& event, const Budget& budget);
  void forget_oldest();

  Events& events_;
  Clock& clock_;
  EventBudget budget_;
  std::map<std::string, Written> written_;  // by uid, reason and message
  std::string last_uid_;                    // of the target
  TimePoint quiet_until_{};
};

}  // namespace cpab
