#include "cpab/io/stop_signals.h"

#include <algorithm>
#include <csignal>
#include <ctime>

#include "cpab/io/child_registry.h"

namespace cpab {
namespace {

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGCHLD);
  return set;
}

timespec to_timespec(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {seconds.count(), (time - seconds).count()};
}

bool ends_the_daemon(int signal) { return signal == SIGTERM || signal == SIGINT; }

}  // namespace

StopSignals::StopSignals() {
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

int StopSignals::wait() {
  for (;;) {
    if (const auto signal = wait_for(std::chrono::hours{24})) return *signal;
  }
}

std::optional<int> StopSignals::wait_for(std::chrono::milliseconds time) {
  using Steady = std::chrono::steady_clock;
  const sigset_t signals = handled_signals();
  const Steady::time_point deadline = Steady::now() + time;
  for (;;) {
    const auto left = std::max(deadline - Steady::now(), Steady::duration::zero());
    const timespec timeout = to_timespec(left);
    const int signal = sigtimedwait(&signals, nullptr, &timeout);
    if (ends_the_daemon(signal)) return signal;
    if (signal == SIGCHLD) ChildRegistry::of_this_process().reap_orphans();
    if (left == Steady::duration::zero()) return std::nullopt;
  }
}

bool StopSignals::one_is_waiting() {
  sigset_t waiting;
  sigemptyset(&waiting);
  sigpending(&waiting);
  return sigismember(&waiting, SIGTERM) == 1 || sigismember(&waiting, SIGINT) == 1;
}

}  // namespace cpab
