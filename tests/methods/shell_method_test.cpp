#include <catch2/catch.hpp>
#include <csignal>

#include "cpab/io/manual_clock.h"
#include "cpab/io/posix_process_runner.h"
#include "cpab/io/system_clock.h"
#include "cpab/methods/shell_method.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/scripted_process_runner.h"
#include "tests/fakes/test_processes.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

using Lines = std::vector<std::string>;

constexpr std::size_t limit = 100'000;

ProcessResult printed(std::string out, std::string err = {}) {
  ProcessResult result;
  result.out = std::move(out);
  result.err = std::move(err);
  return result;
}

ShellConfig sh(const std::string& script) { return {"/bin/sh", {"-c", script}, false}; }

MethodError error_of(Method& method, std::string_view input = {}) {
  try {
    method.run(input, {});
  } catch (const MethodError& error) {
    return error;
  }
  FAIL("the method succeeded");
  return MethodError("", "");
}

// A call whose program ends as scripted.
MethodError error_of(ProcessResult result, const ShellConfig& config = sh("exit 1")) {
  ManualClock clock;
  ScriptedProcessRunner runner([&](const ProcessRequest&) { return result; });
  ShellMethod method(config, 1s, runner, clock, limit);
  return error_of(method);
}

}  // namespace

TEST_CASE("shell: entrypoint, arguments, input and limits reach the runner",
          "[methods][contract-20][contract-21]") {
  ManualClock clock;
  ScriptedProcessRunner runner([](const ProcessRequest&) { return printed("5\n\n"); });
  ShellMethod method({"python", {"/metric.py", "a  b", "$HOME", ""}, false}, 2500ms, runner, clock,
                     limit);

  const std::string answer = method.run("{\"a\":1}", {});

  CHECK(answer == "5\n\n");
  REQUIRE(runner.calls().size() == 1);
  const auto call = runner.calls()[0];
  CHECK(call.argv == std::vector<std::string>{"python", "/metric.py", "a  b", "$HOME", ""});
  CHECK(call.input == "{\"a\":1}");
  CHECK(call.deadline == clock.now() + 2500ms);
  CHECK(call.max_output_bytes == limit);
}

TEST_CASE("shell: standard error of a success is logged when wanted", "[methods][contract-27]") {
  ManualClock clock;
  ScriptedProcessRunner runner([](const ProcessRequest&) { return printed("ok", "warn\n"); });
  const auto logged = [&](bool log_stderr) {
    const CapturedLog log;
    ShellMethod({"x", {}, log_stderr}, 1s, runner, clock, limit).run("", {});
    return log.messages();
  };

  CHECK(logged(false).empty());
  CHECK(logged(true) == Lines{"INFO  Standard error returned from shell:\n    warn"});
}

TEST_CASE("shell: an exit status is an error with its outputs, and stderr is logged",
          "[methods][contract-22]") {
  ProcessResult result = printed("out\n", "err\n");
  result.exit_code = 3;
  const CapturedLog log;

  const MethodError error = error_of(result, sh("exit 3"));

  CHECK(std::string(error.what()) == "exit status 3 (entrypoint '/bin/sh', command '[-c exit 3]')");
  CHECK(error.reason == "exit");
  CHECK(error.out == "out\n");
  CHECK(error.err == "err\n");
  CHECK(log.messages() == Lines{"INFO  Shell command failed, stderr: err\n    stdout: out"});
}

TEST_CASE("shell: a signal is named as in the reference", "[methods][contract-23]") {
  const CapturedLog log;
  const auto text_of = [](int signal, bool core = false) {
    ProcessResult result;
    result.signal = signal;
    result.core_dumped = core;
    const MethodError error = error_of(result, {"x", {}, false});
    CHECK(error.reason == "signal");
    return std::string(error.what());
  };
  const std::string context = " (entrypoint 'x', command '[]')";

  CHECK(text_of(SIGKILL) == "signal: killed" + context);
  CHECK(text_of(SIGTERM) == "signal: terminated" + context);
  CHECK(text_of(SIGSEGV) == "signal: segmentation fault" + context);
  CHECK(text_of(SIGSEGV, true) == "signal: segmentation fault (core dumped)" + context);
  CHECK(text_of(SIGHUP) == "signal: hangup" + context);
  CHECK(text_of(SIGABRT) == "signal: aborted" + context);
  CHECK(text_of(SIGXCPU) == "signal: CPU time limit exceeded" + context);
}

TEST_CASE("shell: timeout, stop and too much output say so", "[methods][contract-24]") {
  const CapturedLog log;
  ProcessResult late = printed("partial", "why\n");
  late.timed_out = true;
  ProcessResult stopped;
  stopped.stopped = true;
  ProcessResult loud = printed(std::string(limit, 'x'), "");
  loud.overran = true;
  const ShellConfig config = sh("sleep 5");

  const MethodError timeout = error_of(late, config);
  CHECK(std::string(timeout.what()) == "entrypoint '/bin/sh', command '[-c sleep 5]' timed out");
  CHECK(timeout.reason == "timeout");
  CHECK(timeout.out == "partial");
  CHECK(timeout.err == "why\n");
  CHECK(log.messages() == Lines{"INFO  Shell command failed, stderr: why\n    stdout: partial"});

  const MethodError stop = error_of(stopped, config);
  CHECK(std::string(stop.what()) ==
        "entrypoint '/bin/sh', command '[-c sleep 5]' was ended: cpab is stopping");
  CHECK(stop.reason == "stopped");

  const MethodError overrun = error_of(loud, config);
  CHECK(std::string(overrun.what()) ==
        "entrypoint '/bin/sh', command '[-c sleep 5]' printed more than 100000 bytes to standard "
        "output; let it print less, or raise maxOutputBytes");
  CHECK(overrun.reason == "output_too_large");
}

TEST_CASE("shell: errors keep four kibibytes, in whole characters, of standard error both ends",
          "[methods]") {
  const CapturedLog log;
  ProcessResult result =
      printed(std::string(5000, 'o') + "end", std::string(2047, 'b') + "\xc3\xa9" +
                                                  std::string(1000, 'm') + std::string(2048, 'e'));
  result.exit_code = 1;

  const MethodError error = error_of(result);

  CHECK(error.out == std::string(4093, 'o') + "end");
  CHECK(error.err ==
        std::string(2047, 'b') + "...\n[1002 bytes left out]\n..." + std::string(2048, 'e'));
}

TEST_CASE("shell: twenty megabytes on standard error are no failure", "[methods]") {
  const CapturedLog log;
  ProcessResult result = printed("5\n", std::string(32768, 'b') + std::string(32768, 'e'));
  result.err_bytes = 20'000'000;
  ManualClock clock;
  ScriptedProcessRunner runner([&](const ProcessRequest&) { return result; });
  CHECK(ShellMethod({"x", {}, true}, 1s, runner, clock, limit).run("", {}) == "5\n");
  CHECK(log.messages() ==
        Lines{"INFO  Standard error returned from shell:\n    " + std::string(32768, 'b') +
              "...\n    [19934464 bytes left out]\n    ..." + std::string(32768, 'e')});
}

TEST_CASE("shell: a long command is cut in the context of an error, not in a timeout",
          "[methods]") {
  const CapturedLog log;
  const std::string script(1000, 's');
  ProcessResult result;
  result.exit_code = 1;
  const std::string exit_text = error_of(result, sh(script)).what();
  result.timed_out = true;
  const std::string timeout_text = error_of(result, sh(script)).what();

  CHECK(exit_text.size() < 300);
  CHECK(exit_text.ends_with("sss...)"));
  CHECK(timeout_text == "entrypoint '/bin/sh', command '[-c " + script + "]' timed out");
}

TEST_CASE("shell: a program that cannot be started is an error", "[methods][contract-26]") {
  ManualClock clock;
  ScriptedProcessRunner runner([](const ProcessRequest&) -> ProcessResult {
    throw ProcessError("exec: \"x\": executable file not found in $PATH");
  });
  ShellMethod method({"x", {}, false}, 1s, runner, clock, limit);

  const MethodError error = error_of(method);

  CHECK(std::string(error.what()) == "exec: \"x\": executable file not found in $PATH");
  CHECK(error.reason == "spawn");
}

TEST_CASE("shell: calls are announced at verbosity 4", "[methods]") {
  ManualClock clock;
  ScriptedProcessRunner runner([](const ProcessRequest&) { return printed(""); });
  const auto logged = [&](std::int32_t verbosity) {
    const CapturedLog log(verbosity);
    ShellMethod({"E", {"A", "B"}, false}, 1s, runner, clock, limit).run("", {});
    return log.messages();
  };

  CHECK(logged(3).empty());
  CHECK(logged(4) == Lines{"DEBUG Running shell command, entrypoint: 'E', command '[A B]'"});
}

// The same with real programs, as far as the runner's own tests do not cover it.

TEST_CASE("shell: real programs answer, fail and time out",
          "[methods][contract-20][contract-22]"
          "[contract-24][contract-28][contract-29]") {
  const CapturedLog log;
  SystemClock clock;
  PosixProcessRunner runner(clock);
  const auto method = [&](const std::string& script, Duration timeout = 10s) {
    return ShellMethod(sh(script), timeout, runner, clock, limit);
  };

  CHECK(method("cat").run("{\"v\":1}", {}) == "{\"v\":1}");
  CHECK(method("echo hi").run("", {}) == "hi\n");
  CHECK(method("exec 0<&-").run(std::string(1u << 20, 'x'), {}).empty());
  ShellMethod fails = method("echo no >&2; exit 1");
  CHECK(std::string(error_of(fails).what()).starts_with("exit status 1 ("));
  ShellMethod sleeps = method("sleep 5", 60ms);
  CHECK(std::string(error_of(sleeps).what()) ==
        "entrypoint '/bin/sh', command '[-c sleep 5]' timed out");
  ShellMethod floods = method("head -c 200000 /dev/zero");
  CHECK(error_of(floods).reason == "output_too_large");
  CHECK(children().empty());
}
