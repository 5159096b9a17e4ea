#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "cpab/io/file.h"
#include "tests/evil/victim.h"

using namespace cpab;

namespace {

/// What the next program finds: working directory, file mask, signals, descriptors, limits.
std::string surroundings(Victim& victim) {
  const std::string file = victim.setup.folder.file("found");
  victim.play(metric_stage, "/bin/sh",
              "-c 'pwd; umask; grep -E \"Sig(Blk|Ign)\" /proc/self/status; ls /proc/self/fd; "
              "ulimit -n; echo \"$HOME $PATH\"' | tee " +
                  file);
  CHECK(victim.run().at("failure").is_null());
  victim.setup.cluster.scale_by_hand(victim.setup.shop, 4);
  return read_file(file);
}

}  // namespace

TEST_CASE("evil: what logic changes of its surroundings ends with it", "[evil]") {
  Victim victim;
  const std::string before = surroundings(victim);
  REQUIRE(before.find("SigBlk") != std::string::npos);

  victim.play(metric_stage, Victim::kit("changes-its-surroundings.py"));
  CHECK(victim.run().at("action") == "scaled");

  CHECK(surroundings(victim) == before);
}

TEST_CASE("evil: escape sequences of logic reach neither terminal nor log lines", "[evil]") {
  Victim victim;
  for (const char* stage : {metric_stage, evaluate_stage}) {
    INFO(stage << " logic");
    victim.play(stage, Victim::kit("logs-escape-sequences.sh"));
    victim.check_refuses({stage, "exit", "exit status 1"});
  }
  const std::string log = victim.daemon().log();
  CHECK(log.find('\033') == std::string::npos);
  CHECK(log.find('\r') == std::string::npos);
  CHECK(log.find('\007') == std::string::npos);
  CHECK(log.find("\xc2\x9b") == std::string::npos);
  CHECK(log.find("\\x1b[2J\\x1b]0;owned\\x07\\x0d2026-01-01") != std::string::npos);
  CHECK(log.find("\n2026-01-01") == std::string::npos);  // the forged line does not begin one
}

TEST_CASE("evil: a full disk costs the decision log, not the decisions", "[evil]") {
  // Whatever is written to that device fails for lack of space.
  Victim victim({.timeout_ms = 60'000, .config = {{"decisionLog", "/dev/full"}}});
  const std::string disk = victim.setup.folder.file("disk");
  for (const char* stage : {metric_stage, evaluate_stage}) {
    INFO(stage << " logic");
    victim.play(stage, Victim::kit("fills-the-disk.sh"), disk);
    victim.check_refuses({stage, "signal", "signal: file size limit exceeded"});
    CHECK(std::filesystem::file_size(disk) <= 42'000'000);
    std::filesystem::remove(disk);
  }
  const std::string log = victim.daemon().log();
  const std::string warning = "Decisions are not written to the decision log: ";
  const std::size_t first = log.find(warning);
  REQUIRE(first != std::string::npos);
  CHECK(log.find(warning, first + 1) == std::string::npos);  // once, not each time
}

TEST_CASE("evil: logic slower than the interval is not called while it runs", "[evil]") {
  Victim victim({.timeout_ms = 60'000, .config = {{"interval", "20"}}});
  victim.play(metric_stage, Victim::kit("slower-than-the-interval.sh"),
              victim.setup.folder.file("running"));
  const std::size_t before = decisions(victim.daemon()).size();

  REQUIRE(has_decided(victim.daemon(), before + 6));

  for (const nlohmann::json& record : decisions(victim.daemon())) {
    CAPTURE(record.dump());
    CHECK(record.at("failure").is_null());
  }
}

TEST_CASE("evil: logic that changes its mind cannot scale down within the window", "[evil]") {
  Victim victim({.timeout_ms = 60'000, .config = {{"downscaleStabilization", "3600"}}});
  victim.play(evaluate_stage, Victim::kit("flip-flops.sh"), victim.setup.folder.file("flip"));
  CHECK(victim.run().at("message") == "scaled 4 -> 9: evaluation asked for 9");

  for (int times = 0; times < 6; ++times) {
    const nlohmann::json record = victim.run();
    CHECK(record.at("action") == "unchanged");
    CHECK(record.at("desiredReplicas") == 9);
    CHECK(victim.setup.replicas() == 9);
  }
}
