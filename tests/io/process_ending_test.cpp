#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>

#include "cpab/io/child_registry.h"
#include "cpab/io/file.h"
#include "cpab/io/posix_process_runner.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_processes.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::size_t mebibyte = 1u << 20;

// A background process that writes its number to a file and then sleeps for long.
constexpr char sleeper[] = "sh -c 'echo $$ > FILE.part; mv FILE.part FILE; exec sleep 30'";

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

struct Fixture {
  SystemClock clock;
  PosixProcessRunner runner{clock};
  TemporaryDirectory directory;

  ProcessRequest request(const std::string& script, Duration timeout) const {
    return {{"/bin/sh", "-c", script}, {}, {clock.now() + timeout, {}}, mebibyte};
  }

  ProcessResult run(const std::string& script, Duration timeout = 20s) {
    return runner.run(request(script, timeout));
  }

  // The sleeper that writes to the file of that name.
  std::string start_sleeper(const std::string& name) const {
    return replaced(sleeper, "FILE", directory.file(name));
  }

  pid_t pid_in(const std::string& name) const {
    const std::string path = directory.file(name);
    REQUIRE(eventually([&] { return ::access(path.c_str(), F_OK) == 0; }));
    return std::stoi(read_file(path));
  }

  static void end(pid_t pid) {
    ChildRegistry& children = ChildRegistry::of_this_process();
    const std::uint64_t before = children.orphans_reaped();
    ::kill(pid, SIGKILL);
    CHECK(eventually([&] {
      children.reap_orphans();
      return !is_running(pid);
    }));
    CHECK(children.orphans_reaped() > before);
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "ending: a timeout ends the program and its whole group",
                 "[io][contract-24]") {
  const auto start = Steady::now();

  const ProcessResult result = run(start_sleeper("pid") + " & echo out; echo err >&2; wait", 150ms);

  CHECK(result.timed_out);
  CHECK_FALSE(result.succeeded());
  CHECK(result.out == "out\n");
  CHECK(result.err == "err\n");
  CHECK(Steady::now() - start < 10s);  // and not the 30 s of the sleep
  CHECK_FALSE(is_running(pid_in("pid")));
  CHECK(children().empty());
}

TEST_CASE_METHOD(Fixture, "ending: a program may use its grace to clean up", "[io]") {
  const ProcessResult result =
      run("trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.01; done", 150ms);

  CHECK(result.timed_out);
  CHECK(result.out == "ready\ncleaned\n");
  CHECK_FALSE(result.killed);
  CHECK(runner.calls_killed() == 0);
}

TEST_CASE_METHOD(Fixture, "ending: who ignores SIGTERM is killed", "[io]") {
  const auto start = Steady::now();

  const ProcessResult result = run("trap '' TERM; while :; do sleep 0.05; done", 100ms);

  CHECK(result.timed_out);
  CHECK(result.killed);
  CHECK(runner.calls_killed() == 1);
  CHECK(Steady::now() - start < 10s);
  CHECK(children().empty());
}

TEST_CASE_METHOD(Fixture, "ending: a program that joined our own process group is found and killed",
                 "[io]") {
  std::stop_source source;
  const std::string program =
      "import os, signal, time\n"
      "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
      "os.setpgid(0, os.getpgid(os.getppid()))\n"  // no shell can do that
      "open('FILE.part', 'w').write(str(os.getpid()))\n"
      "os.rename('FILE.part', 'FILE')\n"
      "time.sleep(30)\n";
  const ProcessRequest call{{"python3", "-c", replaced(program, "FILE", directory.file("pid"))},
                            {},
                            {clock.now() + 30s, source.get_token()},
                            mebibyte};
  pid_t own_group = 0;
  const std::jthread stopper([&] {
    own_group = read_process(pid_in("pid")).group;
    source.request_stop();
  });

  CHECK(runner.run(call).stopped);

  CHECK(own_group == ::getpgrp());
  CHECK_FALSE(is_running(pid_in("pid")));
  CHECK(children().empty());
}

TEST_CASE_METHOD(Fixture, "ending: a daemonized stubborn grandchild is found and killed", "[io]") {
  const std::string stubborn =
      replaced(start_sleeper("pid"), "exec sleep", "trap \"\" TERM; exec sleep");

  const ProcessResult result =
      run("(setsid setsid " + stubborn + " >/dev/null 2>&1 </dev/null &) ; sleep 30", 300ms);

  CHECK(result.timed_out);
  CHECK_FALSE(is_running(pid_in("pid")));
  CHECK(children().empty());
}

TEST_CASE_METHOD(Fixture, "ending: a daemonized grandchild with an empty environment is found",
                 "[io]") {
  const ProcessResult result =
      run("(env -i setsid " + start_sleeper("pid") + " >/dev/null 2>&1 </dev/null &) ; sleep 30",
          300ms);

  CHECK(result.timed_out);
  CHECK_FALSE(is_running(pid_in("pid")));
}

TEST_CASE_METHOD(Fixture, "ending: an exited program whose grandchild holds the output times out",
                 "[io]") {
  const ProcessResult result = run("printf 7; " + start_sleeper("pid") + " & exit 0", 200ms);

  CHECK(result.timed_out);
  CHECK(result.out == "7");
  CHECK_FALSE(is_running(pid_in("pid")));
}

TEST_CASE_METHOD(Fixture, "ending: a stop ends a call at once", "[io]") {
  std::stop_source source;
  ProcessRequest call = request(start_sleeper("pid"), 20s);
  call.budget.stop = source.get_token();
  const std::jthread stopper([&] {
    pid_in("pid");
    source.request_stop();
  });
  const auto start = Steady::now();

  const ProcessResult result = runner.run(call);

  CHECK(result.stopped);
  CHECK_FALSE(result.timed_out);
  CHECK(Steady::now() - start < 10s);
  CHECK_FALSE(is_running(pid_in("pid")));
}

TEST_CASE_METHOD(Fixture, "ending: fifty megabytes are cut at the limit", "[io]") {
  const ProcessResult result = run("head -c 50000000 /dev/zero; sleep 30");

  CHECK(result.overran);
  CHECK(result.out.size() == mebibyte);
  CHECK(children().empty());
}

TEST_CASE_METHOD(Fixture, "ending: output of exactly the limit is no overrun", "[io]") {
  const ProcessResult result = run("head -c 1048576 /dev/zero");

  CHECK(result.succeeded());
  CHECK(result.out.size() == mebibyte);
}

TEST_CASE_METHOD(Fixture, "ending: a successful call leaves its background process alone",
                 "[io][contract-29]") {
  const auto start = Steady::now();

  const ProcessResult result = run(start_sleeper("pid") + " >/dev/null 2>&1 & echo hi");

  CHECK(result.succeeded());
  CHECK(result.out == "hi\n");
  CHECK(Steady::now() - start < 10s);
  const pid_t left_alone = pid_in("pid");
  run("sleep 30", 50ms);  // another call's end does not touch it either
  CHECK(is_running(left_alone));
  end(left_alone);
}

TEST_CASE_METHOD(Fixture, "ending: what is left in the background is said once for each command",
                 "[io]") {
  const CapturedLog log;
  const std::string script = start_sleeper("pid") + " >/dev/null 2>&1 &";
  run(script);
  run("echo another");
  run(script);

  REQUIRE(log.messages().size() == 1);
  CHECK_THAT(
      log.messages()[0],
      Catch::StartsWith("WARN  A call of /bin/sh has left a process running in the background: "));
  runner.end_left_behind();
  CHECK(children().empty());
  CHECK(runner.left_ended() == 2);
  REQUIRE(log.messages().size() == 2);
  CHECK(log.messages()[1] ==
        "WARN  Processes in the background were ended, 2 of them: cpab is stopping");
}

TEST_CASE_METHOD(Fixture, "ending: what has lost its mark is said as well, of whose call it is",
                 "[io]") {
  const CapturedLog log;
  run(start_sleeper("pid") + " >/dev/null 2>&1 &");
  pid_in("pid");
  run("env -i setsid " + start_sleeper("other") + " >/dev/null 2>&1 &");
  pid_in("other");
  run("echo innocent");
  run("echo innocent as well");

  CHECK(log.messages().size() == 2);
  runner.end_left_behind();
  CHECK(children().empty());
}

TEST_CASE_METHOD(Fixture, "ending: too much that is left in the background is ended", "[io]") {
  const auto most = PosixProcessRunner::most_left_behind;
  const std::string start =
      "i=0; while [ $i -lt COUNT ]; do PROGRAM >/dev/null 2>&1 & i=$((i+1)); done";
  const auto leave = [&](std::size_t count, const std::string& program) {
    return run(replaced(replaced(start, "COUNT", std::to_string(count)), "PROGRAM", program));
  };
  const CapturedLog log;
  CHECK(leave(most, "sleep 30").succeeded());
  CHECK(runner.left_ended() == 0);
  CHECK(children().size() == most);

  SECTION("by many calls") { CHECK(leave(1, "sleep 30").succeeded()); }
  SECTION("by one that leaves the group and the session and ignores SIGTERM") {
    CHECK(leave(1, "setsid sh -c 'trap \"\" TERM; sleep 30; sleep 30'").succeeded());
  }
  SECTION("by what forks on when its call is over") {
    runner.end_left_behind();
    REQUIRE(children().empty());
    leave(1, "sh -c 'sleep 0.3; while :; do sleep 30 & done'");
    std::this_thread::sleep_for(600ms);
  }
  SECTION("seen by a call that leaves nothing, or fails") {
    leave(1, "sh -c 'sleep 0.2; sleep 30 & sleep 30 & wait'");
    CHECK_THROWS_AS(runner.run({{"/nonexistent"}, {}, {clock.now() + 20s, {}}, 1}), ProcessError);
  }
  CHECK(run("true").succeeded());

  CHECK(eventually([&] {
    ChildRegistry::of_this_process().reap_orphans();
    return children().empty();
  }));
  CHECK(runner.left_ended() > most);
}

TEST_CASE_METHOD(Fixture, "ending: what running calls have started is not taken for left behind",
                 "[io]") {
  // Its parent is gone, so it is adopted, but its call waits for the output it holds.
  std::jthread other(
      [&] { CHECK(run("(setsid sh -c 'sleep 0.5; echo late' &) ; exit 0").out == "late\n"); });
  std::this_thread::sleep_for(150ms);
  run("true");
  runner.end_left_behind();
}

TEST_CASE_METHOD(Fixture, "ending: an unmarked process of an earlier call survives a later timeout",
                 "[io]") {
  REQUIRE(run("env -i setsid " + start_sleeper("pid") + " >/dev/null 2>&1 &").succeeded());
  const pid_t left_alone = pid_in("pid");

  CHECK(run("sleep 30", 50ms).timed_out);

  CHECK(is_running(left_alone));
  end(left_alone);
}

TEST_CASE_METHOD(Fixture, "ending: a failed call's group is ended, what left it is not", "[io]") {
  const ProcessResult result =
      run(start_sleeper("group") + " >/dev/null 2>&1 & setsid " + start_sleeper("session") +
          " >/dev/null 2>&1 & while ! test -e " + directory.file("group") + " || ! test -e " +
          directory.file("session") + "; do sleep 0.01; done; exit 1");

  CHECK(result.exit_code == 1);
  CHECK_FALSE(is_running(pid_in("group")));
  CHECK(is_running(pid_in("session")));
  end(pid_in("session"));
}

TEST_CASE_METHOD(Fixture, "ending: the calls beside one that times out are not touched", "[io]") {
  ProcessResult beside;
  {
    const std::jthread thread([&] { beside = run("sleep 0.5; echo done"); });
    CHECK(run("setsid sleep 30 & sleep 30", 100ms).timed_out);
  }

  CHECK(beside.succeeded());
  CHECK(beside.out == "done\n");
}

TEST_CASE_METHOD(Fixture, "ending: a chain of processes that keep forking is caught", "[io]") {
  // Each link starts the next one in a session of its own and exits: no number stays for long. The
  // chain is long enough to outlive the test, but would end by itself if it got away.
  const std::string link =
      directory.write("link", "trap '' TERM\n[ $1 -gt 0 ] || exit 0\nsleep 0.02\nsetsid sh " +
                                  directory.file("link") + " $(($1 - 1)) >/dev/null 2>&1 &\n");

  const ProcessResult result = run("sh " + link + " 2000; sleep 30", 200ms);

  CHECK(result.timed_out);
  CHECK(eventually([] {
    ChildRegistry::of_this_process().reap_orphans();
    return children().empty();
  }));
}

TEST_CASE_METHOD(Fixture, "ending: a storm of processes is ended", "[io]") {
  const ProcessResult result = run(
      "trap '' TERM; for i in $(seq 60); do (while :; do sleep 0.02; done) & done; wait", 150ms);

  CHECK(result.timed_out);
  CHECK(children().empty());
}

TEST_CASE_METHOD(Fixture, "orphans: adopted processes are reaped when they end", "[io]") {
  REQUIRE(run("(sleep 0.1 >/dev/null 2>&1 &)").succeeded());
  REQUIRE(children().size() == 1);

  CHECK(eventually([] {
    ChildRegistry::of_this_process().reap_orphans();
    return children().empty();
  }));
}
