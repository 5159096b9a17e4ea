#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "cpab/io/call_sweeper.h"
#include "cpab/io/clock.h"
#include "cpab/io/process_runner.h"

namespace cpab {

/// Runs real programs, each in a process group of its own, with this process's environment and
/// working directory, no descriptors but the three pipes, no signal blocked or ignored, and no core
/// file of a crash (a limit of this whole process, which programs may raise again).
///
/// When a call times out, is stopped or prints too much, whatever it started is ended: SIGTERM,
/// 200 ms, SIGKILL, also to descendants that changed their group or session; for that this process
/// becomes the reaper of its descendants. When a program fails by itself, what is left of its group
/// is ended. When it succeeds, its background processes are left alone, up to most_left_behind of
/// all calls together; of more, all are ended. What is left is said once for each command.
///
/// Other code must not start processes, nor wait for any, beside it (see ChildRegistry).
class PosixProcessRunner : public ProcessRunner {
 public:
  /// Copies the environment. The clock only says how much of a budget is left; the waiting itself
  /// is real.
  explicit PosixProcessRunner(const Clock& clock);

  static constexpr std::size_t most_left_behind = 64;

  ProcessResult run(const ProcessRequest& request) override;

  /// Ends what calls that are over have left in the background. Takes a second at most.
  void end_left_behind();

  /// How many such processes had to be ended.
  std::uint64_t left_ended() const { return left_ended_; }

  /// How many calls there were of which something had to be killed (ProcessResult::killed).
  std::uint64_t calls_killed() const { return calls_killed_; }

  /// What programs started from now on find in the environment. Not while calls run.
  void set_variable(const std::string& name, const std::string& value);
  void clear_variable(const std::string& name);  ///< not while calls run, either

 private:
  ProcessResult call(const ProcessRequest& request, TimePoint now, std::string& mark);
  void look_behind(const std::vector<std::string>& argv, const std::string& mark);
  void say_what_is_left(const std::vector<std::string>& argv, const std::string& mark,
                        const std::vector<ProcessId>& left);
  void end_left_behind_now(const std::string& why);
  std::vector<char*> environment(std::string& call_entry);

  const Clock& clock_;
  const std::string mark_prefix_;
  std::vector<std::string> environment_;  // `NAME=value`
  std::atomic<std::uint64_t> calls_killed_{0};
  std::atomic<std::uint64_t> left_ended_{0};
  std::mutex left_mutex_;                                  // one thread ends them at a time
  std::set<std::vector<std::string>> programs_that_left_;  // said already; guarded by left_mutex_
  std::set<ProcessId> seen_left_;                          // the last time; guarded by left_mutex_
};

}  // namespace cpab
