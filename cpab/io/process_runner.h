#pragma once

#include <cstddef>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/model/budget.h"
#include "cpab/model/memory_account.h"

namespace cpab {

struct ProcessRequest {
  std::vector<std::string> argv;  ///< argv[0] is searched in PATH when it has no `/`
  std::string_view input;         ///< fed to standard input, then end of file
  Budget budget;                  ///< what the call may take; ends the process early when stopped
  std::size_t max_output_bytes;   ///< of standard output
  MemoryShare* memory = nullptr;  ///< counts standard output while it comes; null: not counted
};

/// How much of standard error is kept, the first and the last half of it.
inline constexpr std::size_t kept_error_bytes = 65'536;

/// How a process ended. Exactly one of the ways below the outputs applies; all false and
/// `signal` 0 means it exited by itself with `exit_code`.
struct ProcessResult {
  std::string out;
  std::string err;            ///< of more than kept_error_bytes both ends, one behind the other
  std::size_t err_bytes = 0;  ///< how much it was
  int exit_code = 0;
  int signal = 0;            ///< the signal that killed it by itself; 0 = none
  bool timed_out = false;    ///< the deadline passed; whatever the call started was ended
  bool stopped = false;      ///< the stop token asked for it; whatever the call started was ended
  bool overran = false;      ///< the output passed its limit; whatever the call started was ended
  bool core_dumped = false;  ///< with `signal`: the kernel says that a core was written
  bool killed = false;       ///< something of it did not end when asked to, and was killed

  bool succeeded() const {
    return exit_code == 0 && signal == 0 && !timed_out && !stopped && !overran;
  }
};

/// The program could not be started. The message is the reference's, such as
/// `exec: "x": executable file not found in $PATH`.
struct ProcessError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Starts programs and sees to their end. Safe to call from several threads at once.
class ProcessRunner {
 public:
  virtual ~ProcessRunner() = default;

  /// Feeds the input, collects both outputs concurrently, and returns when the program has exited
  /// and both outputs have reached their end, or when it was made to end. A program that does not
  /// read its input is fine. Throws ProcessError only when the program could not be started, and
  /// MemoryError or std::bad_alloc when there is no memory for what it prints; whatever the call
  /// started was ended then, too.
  virtual ProcessResult run(const ProcessRequest& request) = 0;
};

}  // namespace cpab
