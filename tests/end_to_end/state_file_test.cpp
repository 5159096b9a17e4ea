#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>

#include "cpab/io/file.h"
#include "cpab/pipeline/saved_state.h"
#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

/// A setup with a state file and a window of five minutes, in which evaluate wants what the file
/// `wanted` says.
struct StateSetup : Setup {
  StateSetup() {
    config["stateFile"] = folder.file("state/file");
    config["downscaleStabilization"] = "300";
    config["evaluate"] =
        shell("printf '{\"targetReplicas\":%s}' $(cat " + folder.file("wanted") + ")");
    std::filesystem::create_directory(folder.file("state"));
    wants(3);
  }

  /// Scalings are remembered for what limits them.
  void remembers_scalings() {
    config["behavior"] = "{scaleUp: {policies: [{type: Pods, value: 100, periodSeconds: 1800}]}}";
  }

  void wants(int replicas) const { folder.write("wanted", std::to_string(replicas)); }

  /// Waits until what is on disk is like that.
  template <typename Condition>
  bool saves(Condition condition) const {
    return soon([&] {
      try {
        return condition(decode_state(read_file(folder.file("state/file"))));
      } catch (const FileError&) {
        return false;  // not written yet
      }
    });
  }
};

/// Waits for the first decision of a daemon.
nlohmann::json first_decision(Daemon& daemon) {
  REQUIRE(has_decided(daemon, 1));
  return decisions(daemon).front();
}

std::vector<std::string> warnings_of(const Daemon& daemon) {
  std::vector<std::string> warnings;
  for (const std::string& line : daemon.log_lines()) {
    if (line.find(" WARN ") != std::string::npos && line.find("tate") != std::string::npos) {
      warnings.push_back(line.substr(line.find(" WARN ") + 7));
    }
  }
  return warnings;
}

bool has_message(const nlohmann::json& decision, const std::string& beginning) {
  return decision.at("message").get<std::string>().starts_with(beginning);
}

}  // namespace

TEST_CASE("state file: after a SIGKILL the window goes on where it was", "[end_to_end]") {
  StateSetup setup;
  setup.remembers_scalings();
  {
    Daemon daemon = setup.start();
    REQUIRE(setup.reaches(3));
    REQUIRE(setup.saves([](const SavedState& state) { return state.scale_events.size() == 1; }));
    daemon.program().signal(SIGKILL);
    CHECK(daemon.program().wait() == 128 + SIGKILL);
  }
  setup.wants(1);

  Daemon daemon = setup.start();

  CHECK(has_message(first_decision(daemon),
                    "wanted 1, keeping 3: scale-down stabilization holds 3 until "));
  REQUIRE(has_decided(daemon, 3));
  CHECK(setup.replicas() == 3);
  CHECK(warnings_of(daemon).empty());
  CHECK(daemon.stop() == 0);
  // Not from the restart on: the highest count is still the one of the first life.
  CHECK(setup.saves([](const SavedState& state) {
    return state.recommendations.size() == 2 && state.recommendations[0].replicas == 3 &&
           state.recommendations[1].replicas == 1 && state.scale_events.size() == 1;
  }));
}

TEST_CASE("state file: one that cannot be used is warned of once, and the current count holds",
          "[end_to_end]") {
  StateSetup setup;
  setup.wants(1);
  setup.cluster.scale_by_hand(setup.shop, 4);
  setup.folder.write("state/file", "{\"version\":1,\"checksum\":");

  Daemon daemon = setup.start();

  CHECK(has_message(first_decision(daemon),
                    "wanted 1, keeping 4: scale-down stabilization holds 4 until "));
  REQUIRE(has_decided(daemon, 3));
  const std::vector<std::string> warnings = warnings_of(daemon);
  REQUIRE(warnings.size() == 1);
  CHECK(warnings[0].starts_with("State file " + setup.folder.file("state/file") +
                                " is ignored: it is damaged: "));
  CHECK(setup.saves([](const SavedState&) { return true; }));
}

TEST_CASE("state file: where it cannot be written cpab warns once, scales, and writes when it can",
          "[end_to_end]") {
  StateSetup setup;
  setup.remembers_scalings();
  std::filesystem::remove(setup.folder.file("state"));

  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  setup.wants(5);
  CHECK(setup.reaches(5));
  REQUIRE(has_decided(daemon, 5));
  CHECK(warnings_of(daemon) ==
        std::vector<std::string>{"The state is not saved and would not survive a restart: create " +
                                 setup.folder.file("state/file") +
                                 ".tmp: no such file or directory"});

  std::filesystem::create_directory(setup.folder.file("state"));
  CHECK(setup.saves([](const SavedState& state) { return state.scale_events.size() == 2; }));
  CHECK(daemon.logs("can be written again"));
}

TEST_CASE("state file: an override survives a restart, and ends when it said", "[end_to_end]") {
  StateSetup setup;
  setup.config["downscaleStabilization"] = "0";
  const WallTime until = setup.clock.wall_now() + std::chrono::hours{1};
  const std::string body =
      R"({"replicas":7,"until":")" + rfc3339(until) + R"(","by":"alice","reason":"INC-1"})";
  {
    Daemon daemon = setup.start();
    REQUIRE(setup.reaches(3));
    CHECK(daemon.call("PUT", "/api/v1/override", body).status == 200);
    CHECK(setup.reaches(7));
    daemon.program().signal(SIGKILL);
    daemon.program().wait();
  }
  {
    Daemon daemon = setup.start();
    CHECK(has_message(first_decision(daemon), "wanted 3, keeping 7: override sets 7 replicas"));
    CHECK(member(daemon.get("/api/v1/override").body, "override").at("by") == "alice");
    CHECK(daemon.stop() == 0);
  }
  // As if it had been set for a time that has passed meanwhile.
  SavedState state = decode_state(read_file(setup.folder.file("state/file")));
  state.manual->until = setup.clock.wall_now() - Duration{1};
  setup.folder.write("state/file", encode_state(state));

  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  CHECK(member(daemon.get("/api/v1/override").body, "override").is_null());
  CHECK(daemon.logs("The override has ended"));
}
