#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <thread>
#include <vector>

#include "cpab/io/inherited_descriptors.h"
#include "cpab/io/manual_clock.h"
#include "cpab/io/posix_process_runner.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/fakes/test_processes.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mebibyte = 1u << 20;

struct Fixture {
  SystemClock clock;
  PosixProcessRunner runner{clock};

  ProcessRequest request(std::vector<std::string> argv, std::string_view input = {}) const {
    return {std::move(argv), input, {clock.now() + 20s, {}}, 16 * mebibyte};
  }

  ProcessResult shell(const std::string& script, std::string_view input = {}) {
    return runner.run(request({"/bin/sh", "-c", script}, input));
  }
};

std::string start_error(Fixture& fixture, std::vector<std::string> argv) {
  try {
    fixture.runner.run(fixture.request(std::move(argv)));
  } catch (const ProcessError& error) {
    return error.what();
  }
  return "started";
}

}  // namespace

TEST_CASE_METHOD(Fixture, "runner: variables are there from one call to the next", "[io]") {
  runner.set_variable("CPAB_TEST", "one");
  CHECK(shell("echo $CPAB_TEST").out == "one\n");
  runner.set_variable("CPAB_TEST", "two");
  CHECK(shell("echo $CPAB_TEST").out == "two\n");
  runner.clear_variable("CPAB_TEST");
  CHECK(shell("echo ${CPAB_TEST-none}").out == "none\n");
}

TEST_CASE_METHOD(Fixture, "runner: input goes in and output comes out byte for byte",
                 "[io][contract-20]") {
  const std::string input = std::string(300'000, 'x') + '\0' + "\r\nend";

  const ProcessResult cat = runner.run(request({"cat"}, input));
  const ProcessResult echo = runner.run(request({"echo", "hi"}));

  CHECK(cat.out == input);
  CHECK(cat.err.empty());
  CHECK(cat.succeeded());
  CHECK(echo.out == "hi\n");
}

TEST_CASE_METHOD(Fixture, "runner: arguments are handed over unexpanded", "[io][contract-21]") {
  const ProcessResult result =
      runner.run(request({"printf", "<%s>", "a  b", "$HOME", "*", "", "'q'", "\\"}));

  CHECK(result.out == "<a  b><$HOME><*><><'q'><\\>");
}

TEST_CASE_METHOD(Fixture, "runner: exit code and both outputs of a failure are kept",
                 "[io][contract-22]") {
  const ProcessResult result = shell("echo out; echo err >&2; exit 3");

  CHECK(result.exit_code == 3);
  CHECK(result.signal == 0);
  CHECK(result.out == "out\n");
  CHECK(result.err == "err\n");
  CHECK_FALSE(result.succeeded());
}

TEST_CASE_METHOD(Fixture, "runner: a signal that killed the program is named",
                 "[io][contract-23]") {
  const ProcessResult killed = shell("kill -9 $$");
  const ProcessResult terminated = shell("kill -TERM $$");

  CHECK(killed.signal == SIGKILL);
  CHECK(killed.exit_code == 0);
  CHECK_FALSE(killed.core_dumped);
  CHECK(terminated.signal == SIGTERM);
}

TEST_CASE("runner: programs that cannot be started have the reference's words",
          "[io][contract-26]") {
  Fixture fixture;
  const TemporaryDirectory directory;
  const std::string text = directory.write("text", "no program\n");
  ::chmod(text.c_str(), 0755);
  const std::string no_interpreter = directory.write("script", "#!/nonexistent/python\n");
  ::chmod(no_interpreter.c_str(), 0755);

  CHECK(start_error(fixture, {}) == "exec: no command");
  CHECK(start_error(fixture, {""}) == "exec: no command");
  CHECK(start_error(fixture, {"no-such-x"}) ==
        "exec: \"no-such-x\": executable file not found in $PATH");
  CHECK(start_error(fixture, {"/nonexistent/x"}) ==
        "fork/exec /nonexistent/x: no such file or directory");
  CHECK(start_error(fixture, {"/tmp"}) == "fork/exec /tmp: permission denied (it is a directory)");
  CHECK(start_error(fixture, {text}) ==
        "fork/exec " + text +
            ": exec format error (neither a program for this machine nor a script "
            "that begins with #!)");
  CHECK(start_error(fixture, {no_interpreter}) ==
        "fork/exec " + no_interpreter +
            ": no such file or directory (the file is there, but its "
            "interpreter \"/nonexistent/python\" is not)");
  CHECK(start_error(fixture, {"/bin/echo", std::string("a\0b", 3)}) ==
        "fork/exec /bin/echo: invalid argument");
  CHECK(start_error(fixture, {"/bin/echo", std::string(4 * mebibyte, 'x')}) ==
        "fork/exec /bin/echo: argument list too long");
}

TEST_CASE_METHOD(Fixture, "runner: a program that reads nothing of a megabyte succeeds",
                 "[io][contract-28]") {
  const std::string input(mebibyte, 'x');

  const ProcessResult exits = runner.run(request({"true"}, input));
  const ProcessResult closes = shell("exec 0<&-; sleep 0.02; echo ok", input);

  CHECK(exits.succeeded());
  CHECK(exits.out.empty());
  CHECK(closes.succeeded());
  CHECK(closes.out == "ok\n");
}

TEST_CASE_METHOD(Fixture, "runner: both outputs are read while input is still being fed", "[io]") {
  const std::string input(mebibyte, 'x');

  const ProcessResult result = shell("head -c 500000 /dev/zero >&2; tee /dev/stderr", input);

  CHECK(result.succeeded());
  CHECK(result.out == input);
  CHECK(result.err_bytes == 500'000 + mebibyte);
}

TEST_CASE_METHOD(Fixture, "runner: of much on standard error both ends are kept", "[io]") {
  const ProcessResult result =
      shell("echo begin >&2; head -c 20000000 /dev/zero >&2; echo end >&2; echo 5");

  CHECK(result.succeeded());
  CHECK(result.out == "5\n");
  CHECK(result.err_bytes == 20'000'010);
  CHECK(result.err == "begin\n" + std::string(65'536 - 10, '\0') + "end\n");
}

TEST_CASE_METHOD(Fixture, "runner: input is fed on after both outputs were closed", "[io]") {
  const TemporaryDirectory directory;
  const std::string input(mebibyte, 'x');
  const std::string copy = directory.file("copy");

  const ProcessResult result = shell("exec >/dev/null 2>&1; sleep 0.02; cat > " + copy, input);

  CHECK(result.succeeded());
  struct stat status {};
  REQUIRE(::stat(copy.c_str(), &status) == 0);
  CHECK(status.st_size == static_cast<off_t>(mebibyte));
}

TEST_CASE_METHOD(Fixture, "runner: a background process that holds the output is waited for",
                 "[io]") {
  const ProcessResult result = shell("(sleep 0.1; echo late) & echo early");

  CHECK(result.succeeded());
  CHECK(result.out == "early\nlate\n");
}

TEST_CASE_METHOD(Fixture, "runner: the child has a clean set of signals, streams and a group",
                 "[io]") {
  std::signal(SIGHUP, SIG_IGN);
  const int leaked = ::open("/dev/null", O_RDONLY);  // not close-on-exec
  close_inherited_descriptors_on_exec();

  const ProcessResult result =
      runner.run(request({"/bin/sh", "-c",
                          // Signals 32 and 33 are the C library's own.
                          "grep -E 'Sig(Blk|Ign)' /proc/self/status | sed "
                          "'s/0[01]80000000$/0000000000/'; ls /proc/self/fd | tr '\\n' ' '; "
                          "test \"$(cut -d' ' -f5 /proc/$$/stat)\" = $$ && echo leader"}));

  std::signal(SIGHUP, SIG_DFL);
  ::close(leaked);
  CHECK(result.out == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n0 1 2 3 leader\n");
}

TEST_CASE_METHOD(Fixture, "runner: what a library opened carelessly is not handed on", "[io]") {
  const int careless = ::open("/dev/null", O_RDONLY);  // not close-on-exec

  const ProcessResult result = shell("ls /proc/self/fd | tr '\\n' ' '");

  ::close(careless);
  CHECK(result.out == "0 1 2 3 ");
}

TEST_CASE("runner: the child has our environment and knows its call", "[io]") {
  ::setenv("CPAB_TEST_MARK", "inherited", 1);
  Fixture fixture;
  ::unsetenv("CPAB_TEST_MARK");

  const ProcessResult result = fixture.shell("echo $CPAB_TEST_MARK; echo ${CPAB_CALL:+marked}");

  CHECK(result.out == "inherited\nmarked\n");
}

TEST_CASE("runner: a crash leaves no core file unless the program wants one", "[io]") {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_CORE, &limit) == 0);
  limit.rlim_cur = limit.rlim_max;
  REQUIRE(::setrlimit(RLIMIT_CORE, &limit) == 0);
  Fixture fixture;

  const ProcessResult result = fixture.shell("ulimit -S -c; ulimit -H -c");

  const bool is_unlimited = limit.rlim_max == RLIM_INFINITY;
  CHECK(result.out ==
        "0\n" + (is_unlimited ? "unlimited" : std::to_string(limit.rlim_max / 512)) + "\n");
}

TEST_CASE_METHOD(Fixture, "runner: a budget that is used up starts nothing", "[io]") {
  const TemporaryDirectory directory;
  const std::string file = directory.file("touched");
  std::stop_source source;
  source.request_stop();
  ProcessRequest late = request({"touch", file});
  late.budget.deadline = clock.now();
  ProcessRequest stopped = request({"touch", file});
  stopped.budget.stop = source.get_token();

  CHECK(runner.run(late).timed_out);
  CHECK(runner.run(stopped).stopped);
  CHECK(::access(file.c_str(), F_OK) != 0);
}

TEST_CASE("runner: the budget is that of the clock it was given", "[io]") {
  ManualClock clock;
  PosixProcessRunner runner(clock);

  const ProcessResult result = runner.run({{"sleep", "5"}, {}, {clock.now() + 50ms, {}}, mebibyte});

  CHECK(result.timed_out);
}

TEST_CASE_METHOD(Fixture, "runner: fifty concurrent calls do not mix", "[io]") {
  constexpr std::size_t count = 50;
  std::vector<ProcessResult> results(count);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < count; ++i) {
      threads.emplace_back([&, i] { results[i] = shell("cat; echo err >&2", std::to_string(i)); });
    }
  }

  for (std::size_t i = 0; i < count; ++i) {
    CHECK(results[i].out == std::to_string(i));
    CHECK(results[i].err == "err\n");
  }
  CHECK(eventually([] { return children().empty(); }));
}

TEST_CASE_METHOD(Fixture, "runner: two hundred calls leave no descriptor and no zombie", "[io]") {
  std::stop_source source;
  shell("true");
  const int before = open_descriptors();

  for (int i = 0; i < 200; ++i) {
    ProcessRequest call =
        request({"/bin/sh", "-c", "echo x; exit $(( " + std::to_string(i) + " % 2 ))"});
    call.budget.stop = source.get_token();
    runner.run(call);
    if (i % 50 == 0) start_error(*this, {"/nonexistent/x"});
  }

  CHECK(open_descriptors() == before);
  CHECK(children().empty());
}
