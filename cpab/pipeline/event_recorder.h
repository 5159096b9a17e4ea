#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <stop_token>

#include "cpab/io/small_thread.h"
#include "cpab/pipeline/event_writer.h"

namespace cpab {

/// Takes decision records and writes their Events on a thread of its own, so that no cycle waits.
/// Safe to use from any thread.
class EventRecorder {
 public:
  /// Records that wait; beyond it the oldest is lost.
  static constexpr std::size_t longest_queue = 16;

  /// Writes until `shutdown` is requested, and nothing after that. Everything outlives it.
  EventRecorder(Events& events, Clock& clock, std::stop_token shutdown);

  /// Does not block.
  void note(const DecisionRecord& record);

 private:
  void run();

  EventWriter writer_;
  const std::stop_token shutdown_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<DecisionRecord> queue_;  // guarded by mutex_
  SmallThread thread_;
};

}  // namespace cpab
