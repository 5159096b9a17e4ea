#include <catch2/catch.hpp>
#include <future>

#include "cpab/io/file.h"
#include "cpab/pipeline/saved_state.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr WallTime new_year{Duration(1'767'225'600'000)};  // where the clock of a fixture begins

/// Policies that allow whatever these tests want, so that scalings are remembered.
Behavior generous() {
  Behavior behavior;
  behavior.scale_up.policies = {{ScalingPolicy::Type::pods, 100, 60s}};
  return behavior;
}

/// A life of the autoscaler over the state file in `folder`, `later` than the first one began.
struct Life : CycleFixture {
  explicit Life(const TemporaryDirectory& folder, Duration later = 0s) {
    config.state_file = folder.file("state");
    config.downscale_stabilization = 300s;
    clock.advance(later);
  }

  DecisionRecord wants(const std::string& answer) {
    set(methods.evaluate, answer);
    return run().record;
  }
  DecisionRecord wants(std::int32_t replicas) {
    return wants("{\"targetReplicas\":" + std::to_string(replicas) + "}");
  }
};

}  // namespace

TEST_CASE("Cycle: a restart does not shorten the stabilization window, nor lengthen it",
          "[pipeline]") {
  const TemporaryDirectory folder;
  Life(folder).wants(8);

  Life second(folder, 299s);
  second.cluster.scale_answer.spec_replicas = 8;
  const DecisionRecord held = second.wants(2);
  CHECK(held.desired_replicas == 8);
  CHECK(held.message == "wanted 2, keeping 8: scale-down stabilization holds 8 until 00:05:00Z");
  second.clock.advance(1s);
  CHECK(second.wants(2).desired_replicas == 2);
}

TEST_CASE("Cycle: a restart at the very end of the window holds nothing", "[pipeline]") {
  const TemporaryDirectory folder;
  Life(folder).wants(8);

  Life second(folder, 300s);
  second.cluster.scale_answer.spec_replicas = 8;
  CHECK(second.wants(2).desired_replicas == 2);
}

TEST_CASE("Cycle: with a state that cannot be used the window begins with the current count",
          "[pipeline]") {
  const TemporaryDirectory folder;
  folder.write("state", "nonsense");
  const CapturedLog log;
  Life life(folder);
  life.cluster.scale_answer.spec_replicas = 6;

  CHECK(life.wants(2).message ==
        "wanted 2, keeping 6: scale-down stabilization holds 6 until 00:05:00Z");
  life.clock.advance(299s);
  CHECK(life.wants(2).desired_replicas == 6);
  life.clock.advance(1s);
  CHECK(life.wants(2).desired_replicas == 2);

  const std::vector<std::string> messages = log.messages();
  CHECK(std::count_if(messages.begin(), messages.end(),
                      [](const std::string& message) { return message.starts_with("WARN"); }) == 1);
}

TEST_CASE("Cycle: what is decided is on disk before it is written to the cluster", "[pipeline]") {
  const TemporaryDirectory folder;
  Life life(folder);
  life.config.behavior = generous();
  std::string then;
  life.set(life.methods.pre_scale, [&](std::string_view, const std::stop_token&) {
    then = read_file(life.config.state_file);
    return std::string();
  });

  life.wants(8);

  const std::vector<SavedState::Recommendation> recommended = {{new_year, 3}, {new_year, 8}};
  CHECK(decode_state(then).recommendations == recommended);
  CHECK(decode_state(then).scale_events.empty());
  const SavedState after = decode_state(read_file(life.config.state_file));
  CHECK(after.scale_events == std::vector<SavedState::Scaling>{{new_year, 3, 8}});
  CHECK(after.uid == "uid-1");
}

TEST_CASE("Cycle: a scaling is remembered though postScale fails, a refused one is not",
          "[pipeline]") {
  const TemporaryDirectory folder;
  Life life(folder);
  life.config.behavior = generous();
  std::vector<SavedState::Scaling> expected;
  SECTION("postScale fails") {
    life.fail(life.methods.post_scale);
    expected = {{new_year, 3, 8}};
  }
  SECTION("the patch is refused") { life.cluster.patch_error = KubernetesError(403, "forbidden"); }
  SECTION("somebody else was faster") { life.cluster.changed_meanwhile = 9; }

  life.wants(8);

  CHECK(decode_state(read_file(life.config.state_file)).scale_events == expected);
}

TEST_CASE("Cycle: a scaling is on disk before postScale is over", "[pipeline]") {
  const TemporaryDirectory folder;
  Life life(folder);
  life.config.behavior = generous();
  std::string then;
  life.set(life.methods.post_scale, [&](std::string_view, std::stop_token) {
    then = read_file(life.config.state_file);
    life.clock.advance(30s);
    return std::string();
  });

  life.wants(8);

  const std::vector<SavedState::Scaling> expected = {{new_year, 3, 8}};
  CHECK(decode_state(then).scale_events == expected);
  CHECK(decode_state(read_file(life.config.state_file)).scale_events == expected);
}

TEST_CASE("Cycle: policies count what was scaled before a restart", "[pipeline]") {
  const TemporaryDirectory folder;
  Behavior slow;
  slow.scale_up.policies = {{ScalingPolicy::Type::pods, 2, 60s}};
  Life first(folder);
  first.config.behavior = slow;
  CHECK(first.wants(8).desired_replicas == 5);

  Life second(folder, 30s);
  second.config.behavior = slow;
  second.cluster.scale_answer.spec_replicas = 5;
  const DecisionRecord held = second.wants(8);
  CHECK(held.desired_replicas == 5);
  CHECK(held.message ==
        "wanted 8, keeping 5: the policy of 2 pods in 60 s allows 5 until 00:01:00Z");
  second.clock.advance(30s);
  CHECK(second.wants(8).desired_replicas == 7);
}

TEST_CASE("Cycle: an outage longer than the window does as a restart does", "[pipeline]") {
  CycleFixture f;
  f.config.downscale_stabilization = 300s;
  f.cluster.scale_answer.spec_replicas = 9;
  const auto wants = [&](const char* answer) {
    f.set(f.methods.evaluate, answer);
    return f.run().record;
  };
  wants(R"({"targetReplicas":9})");
  for (int i = 0; i < 22; ++i) {
    f.clock.advance(15s);
    CHECK(wants("{}").failure);
  }

  f.clock.advance(15s);
  CHECK(wants(R"({"targetReplicas":6})").message ==
        "wanted 6, keeping 9: scale-down stabilization holds 9 until 00:10:45Z");
  f.clock.advance(301s);
  CHECK(wants(R"({"targetReplicas":6})").desired_replicas == 6);
}

TEST_CASE("Cycle: dry runs and failed cycles leave the state alone", "[pipeline]") {
  const TemporaryDirectory folder;
  Life life(folder);
  life.cycle().dry_run({});
  life.wants("{}");

  CHECK_FALSE(std::filesystem::exists(life.config.state_file));
}

TEST_CASE("Cycle: a dry run after a restart sees what was saved", "[pipeline]") {
  const TemporaryDirectory folder;
  Life(folder).wants(8);

  Life second(folder, 10s);
  second.cluster.scale_answer.spec_replicas = 8;
  second.set(second.methods.evaluate, R"({"targetReplicas":2})");

  CHECK(second.cycle().dry_run({}).record.desired_replicas == 8);
}

TEST_CASE("Cycle: a state file that cannot be written stops no scaling", "[pipeline]") {
  const TemporaryDirectory folder;
  const CapturedLog log;
  Life life(folder);
  life.config.state_file = folder.file("none/state");

  CHECK(life.wants(8).action == Action::scaled);
  CHECK(life.wants(9).action == Action::scaled);

  CHECK(log.messages()[0].starts_with("WARN  The state is not saved"));
  CHECK(log.messages().size() == 3);
}

TEST_CASE("Cycle: an override holds over a restart, until it ends, and is in the record",
          "[pipeline]") {
  const TemporaryDirectory folder;
  Life(folder).cycle().memory().set_manual(
      {.direction = Direction::none, .until = new_year + 60s, .by = "alice", .reason = "release"});

  Life second(folder, 30s);
  const DecisionRecord paused = second.wants(8);
  CHECK(paused.action == Action::unchanged);
  CHECK(paused.limited_by == "override");
  CHECK(paused.message ==
        "wanted 8, keeping 3: paused until 2026-01-01T00:01:00Z by alice: release");
  CHECK(second.cluster.written.empty());

  second.clock.advance(30s);
  CHECK(second.wants(8).message == "scaled 3 -> 8: evaluation asked for 8");
}

TEST_CASE("Cycle: an override does not replace user logic that fails", "[pipeline]") {
  CycleFixture f;
  f.cycle().memory().set_manual({.replicas = 9, .until = new_year + 1h});
  f.fail(f.methods.evaluate);

  CHECK(f.run().record.action == Action::failed);
  CHECK(f.cluster.written.empty());
}

TEST_CASE("Cycle: hooks are told of a hold that was overridden that it wanted what was there",
          "[pipeline]") {
  CycleFixture f;
  f.cycle().memory().set_manual({.replicas = 9, .until = new_year + 1h});
  f.set(f.methods.evaluate, R"({"hold":true})");
  ScriptedMethod& pre_scale = f.set(f.methods.pre_scale, "");

  CHECK(f.run().record.message ==
        "scaled 3 -> 9: override sets 9 replicas until 2026-01-01T01:00:00Z");
  REQUIRE(pre_scale.inputs().size() == 1);
  CHECK(pre_scale.inputs()[0].find(R"("evaluation":{"targetReplicas":9})") != std::string::npos);
  CHECK(pre_scale.inputs()[0].find(R"("targetReplicas":3,"currentReplicas":3)") !=
        std::string::npos);
}

TEST_CASE("Cycle: overrides come and go while it runs", "[pipeline]") {
  const TemporaryDirectory folder;
  Life life(folder);
  CycleMemory& memory = life.cycle().memory();
  const CapturedLog log;
  const Override pause{.direction = Direction::none, .until = new_year + 1h};
  const auto setter = std::async(std::launch::async, [&] {
    for (int i = 0; i < 50; ++i) {
      memory.set_manual(pause);
      memory.clear_manual();
    }
    memory.set_manual(pause);
  });

  for (int i = 0; i < 50; ++i) {
    const DecisionRecord record = life.run().record;
    CHECK_FALSE(record.failure.has_value());
  }
  setter.wait();
  memory.save_exactly();

  CHECK(decode_state(read_file(life.config.state_file)).manual == pause);
}
