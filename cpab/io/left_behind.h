#pragma once

#include <functional>
#include <string>
#include <vector>

#include "cpab/io/process_table.h"

namespace cpab {

/// How processes of calls that are over are told from those of calls that still run.
struct LeftBehindMarks {
  std::string prefix;  ///< what the values of call_variable begin with in this daemon
  /// Whether the call with this value of call_variable still runs.
  std::function<bool(const std::string& mark)> is_running;
  /// Whether any call runs: then a process without a mark may belong to it.
  std::function<bool()> any_running;
};

/// The processes, with all their descendants, that calls have left running.
std::vector<ProcessId> left_behind(const LeftBehindMarks& marks);

/// Ends them: SIGTERM, and SIGKILL 200 ms later. Returns how many there were at first, when they
/// are gone or after about a second.
std::size_t end_left_behind(const LeftBehindMarks& marks);

}  // namespace cpab
