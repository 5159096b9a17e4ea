#include "cpab/io/stop_signals.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstring>
#include <ctime>
#include <string>

#include "cpab/io/child_registry.h"
#include "cpab/io/logging.h"

namespace cpab {
namespace {

constexpr std::array ending{SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGXCPU};

// Each of these would end the process and leave behind what it runs.
constexpr std::array meaningless{SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGIO, SIGPWR};

template <std::size_t size>
bool is_one_of(int signal, const std::array<int, size>& signals) {
  return std::find(signals.begin(), signals.end(), signal) != signals.end();
}

bool is_ignored(int signal) {
  struct sigaction action {};
  return ::sigaction(signal, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

sigset_t handled_signals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : ending) sigaddset(&set, signal);
  for (const int signal : meaningless) sigaddset(&set, signal);
  sigaddset(&set, SIGCHLD);
  if (is_ignored(SIGHUP)) sigdelset(&set, SIGHUP);  // started by nohup
  return set;
}

timespec to_timespec(std::chrono::nanoseconds time) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return {seconds.count(), (time - seconds).count()};
}

}  // namespace

StopSignals::StopSignals() {
  const sigset_t signals = handled_signals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
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
    if (is_one_of(signal, ending)) return signal;
    if (is_one_of(signal, meaningless)) {
      log_warning(std::string("The signal SIG") + sigabbrev_np(signal) +
                  " means nothing to cpab, which goes on; SIGTERM ends it");
    }
    if (signal == SIGCHLD) ChildRegistry::of_this_process().reap_orphans();
    if (left == Steady::duration::zero()) return std::nullopt;
  }
}

bool StopSignals::one_is_waiting() {
  sigset_t waiting;
  sigemptyset(&waiting);
  sigpending(&waiting);
  return std::any_of(ending.begin(), ending.end(),
                     [&](int signal) { return sigismember(&waiting, signal) == 1; });
}

}  // namespace cpab
