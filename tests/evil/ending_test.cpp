#include <catch2/catch.hpp>
#include <csignal>
#include <string>
#include <vector>

#include "tests/evil/victim.h"

using namespace cpab;

namespace {

/// Runs each script of the kit as metric logic, and then as evaluate logic, in one daemon.
void check_all_refused(Victim& victim, const std::vector<std::string>& scripts,
                       const std::string& reason, const std::string& text) {
  for (const std::string& script : scripts) {
    for (const char* stage : {metric_stage, evaluate_stage}) {
      INFO(stage << " logic: " << script);
      victim.play(stage, Victim::kit(script));
      victim.check_refuses({stage, reason, text});
    }
  }
}

void check_all_accepted(const std::vector<std::string>& scripts) {
  Victim victim;
  for (const std::string& script : scripts) {
    for (const char* stage : {metric_stage, evaluate_stage}) {
      INFO(stage << " logic: " << script);
      victim.play(stage, Victim::kit(script));
      victim.check_accepts(stage);
    }
  }
}

/// Long enough for a good script on a busy machine, short enough to wait for a dozen times.
VictimOptions impatient() { return {.timeout_ms = 1000, .config = {}}; }

}  // namespace

TEST_CASE("evil: logic that does not end is ended, with all it started", "[evil]") {
  Victim victim(impatient());
  check_all_refused(
      victim,
      {"never-exits.sh", "ignores-sigterm.sh", "stops-itself.sh", "daemonizes-holding-stdout.sh",
       "closes-stdout.sh", "changes-process-group.py", "leaves-zombies.py"},
      "timeout", "timed out");
}

TEST_CASE("evil: processes that leave group, session and parents are found and ended", "[evil]") {
  Victim victim(impatient());
  check_all_refused(victim, {"double-forks.sh", "double-forks-unmarked.sh", "fork-chain.sh"},
                    "timeout", "timed out");
}

TEST_CASE("evil: a storm of processes is ended", "[evil]") {
  Victim victim(impatient());
  check_all_refused(victim, {"fork-storm.sh"}, "timeout", "timed out");
}

TEST_CASE("evil: floods are cut at maxOutputBytes", "[evil]") {
  Victim victim;
  check_all_refused(victim, {"floods-stdout.sh", "floods-for-ever.sh"}, "output_too_large",
                    "printed more than 1048576 bytes to standard output");
}

TEST_CASE("evil: an answer of logic that fails does not count", "[evil]") {
  Victim victim;
  check_all_refused(victim, {"fails-with-an-answer.sh"}, "exit", "exit status 3");
  check_all_refused(victim, {"fails-leaving-a-child.sh"}, "exit", "exit status 1");
}

TEST_CASE("evil: an answer of logic that a signal ended does not count", "[evil]") {
  struct Row {
    const char* signal;
    const char* text;
  };
  Victim victim;
  for (const auto& [signal, text] : std::vector<Row>{{"HUP", "hangup"},
                                                     {"INT", "interrupt"},
                                                     {"QUIT", "quit"},
                                                     {"ILL", "illegal instruction"},
                                                     {"TRAP", "trace/breakpoint trap"},
                                                     {"ABRT", "aborted"},
                                                     {"BUS", "bus error"},
                                                     {"FPE", "floating point exception"},
                                                     {"KILL", "killed"},
                                                     {"USR1", "user defined signal 1"},
                                                     {"SEGV", "segmentation fault"},
                                                     {"PIPE", "broken pipe"},
                                                     {"ALRM", "alarm clock"},
                                                     {"TERM", "terminated"},
                                                     {"XCPU", "CPU time limit exceeded"},
                                                     {"XFSZ", "file size limit exceeded"},
                                                     {"SYS", "bad system call"}}) {
    INFO("dies-by-signal.sh " << signal);
    victim.play(evaluate_stage, Victim::kit("dies-by-signal.sh"), signal);
    victim.check_refuses({evaluate_stage, "signal", std::string("signal: ") + text});
  }
  check_all_refused(victim, {"dies-by-signal.sh"}, "signal", "signal: segmentation fault");
}

TEST_CASE("evil: bad manners do not spoil a good answer", "[evil]") {
  check_all_accepted({"closes-stdin.sh", "reads-nothing.sh", "reads-slowly.sh",
                      "floods-stderr-first.sh", "floods-stderr.sh", "changes-its-surroundings.py",
                      "leaves-a-daemon.sh", "leaves-finished-children.py"});
}

TEST_CASE("evil: fifty megabytes of input that nobody reads are no fault", "[evil]") {
  Victim victim({.timeout_ms = 60'000, .config = {{"maxOutputBytes", "67108864"}, {"maxCycleBytes", "268435456"}}});
  victim.play(metric_stage, "/bin/sh", "-c 'head -c 50000000 /dev/zero | tr \"\\0\" x'");
  for (const char* script : {"reads-nothing.sh", "closes-stdin.sh"}) {
    INFO("evaluate logic: " << script);
    victim.play(evaluate_stage, Victim::kit(script));
    const nlohmann::json record = victim.run();
    CHECK(record.at("action") == "scaled");
    CHECK(record.at("metrics").at("values").at(0).at("value") == std::string(256, 'x'));
    CHECK(victim.setup.replicas() == tempting_replicas);
    victim.setup.cluster.scale_by_hand(victim.setup.shop, 4);
    victim.check_is_well();
  }
}
