#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "cpab/io/posix_process_runner.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/system_clock.h"
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

TEST_CASE("stop signals: SIGTERM and SIGINT end the wait", "[io]") {
  const SignalGuard guard;
  StopSignals signals;

  ::raise(SIGTERM);
  CHECK(signals.wait() == SIGTERM);
  ::raise(SIGINT);
  CHECK(signals.wait_for(0ms) == SIGINT);
  CHECK(signals.wait_for(0ms) == std::nullopt);
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
