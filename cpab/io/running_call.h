#pragma once

#include <sys/types.h>

#include <chrono>
#include <exception>
#include <string>
#include <string_view>

#include "cpab/io/call_sweeper.h"
#include "cpab/io/head_and_tail.h"
#include "cpab/io/process_runner.h"
#include "cpab/io/unique_fd.h"

namespace cpab {

/// One program from its start to its end: feeds it, listens to it, and sees that nothing of it is
/// left when it fails. Used once, by one thread.
///
///     started --> outputs at their end and exited --> result
///        |                                              ^
///        +-- deadline, stop, too much output --> SIGTERM, 200 ms, SIGKILL
class RunningCall {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// The request and the environment must outlive this.
  RunningCall(const ProcessRequest& request, char* const* environment, CallMark mark,
              Time deadline);
  RunningCall(const RunningCall&) = delete;
  RunningCall& operator=(const RunningCall&) = delete;
  ~RunningCall();

  /// Throws what ProcessRunner::run() does.
  ProcessResult run();

 private:
  void start();
  void wait_until_finished();
  bool has_to_end();
  bool has_finished();
  void serve(std::chrono::nanoseconds longest);
  void feed();
  void take_output(std::string_view piece);
  void keep(std::string& text, std::string_view piece);
  void look_for_exit();
  void end_what_is_left(CallSweeper::Reach reach);
  void release();

  const ProcessRequest& request_;
  char* const* const environment_;
  const CallMark mark_;
  const Time deadline_;

  pid_t leader_ = 0;  // 0 = not started, or reaped
  std::string_view unsent_;
  UniqueFd in_;
  UniqueFd out_;
  UniqueFd err_;
  UniqueFd exit_;      // readable once the program has exited; opened when needed
  UniqueFd stopping_;  // readable once the stop token was used; only where it can be
  bool exited_ = false;
  std::exception_ptr no_memory_;  // why an output could not be kept
  bool ending_ = false;           // by us; nobody has to tell us to stop any more
  ProcessResult result_;
  HeadAndTail err_text_{kept_error_bytes};
};

}  // namespace cpab
