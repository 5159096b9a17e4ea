#include "cpab/io/call_sweeper.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <thread>
#include <utility>

#include "cpab/io/child_registry.h"

namespace cpab {
namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

bool is_adopted(const ProcessEntry& process) {
  return process.parent == ::getpid() && !ChildRegistry::of_this_process().contains(process.id.pid);
}

void add_descendants(std::set<pid_t>& members, const std::vector<ProcessEntry>& table) {
  for (bool grown = true; grown;) {
    grown = false;
    for (const ProcessEntry& process : table) {
      if (members.contains(process.parent)) grown |= members.insert(process.id.pid).second;
    }
  }
}

void freeze_processes(const std::function<std::vector<ProcessId>()>& living) {
  constexpr int enough = 50;  // rounds; a process that forks faster than we read is met again
  std::set<ProcessId> frozen;
  for (int round = 0; round < enough; ++round) {
    const std::size_t before = frozen.size();
    for (const ProcessId& process : living()) {
      if (frozen.insert(process).second) send_signal(process, SIGSTOP);
    }
    if (frozen.size() == before) return;
  }
}

CallSweeper::CallSweeper(pid_t leader, CallMark mark, Reach reach)
    : leader_(leader), mark_(std::move(mark)), reach_(reach), leader_id_(read_process(leader).id) {}

void CallSweeper::terminate() { signal_all(SIGTERM); }

void CallSweeper::kill() {
  constexpr std::chrono::seconds patience{1};
  const Steady::time_point give_up = Steady::now() + patience;
  std::chrono::milliseconds pause{1};
  do {
    freeze_processes([this] { return living(); });
    signal_all(SIGKILL);
    if (reach_ == Reach::everything) chase();
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, std::chrono::milliseconds{32});
    ChildRegistry::of_this_process().reap_orphans();
  } while (anything_left() && Steady::now() < give_up);
}

// A process that forks and exits all the time has a new number before the table is read through.
// But each link of such a chain becomes ours, and looking at those alone is quick. One look is not
// enough: while a process replaces its program it has no environment to know it by.
void CallSweeper::chase() {
  constexpr std::chrono::milliseconds patience{200};
  constexpr int enough = 30;  // looks in a row that find nothing
  const Steady::time_point give_up = Steady::now() + patience;
  for (int quiet = 0; quiet < enough && Steady::now() < give_up; ++quiet) {
    std::vector<ProcessEntry> adopted;
    for (const pid_t pid : adopted_processes()) adopted.push_back(read_process(pid));
    for (const ProcessEntry& process : adopted) {
      if (process.ended || process.id.pid == 0) continue;
      const bool is_own = is_own_orphan(process, adopted);
      // With its group, which is its own, goes the next link if it has not left that yet.
      if (is_own && process.group == process.id.pid) ::kill(-process.group, SIGKILL);
      if (is_own) send_signal(process.id, SIGKILL);
      if (is_own || may_be_starting(process)) quiet = 0;
    }
  }
}

bool CallSweeper::may_be_starting(const ProcessEntry& process) const {
  return is_adopted(process) && !is_older(process) &&
         environment_value(process.id.pid, call_variable).empty();
}

bool CallSweeper::is_older(const ProcessEntry& process) const { return process.id < leader_id_; }

void CallSweeper::signal_all(int signal) {
  // One call for the whole group misses nothing, and works without /proc.
  ::kill(-leader_, signal);
  for (const ProcessId& process : living()) send_signal(process, signal);
}

std::vector<ProcessId> CallSweeper::living() {
  const std::vector<ProcessEntry> table = read_process_table();
  std::set<pid_t> members;
  for (const ProcessEntry& process : table) {
    if (belongs(process, table)) members.insert(process.id.pid);
  }
  if (reach_ == Reach::everything) add_descendants(members, table);

  std::vector<ProcessId> result;
  for (const ProcessEntry& process : table) {
    if (!members.contains(process.id.pid)) continue;
    known_.insert(process.id);
    if (!process.ended) result.push_back(process.id);
  }
  return result;
}

bool CallSweeper::belongs(const ProcessEntry& process,
                          const std::vector<ProcessEntry>& table) const {
  // The leader may have joined another group, ours among them.
  if (process.id == leader_id_ || process.group == leader_) return true;
  if (known_.contains(process.id)) return true;
  return reach_ == Reach::everything && is_own_orphan(process, table);
}

bool CallSweeper::is_own_orphan(const ProcessEntry& process,
                                const std::vector<ProcessEntry>& table) const {
  if (!is_adopted(process)) return false;
  const std::string value = environment_value(process.id.pid, call_variable);
  if (value == mark_.value) return true;
  return !value.starts_with(mark_.prefix) && may_be_unmarked_own(process, table);
}

// A process that cleared or overwrote its environment is taken for ours only when nothing else can
// have started it: no other call, and no process that an earlier call left behind.
bool CallSweeper::may_be_unmarked_own(const ProcessEntry& process,
                                      const std::vector<ProcessEntry>& table) const {
  if (is_older(process) || !mark_.is_alone()) return false;
  return std::none_of(table.begin(), table.end(), [&](const ProcessEntry& other) {
    return is_adopted(other) && is_older(other);
  });
}

}  // namespace cpab
