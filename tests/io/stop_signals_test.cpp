#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <cstdlib>

#include "cpab/io/posix_process_runner.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/test_processes.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

// Gives the other tests of this program their signals back.
struct SignalGuard {
  SignalGuard() { pthread_sigmask(SIG_SETMASK, nullptr, &saved); }
  ~SignalGuard() { pthread_sigmask(SIG_SETMASK, &saved, nullptr); }
  sigset_t saved;
};

}  // namespace

TEST_CASE("stop signals: those that ask a daemon to end end the wait", "[io]") {
  const SignalGuard guard;
  StopSignals signals;

  ::raise(SIGTERM);
  CHECK(StopSignals::one_is_waiting());
  CHECK(signals.wait() == SIGTERM);
  CHECK_FALSE(StopSignals::one_is_waiting());
  for (const int signal : {SIGINT, SIGHUP, SIGQUIT, SIGXCPU}) {
    ::raise(signal);
    CHECK(StopSignals::one_is_waiting());
    CHECK(signals.wait_for(0ms) == signal);
  }
  CHECK(signals.wait_for(0ms) == std::nullopt);
}

TEST_CASE("stop signals: those without a meaning are logged and end nothing", "[io]") {
  const SignalGuard guard;
  const CapturedLog log;
  StopSignals signals;
  for (const int signal : {SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGIO, SIGPWR}) ::raise(signal);

  CHECK_FALSE(StopSignals::one_is_waiting());
  CHECK(signals.wait_for(20ms) == std::nullopt);

  REQUIRE(log.messages().size() == 6);
  CHECK(log.messages().front() ==
        "WARN  The signal SIGUSR1 means nothing to cpab, which goes on; SIGTERM ends it");
}

TEST_CASE("stop signals: under nohup a SIGHUP changes nothing", "[io]") {
  const SignalGuard guard;
  const auto before = std::signal(SIGHUP, SIG_IGN);
  StopSignals signals;
  ::raise(SIGHUP);
  CHECK_FALSE(StopSignals::one_is_waiting());
  CHECK(signals.wait_for(0ms) == std::nullopt);
  std::signal(SIGHUP, before);
}

TEST_CASE("stop signals: orphans are reaped while waiting", "[io]") {
  const SignalGuard guard;
  StopSignals signals;
  SystemClock clock;
  PosixProcessRunner runner(clock);
  runner.run(
      {{"/bin/sh", "-c", "(sleep 0.05 >/dev/null 2>&1 &)"}, {}, {clock.now() + 10s, {}}, 100});
  REQUIRE(children().size() == 1);

  CHECK(signals.wait_for(150ms) == std::nullopt);

  CHECK(children().empty());
}

TEST_CASE("stop signals: a broken pipe ends nobody", "[io]") {
  const SignalGuard guard;
  const StopSignals signals;
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);

  CHECK(::write(ends[1], "x", 1) == -1);

  ::close(ends[1]);
}

TEST_CASE("stop signals: a limit of the size of files ends nobody", "[io]") {
  const pid_t child = ::fork();
  if (child == 0) {
    const StopSignals signals;
    const rlimit limit{10, 10};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    char path[] = "/tmp/cpab-test-XXXXXX";
    const int file = ::mkstemp(path);
    ::unlink(path);
    const bool full = ::write(file, "0123456789", 10) == 10 && ::write(file, "x", 1) == -1;
    ::_exit(full && errno == EFBIG ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);
}
