#include <catch2/catch.hpp>
#include <csignal>
#include <filesystem>

#include "cpab/io/file.h"
#include "tests/fakes/program.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;
using Catch::Contains;

namespace {

const std::string example = CPAB_SOURCE_DIR "/udl-examples/hpa/config.yaml";

struct Folder : TemporaryDirectory {
  Folder() {
    write("s.yaml",
          "duration: 1h\nload: [{constant: 300}]\nexternalMetrics: [{name: queue, value: 1}]\n");
  }

  Outcome simulate(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(),
                     {CPAB_BINARY, "simulate", "--config", example, "--scenario", file("s.yaml")});
    return run_program(arguments);
  }
};

}  // namespace

TEST_CASE("cpab simulate: writes what came of it, and shows two side by side", "[backtest]") {
  const Folder folder;
  const Outcome outcome = folder.simulate({"--compare", example, "--out", folder.file("out")});

  INFO(outcome.err);
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.out, Contains("cycles in") && Contains("podHours") &&
                              Contains("open " + folder.file("out/report.html")));
  const std::string report = read_file(folder.file("out/report.html"));
  CHECK_THAT(report, Contains("\"name\":\"hpa/config.yaml\"") && !Contains(CPAB_SOURCE_DIR));
  CHECK_THAT(read_file(folder.file("out/timeline.csv")),
             Catch::StartsWith("time,load,needed,wanted,pods,ready,served\n2026-01-05T00:00:00Z,"));
  CHECK_THAT(read_file(folder.file("out/decisions.jsonl")), Contains("\"action\":\"scaled\""));
  CHECK(read_file(folder.file("out/summary.json")) ==
        read_file(folder.file("out/compare/summary.json")));
}

TEST_CASE("cpab simulate: a limit decides about the exit code", "[backtest]") {
  const Folder folder;
  CHECK(folder.simulate({"--fail-if", "podHours>1000"}).exit_code == 0);
  const Outcome beyond = folder.simulate({"--fail-if", "podHours>1", "--fail-if", "reversals>99"});
  CHECK(beyond.exit_code == 10);
  CHECK_THAT(beyond.err, Contains("config.yaml is beyond the limit podHours>1: it is"));
}

TEST_CASE("cpab simulate: a limit for what a change may cost", "[backtest]") {
  const Folder folder;
  std::string change = read_file(example);
  change.replace(change.find("averageUtilization: 50"), 22, "averageUtilization: 99");
  folder.write("change.yaml", change);
  const auto compare = [&](const char* limit) {
    return folder.simulate({"--compare", folder.file("change.yaml"), "--fail-if", limit});
  };

  CHECK(compare("podHours>1x").exit_code == 0);
  const Outcome beyond = compare("podHours<0.9x");
  CHECK(beyond.exit_code == 10);
  CHECK_THAT(beyond.err, Catch::StartsWith("change.yaml is beyond the limit podHours<0.9x: it is"));
  CHECK_THAT(beyond.err, Catch::EndsWith(" with config.yaml\n"));
  CHECK_THAT(beyond.out, Contains("config.yaml   change.yaml    difference\n"));
}

TEST_CASE("cpab simulate: says why cycles failed", "[backtest]") {
  const Folder folder;
  folder.write(
      "s.yaml",
      "duration: 1h\nload: [{constant: 300}]\nfaults: [{at: 30m, for: 1m, what: metrics}]\n");
  const Outcome outcome = folder.simulate({});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err,
             Catch::StartsWith("warning: ") &&
                 Contains(" cycles failed, the first at 2026-01-05T00:30:00Z: failed to "));
}

namespace {

/// A configuration with these scripts, as their arguments of `sh`.
std::string scripted(const std::string& metric, const std::string& evaluate,
                     const std::string& rest = "interval: 60000\n") {
  const auto method = [](const std::string& arguments) {
    return "{type: shell, timeout: 60000, shell: {entrypoint: sh, command: " + arguments + "}}\n";
  };
  return "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\n"
         "runMode: per-resource\nmetric: " +
         method(metric) + "evaluate: " + method(evaluate) + rest;
}

constexpr const char* three = R"([-c, "echo '{\"targetReplicas\": 3}'"])";

/// Works in all cycles but those from the second minute to the fourth.
constexpr const char* mostly = R"([-c, "case $CPAB_SIMULATED_TIME in *:0[2-4]:*) exit 1;; esac"])";

Outcome simulate_in(const std::string& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"env", "-C", folder, CPAB_BINARY, "simulate"});
  return run_program(arguments);
}

}  // namespace

TEST_CASE("cpab simulate: when every cycle failed, that is an error of its own", "[backtest]") {
  const TemporaryDirectory folder;
  folder.write("s.yaml", "duration: 10m\nload: [{constant: 300}]\n");
  folder.write("broken.yaml", scripted("[no-such-script.sh]", three));
  folder.write("never.yaml", scripted("[-c, echo]", three, "startTime: 86400000\n"));
  folder.write("fine.yaml", scripted("[-c, echo]", three));
  const auto simulate = [&](const std::string& config, std::vector<std::string> more) {
    more.insert(more.begin(), {"--config", config, "--scenario", "s.yaml"});
    return simulate_in(folder.file(""), more);
  };

  const Outcome broken = simulate("broken.yaml", {});
  CHECK(broken.exit_code == 11);
  CHECK_THAT(broken.err,
             Contains("warning: broken.yaml: 9 of 9 cycles failed, the first at ") &&
                 Contains("\nerror: broken.yaml: no cycle succeeded (all 9 failed); the "
                          "figures tell nothing about the configuration\n"));
  CHECK(simulate("broken.yaml", {"--fail-if", "cyclesFailed>1000"}).exit_code == 11);
  CHECK(simulate("fine.yaml", {"--compare", "broken.yaml"}).exit_code == 11);
  CHECK(simulate("fine.yaml", {}).exit_code == 0);
  folder.write("s.yaml", "start: 2026-01-05T00:00:01Z\nduration: 10m\nload: [{constant: 300}]\n");
  const Outcome never = simulate("never.yaml", {});
  CHECK(never.exit_code == 11);
  CHECK_THAT(never.err, Contains("error: never.yaml: no cycle succeeded (there was none: "));
}

TEST_CASE("cpab simulate: no cycle may fail, but in a fault or within a limit", "[backtest]") {
  const TemporaryDirectory folder;
  folder.write("c.yaml", scripted(mostly, three));
  folder.write("s.yaml", "duration: 10m\nload: [{constant: 300}]\n");
  const auto simulate = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"--config", "c.yaml", "--scenario", "s.yaml"});
    return simulate_in(folder.file(""), more);
  };

  const Outcome failing = simulate({});
  CHECK(failing.exit_code == 10);
  CHECK_THAT(
      failing.err,
      Contains("warning: c.yaml: 3 of 9 cycles failed, the first at 2026-01-05T00:02:00Z: ") &&
          Contains("\nc.yaml is beyond the limit cyclesFailedWithoutFault>0 (the default): it "
                   "is 3\n"));
  CHECK(simulate({"--fail-if", "cyclesFailed>3"}).exit_code == 0);
  CHECK(simulate({"--fail-if", "cyclesFailed>2"}).exit_code == 10);

  folder.write(
      "s.yaml",
      "duration: 10m\nload: [{constant: 300}]\nfaults: [{at: 2m, for: 3m, what: shows}]\n");
  const Outcome faulty = simulate({});
  CHECK(faulty.exit_code == 0);
  CHECK_THAT(faulty.err, Contains("warning: c.yaml: 3 of 9 cycles failed"));
}

TEST_CASE("cpab simulate: scripts are those of the working directory, and others are told of",
          "[backtest]") {
  const TemporaryDirectory folder;
  std::filesystem::create_directories(folder.file("prod"));
  std::filesystem::create_directories(folder.file("here"));
  folder.write("prod/c.yaml", scripted("[-c, echo]", "[evaluate.sh]"));
  folder.write("prod/evaluate.sh", "echo '{\"targetReplicas\": 3}'");
  folder.write("here/evaluate.sh", "echo '{\"targetReplicas\": 4}'");
  folder.write("s.yaml",
               "duration: 5m\nload: [{constant: 300}]\n"
               "services: [{command: [sh, s.yaml], ready: 'http://127.0.0.1:1/'}]\n");
  const std::vector<std::string> arguments = {"--config",  "../prod/c.yaml", "--scenario",
                                              "../s.yaml", "--fail-if",      "maxReplicas<4"};

  CHECK_THAT(simulate_in(folder.file("here"), arguments).err,
             Contains("warning: a service uses ") && Contains("here/s.yaml, which is not there, "));
  folder.write("s.yaml", "duration: 5m\nload: [{constant: 300}]\n");
  const Outcome outcome = simulate_in(folder.file("here"), arguments);
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err,
             Contains("warning: evaluate uses ") && Contains("here/evaluate.sh, and not ") &&
                 Contains("prod/evaluate.sh beside ../prod/c.yaml: relative paths start "
                          "in the working directory"));
  const Outcome there =
      simulate_in(folder.file("prod"),
                  {"--config", "c.yaml", "--scenario", "../s.yaml", "--fail-if", "maxReplicas>3"});
  CHECK(there.exit_code == 0);
  CHECK(there.err.empty());
}

TEST_CASE("cpab simulate: what the configuration is warned of is said", "[backtest]") {
  const Folder folder;
  folder.write("twice.yaml", read_file(example) + "interval: 15000\ninterval: 20000\n");
  const Outcome outcome = folder.simulate({"--compare", folder.file("twice.yaml")});
  CHECK(outcome.exit_code == 0);
  CHECK_THAT(outcome.err, Contains("warning: key \"interval\" is there twice ("));
}

TEST_CASE("cpab simulate: what a replay has decided can be replayed", "[backtest]") {
  const Folder folder;
  REQUIRE(folder.simulate({"--out", folder.file("out")}).exit_code == 0);
  const std::string log = folder.file("out/decisions.jsonl");
  folder.write("out/decisions.jsonl", read_file(log) + "{\"id\":240,\"ti");
  folder.write("s.yaml",
               "load: [{decisions: {file: out/decisions.jsonl, proposal: cpu}}]\n"
               "externalMetrics: [{name: queue, value: 1}]\n");
  const Outcome again = folder.simulate({});
  CHECK(again.exit_code == 0);
  CHECK_THAT(again.err, Contains("note: load[0].decisions") && Contains("was cut off: 1"));

  // The log alone does not say which of the two metrics it is.
  const Outcome alone =
      run_program({CPAB_BINARY, "simulate", "--config", example, "--scenario", log});
  CHECK(alone.exit_code == 2);
  CHECK_THAT(alone.err, Contains("the name one of cpu, queue"));
}

TEST_CASE("cpab simulate: says what is wrong", "[backtest]") {
  const Folder folder;
  CHECK_THAT(folder.simulate({"--fail-if", "hours>1"}).err, Contains("the summary has no hours"));
  folder.write("s.yaml", "duration: 1h\n");
  const Outcome outcome = folder.simulate({});
  CHECK(outcome.exit_code == 2);
  CHECK_THAT(outcome.err, Contains("load is missing or empty"));
  CHECK(run_program({CPAB_BINARY, "simulate", "--config", example}).exit_code == 2);
}

TEST_CASE("cpab simulate: Ctrl-C ends a program that hangs, and the replay", "[backtest]") {
  const Folder folder;
  const std::string begun = folder.file("begun");
  const std::string config = folder.write(
      "hangs.yaml",
      "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}\nnamespace: default\n"
      "runMode: per-resource\n"
      "metric: {type: shell, timeout: 600000, shell: {entrypoint: sh, command: [-c, 'touch " +
          begun +
          "; sleep 600']}}\n"
          "evaluate: {type: shell, timeout: 1000, shell: {entrypoint: cat}}\n");
  Program simulate({CPAB_BINARY, "simulate", "--config", config, "--scenario",
                    folder.file("s.yaml"), "--out", folder.file("out")});
  REQUIRE(soon([&] { return std::filesystem::exists(begun); }));

  simulate.signal(SIGINT);

  CHECK(simulate.wait() == 1);
  CHECK(simulate.err() == "cpab simulate: interrupted; nothing was written\n");
  CHECK(simulate.survivors().empty());
  CHECK_FALSE(std::filesystem::exists(folder.file("out")));
}
