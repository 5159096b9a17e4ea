#pragma once

#include <chrono>
#include <optional>

namespace cpab {

/// The signals that end the daemon, taken one at a time by the main thread instead of by handlers:
/// SIGTERM, SIGINT, SIGHUP (unless it is ignored, as under nohup), SIGQUIT and SIGXCPU. Others that
/// would end it without a chance to end what it runs, such as SIGUSR1, are logged and change
/// nothing. To be made at the very start of main, before any other thread: all of them and SIGCHLD
/// are blocked for every thread to come. SIGPIPE and SIGXFSZ are ignored: a pipe that nobody reads
/// and a file that may not grow are errors of what is written.
class StopSignals {
 public:
  StopSignals();

  /// Blocks until one that ends the daemon comes and returns its number. Meanwhile reaps the
  /// orphans that the daemon adopted, as its children end.
  int wait();

  /// The same for at most `time`; none when no signal came.
  std::optional<int> wait_for(std::chrono::milliseconds time);

  /// Whether one of those that end the daemon has come and was not taken yet. For what is waited
  /// for before the main thread takes them.
  static bool one_is_waiting();
};

}  // namespace cpab
