#pragma once

#include <functional>
#include <mutex>
#include <stop_token>
#include <string>

#include "cpab/backtest/scenario.h"
#include "cpab/io/posix_process_runner.h"
#include "cpab/io/small_thread.h"
#include "cpab/io/system_clock.h"

namespace cpab {

/// A service of a scenario, running from the construction of this to its destruction, whatever it
/// does: it ends as a program does that takes too long. Its output is kept for the message when it
/// fails.
class Service {
 public:
  explicit Service(ScenarioService service);
  ~Service();

  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;

  /// Returns once it is ready; `keep_waiting()` is asked every now and then. Throws
  /// std::runtime_error when it ended, or is not ready within ten seconds.
  void wait_until_ready(const std::function<bool()>& keep_waiting);

  /// Throws std::runtime_error, with what it printed, when the program has ended.
  void check() const;

 private:
  void run();
  bool answers();

  const ScenarioService service_;
  SystemClock clock_;
  PosixProcessRunner programs_;
  std::stop_source stop_;
  mutable std::mutex mutex_;
  std::string end_;     // guarded by mutex_; how the program ended; empty: it runs
  SmallThread thread_;  // last: it uses the above
};

}  // namespace cpab
