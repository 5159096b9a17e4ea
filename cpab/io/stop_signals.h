#pragma once

#include <chrono>
#include <optional>

namespace cpab {

/// The signals that end the daemon, taken one at a time by the main thread instead of by handlers.
/// To be made at the very start of main, before any other thread: SIGTERM, SIGINT and SIGCHLD are
/// blocked for every thread to come, and SIGPIPE is ignored.
class StopSignals {
 public:
  StopSignals();

  /// Blocks until SIGTERM or SIGINT comes and returns its number. Meanwhile reaps the orphans that
  /// the daemon adopted, as its children end.
  int wait();

  /// The same for at most `time`; none when no signal came.
  std::optional<int> wait_for(std::chrono::milliseconds time);

  /// Whether one of those that end the daemon has come and was not taken yet. For what is waited
  /// for before the main thread takes them.
  static bool one_is_waiting();
};

}  // namespace cpab
