#pragma once

#include <sys/types.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "cpab/io/process_table.h"

namespace cpab {

/// The environment variable by which processes are recognised as belonging to a call, even when
/// their parents are gone.
inline constexpr char call_variable[] = "CPAB_CALL";

/// Whether the daemon adopted this process, which one that it did not start itself had started.
bool is_adopted(const ProcessEntry& process);

/// Adds the descendants of `members` that `table` knows.
void add_descendants(std::set<pid_t>& members, const std::vector<ProcessEntry>& table);

/// Stops all of them before they are killed, so that nothing new is started behind our back.
void freeze_processes(const std::function<std::vector<ProcessId>()>& living);

/// What marks the processes of one call.
struct CallMark {
  std::string prefix;  ///< what the values of call_variable begin with in this daemon
  std::string value;   ///< of call_variable, for this call
  /// True while no other call has run at the same time: then an orphan that lost its mark can only
  /// come from this one.
  std::function<bool()> is_alone;
};

/// Ends the processes of one call: its process group, their descendants, and those descendants that
/// left group, session and parents behind and were adopted by the daemon. Never touches processes
/// of other calls, nor what an earlier successful call left running.
///
/// The leader must not be reaped while this exists, so that its number stays its own.
class CallSweeper {
 public:
  enum class Reach {
    group,       ///< the process group only
    everything,  ///< whatever the call started
  };

  CallSweeper(pid_t leader, CallMark mark, Reach reach);

  /// Whether anything in reach is still running.
  bool anything_left() { return !living().empty(); }

  /// Asks everything in reach to end.
  void terminate();

  /// Ends everything in reach by force; returns when it is gone, or after about a second.
  void kill();

 private:
  std::vector<ProcessId> living();
  bool belongs(const ProcessEntry& process, const std::vector<ProcessEntry>& table) const;
  bool is_own_orphan(const ProcessEntry& process, const std::vector<ProcessEntry>& table) const;
  bool may_be_unmarked_own(const ProcessEntry& process,
                           const std::vector<ProcessEntry>& table) const;
  bool may_be_starting(const ProcessEntry& process) const;
  bool is_older(const ProcessEntry& process) const;  // than the call
  void chase();
  void signal_all(int signal);

  const pid_t leader_;
  const CallMark mark_;
  const Reach reach_;
  const ProcessId leader_id_;
  std::set<ProcessId> known_;  // found before; still ours when their parents are gone
};

}  // namespace cpab
