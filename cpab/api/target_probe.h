#pragma once

#include <mutex>
#include <optional>
#include <stop_token>
#include <string>

#include "cpab/io/clock.h"
#include "cpab/pipeline/cycle.h"

namespace cpab {

/// Looks for the target on behalf of readiness probes: once a second at most, and for one caller at
/// a time, so that whoever asks in a loop neither loads the API server nor makes others wait. Safe
/// to use from several threads.
class TargetProbe {
 public:
  /// Both outlive the probe.
  TargetProbe(Cycle& cycle, Clock& clock) : cycle_(cycle), clock_(clock) {}

  /// What is missing; none: the target and its scale have been read. Waits for the API server if it
  /// is this caller who looks; the others are told what is known.
  std::optional<std::string> missing(std::stop_token stop);

 private:
  std::optional<std::string> look(std::stop_token stop);

  Cycle& cycle_;
  Clock& clock_;
  std::mutex mutex_;       // guards everything below
  bool looking_ = false;   // somebody does
  TimePoint next_look_{};  // not earlier
  std::optional<std::string> missing_ = "the target has not been read yet";
};

}  // namespace cpab
