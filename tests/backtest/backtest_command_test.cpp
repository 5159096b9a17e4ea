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
             Contains(" cycles failed, the first at 2026-01-05T00:30:00Z: failed to "));
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
