#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cpab/io/unique_fd.h"

namespace cpab {

/// A process that once was: its number may be given to another one, its number with the time it
/// started is unique.
struct ProcessId {
  pid_t pid = 0;
  std::uint64_t start_time = 0;  ///< clock ticks since boot

  friend bool operator==(const ProcessId&, const ProcessId&) = default;

  /// The older one first. A tick is 10 ms long; within one, numbers are given in rising order.
  friend bool operator<(const ProcessId& a, const ProcessId& b) {
    return a.start_time != b.start_time ? a.start_time < b.start_time : a.pid < b.pid;
  }
};

/// What /proc says about one process (proc(5), `stat`).
struct ProcessEntry {
  ProcessId id;
  pid_t parent = 0;
  pid_t group = 0;
  bool ended = false;  ///< only waits to be reaped
};

/// Reads one process; an entry with pid 0 when there is none.
ProcessEntry read_process(pid_t pid);

/// Reads all processes that can be seen.
std::vector<ProcessEntry> read_process_table();

/// The processes that this one adopted, and the children its main thread started: much quicker than
/// the whole table. Empty where the kernel does not say.
std::vector<pid_t> adopted_processes();

/// The value of variable `name` in the environment the process was started with; empty when it
/// has none, or may not be read.
std::string environment_value(pid_t pid, std::string_view name);

/// A descriptor that becomes readable when the process ends; invalid where the kernel (before 5.3)
/// or a sandbox has none to give.
UniqueFd open_pidfd(pid_t pid);

/// Sends a signal to exactly this process, not to a later one of the same number.
void send_signal(const ProcessId& process, int signal);

}  // namespace cpab
