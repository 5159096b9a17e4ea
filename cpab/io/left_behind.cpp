#include "cpab/io/left_behind.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <set>
#include <thread>

#include "cpab/io/call_sweeper.h"
#include "cpab/io/child_registry.h"

namespace cpab {
namespace {

using Steady = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds termination_grace{200};
constexpr milliseconds patience{1'200};

bool is_left_behind(const ProcessEntry& process, const LeftBehindMarks& marks) {
  if (!is_adopted(process)) return false;
  const std::string mark = environment_value(process.id.pid, call_variable);
  return mark.starts_with(marks.prefix) ? !marks.is_running(mark) : !marks.any_running();
}

}  // namespace

std::vector<ProcessId> left_behind(const LeftBehindMarks& marks) {
  const std::vector<ProcessEntry> table = read_process_table();
  std::set<pid_t> members;
  for (const ProcessEntry& process : table) {
    if (!process.ended && is_left_behind(process, marks)) members.insert(process.id.pid);
  }
  add_descendants(members, table);
  std::vector<ProcessId> living;
  for (const ProcessEntry& process : table) {
    if (!process.ended && members.contains(process.id.pid)) living.push_back(process.id);
  }
  return living;
}

std::size_t end_left_behind(const LeftBehindMarks& marks) {
  const auto living = [&] { return left_behind(marks); };
  const std::vector<ProcessId> first = living();
  for (const ProcessId& process : first) send_signal(process, SIGTERM);
  const auto began = Steady::now();
  milliseconds pause{1};
  for (auto left = first; !left.empty() && Steady::now() < began + patience; left = living()) {
    std::this_thread::sleep_for(pause);
    pause = std::min(2 * pause, milliseconds{32});
    ChildRegistry::of_this_process().reap_orphans();
    if (Steady::now() < began + termination_grace) continue;
    freeze_processes(living);
    for (const ProcessId& process : living()) send_signal(process, SIGKILL);
  }
  ChildRegistry::of_this_process().reap_orphans();
  return first.size();
}

}  // namespace cpab
