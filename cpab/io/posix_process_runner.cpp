#include "cpab/io/posix_process_runner.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <set>
#include <string_view>

#include "cpab/io/child_registry.h"
#include "cpab/io/file.h"
#include "cpab/io/left_behind.h"
#include "cpab/io/logging.h"
#include "cpab/io/process_table.h"
#include "cpab/io/running_call.h"

namespace cpab {
namespace {

using Steady = std::chrono::steady_clock;

// Unlike any other daemon's, also one in another container that shares our view of processes.
std::string make_mark_prefix() {
  const ProcessId self = read_process(::getpid()).id;
  return std::to_string(::getpid()) + '-' + std::to_string(self.start_time) + '-';
}

std::vector<std::string> inherited_environment() {
  const std::string own_entry = std::string(call_variable) + '=';
  std::vector<std::string> entries;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    if (!std::string_view(*entry).starts_with(own_entry)) entries.emplace_back(*entry);
  }
  return entries;
}

// The same moment on the clock that poll() goes by.
Steady::time_point real_deadline(TimePoint deadline, TimePoint now) {
  constexpr std::chrono::hours unlimited{24 * 365};
  return Steady::now() + (deadline - now > unlimited ? unlimited : deadline - now);
}

// Only the limit that may be raised again: user logic that wants a core file says `ulimit -c`.
void write_no_core_files() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_CORE, &limit) != 0) return;
  limit.rlim_cur = 0;
  ::setrlimit(RLIMIT_CORE, &limit);
}

// The calls of all runners of this process.
struct Calls {
  std::mutex mutex;
  std::set<std::string> running;  // their marks; guarded by mutex
  std::uint64_t started = 0;      // guarded by mutex
};

Calls& calls() {
  static Calls the_ones;
  return the_ones;
}

// One call's place among them.
class Turn {
 public:
  explicit Turn(const std::string& mark_prefix) {
    const std::scoped_lock lock(calls().mutex);
    began_alone_ = calls().running.empty();
    number_ = ++calls().started;
    mark_ = mark_prefix + std::to_string(number_);
    calls().running.insert(mark_);
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    const std::scoped_lock lock(calls().mutex);
    calls().running.erase(mark_);
  }

  const std::string& mark() const { return mark_; }

  bool is_alone() const {
    const std::scoped_lock lock(calls().mutex);
    return began_alone_ && calls().started == number_;
  }

 private:
  bool began_alone_ = false;
  std::uint64_t number_ = 0;
  std::string mark_;
};

LeftBehindMarks marks_of_ended_calls(const std::string& prefix) {
  return {.prefix = prefix,
          .is_running =
              [](const std::string& mark) {
                const std::scoped_lock lock(calls().mutex);
                return calls().running.contains(mark);
              },
          .any_running =
              [] {
                const std::scoped_lock lock(calls().mutex);
                return !calls().running.empty();
              }};
}

bool has_children() {
  siginfo_t info{};
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

// The quick answer for the many calls that leave nothing. While others run, the kernel is asked for
// orphans; one that does not tell is asked again by the call that runs alone.
bool may_have_left_something(const LeftBehindMarks& marks) {
  if (!has_children()) return false;
  if (!marks.any_running()) return true;
  const auto adopted = adopted_processes();
  return std::any_of(adopted.begin(), adopted.end(),
                     [](pid_t pid) { return !ChildRegistry::of_this_process().contains(pid); });
}

std::string name_of(pid_t pid) {
  try {
    std::string name = read_file("/proc/" + std::to_string(pid) + "/comm");
    while (name.ends_with('\n')) name.pop_back();
    return name;
  } catch (const FileError&) {
    return "one that has ended since";
  }
}

}  // namespace

PosixProcessRunner::PosixProcessRunner(const Clock& clock)
    : clock_(clock), mark_prefix_(make_mark_prefix()), environment_(inherited_environment()) {
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  write_no_core_files();
  std::signal(SIGPIPE, SIG_IGN);  // a program need not read its input
  std::signal(SIGCHLD,
              SIG_DFL);  // ignored, as a parent may have left it, nothing could be waited for
}

ProcessResult PosixProcessRunner::run(const ProcessRequest& request) {
  if (request.argv.empty()) throw ProcessError("exec: no command");
  ProcessResult result;
  result.stopped = request.budget.stop.stop_requested();
  const TimePoint now = clock_.now();
  result.timed_out = !result.stopped && now >= request.budget.deadline;
  if (result.stopped || result.timed_out) return result;

  std::string mark;
  try {
    result = call(request, now, mark);
  } catch (const ProcessError&) {
    look_behind(request.argv, mark);  // what was left may be why nothing can be started
    throw;
  }
  look_behind(request.argv, mark);
  return result;
}

ProcessResult PosixProcessRunner::call(const ProcessRequest& request, TimePoint now,
                                       std::string& mark) {
  const Turn turn(mark_prefix_);
  mark = turn.mark();
  std::string call_entry = std::string(call_variable) + '=' + turn.mark();
  const std::vector<char*> child_environment = environment(call_entry);
  RunningCall call(request, child_environment.data(),
                   {mark_prefix_, turn.mark(), [&turn] { return turn.is_alone(); }},
                   real_deadline(request.budget.deadline, now));
  ProcessResult result = call.run();
  if (result.killed) ++calls_killed_;
  return result;
}

void PosixProcessRunner::look_behind(const std::vector<std::string>& argv,
                                     const std::string& mark) {
  const LeftBehindMarks marks = marks_of_ended_calls(mark_prefix_);
  if (!may_have_left_something(marks)) return;
  const std::vector<ProcessId> left = left_behind(marks);
  const std::scoped_lock lock(left_mutex_);
  if (!programs_that_left_.contains(argv)) say_what_is_left(argv, mark, left);
  seen_left_ = {left.begin(), left.end()};
  if (left.size() > most_left_behind) end_left_behind_now("they are more than may run there");
}

void PosixProcessRunner::say_what_is_left(const std::vector<std::string>& argv,
                                          const std::string& mark,
                                          const std::vector<ProcessId>& left) {
  const auto own = std::find_if(left.begin(), left.end(), [&](const ProcessId& process) {
    const std::string value = environment_value(process.pid, call_variable);
    return value == mark || (!value.starts_with(mark_prefix_) && !seen_left_.contains(process));
  });
  if (own == left.end()) return;
  programs_that_left_.insert(argv);
  const std::string process = name_of(own->pid) + " (process " + std::to_string(own->pid) + ")";
  log_warning("A call of " + argv[0] + " has left a process running in the background: " + process +
              ". All calls together may leave " + std::to_string(most_left_behind) +
              ", and none outlives cpab");
}

void PosixProcessRunner::end_left_behind() {
  const std::scoped_lock lock(left_mutex_);
  if (has_children()) end_left_behind_now("cpab is stopping");
}

void PosixProcessRunner::end_left_behind_now(const std::string& why) {
  const std::size_t ended = cpab::end_left_behind(marks_of_ended_calls(mark_prefix_));
  if (ended == 0) return;
  left_ended_ += ended;
  log_warning("Processes in the background were ended, " + std::to_string(ended) +
              " of them: " + why);
}

void PosixProcessRunner::clear_variable(const std::string& name) {
  std::erase_if(environment_,
                [&](const std::string& entry) { return entry.starts_with(name + "="); });
}

void PosixProcessRunner::set_variable(const std::string& name, const std::string& value) {
  clear_variable(name);
  environment_.push_back(name + "=" + value);
}

std::vector<char*> PosixProcessRunner::environment(std::string& call_entry) {
  std::vector<char*> entries;
  entries.reserve(environment_.size() + 2);
  for (std::string& entry : environment_) entries.push_back(entry.data());
  entries.push_back(call_entry.data());
  entries.push_back(nullptr);
  return entries;
}

}  // namespace cpab
