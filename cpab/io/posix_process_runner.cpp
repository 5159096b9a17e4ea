#include "cpab/io/posix_process_runner.h"

#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <mutex>
#include <string_view>

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
  std::uint64_t running = 0;  // guarded by mutex
  std::uint64_t started = 0;  // guarded by mutex
};

Calls& calls() {
  static Calls the_ones;
  return the_ones;
}

// One call's place among them.
class Turn {
 public:
  Turn() {
    const std::scoped_lock lock(calls().mutex);
    began_alone_ = calls().running++ == 0;
    number_ = ++calls().started;
  }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;
  ~Turn() {
    const std::scoped_lock lock(calls().mutex);
    --calls().running;
  }

  std::uint64_t number() const { return number_; }

  bool is_alone() const {
    const std::scoped_lock lock(calls().mutex);
    return began_alone_ && calls().started == number_;
  }

 private:
  bool began_alone_ = false;
  std::uint64_t number_ = 0;
};

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

  const Turn turn;
  const std::string mark = mark_prefix_ + std::to_string(turn.number());
  std::string call_entry = std::string(call_variable) + '=' + mark;
  const std::vector<char*> child_environment = environment(call_entry);
  RunningCall call(request, child_environment.data(),
                   {mark_prefix_, mark, [&turn] { return turn.is_alone(); }},
                   real_deadline(request.budget.deadline, now));
  result = call.run();
  if (result.killed) ++calls_killed_;
  return result;
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
