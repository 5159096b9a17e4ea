#include <catch2/catch.hpp>

#include "cpab/io/file.h"
#include "cpab/pipeline/saved_state.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/temporary_directory.h"
#include "tests/pipeline/cycle_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("shadow mode: everything runs, nothing is written", "[pipeline]") {
  CycleFixture f;
  f.config.mode = Mode::shadow;
  int hooks = 0;
  const auto count = [&](std::string_view, const std::stop_token&) {
    ++hooks;
    return std::string();
  };
  f.set(f.methods.pre_scale, count);
  f.set(f.methods.post_scale, count);
  f.set(f.methods.post_evaluate, count);

  const DecisionRecord record = f.run().record;

  CHECK(record.mode == Mode::shadow);
  CHECK(record.action == Action::shadow);
  CHECK(record.current_replicas == 3);
  CHECK(record.desired_replicas == 5);
  CHECK(record.message == "shadow: would scale 3 -> 5: evaluation asked for 5");
  CHECK(f.cluster.written.empty());
  CHECK(hooks == 1);
}

TEST_CASE("shadow mode: what is wanted is remembered, what would be scaled is not", "[pipeline]") {
  CycleFixture f;
  f.config.mode = Mode::shadow;
  f.config.behavior.emplace();
  f.config.downscale_stabilization = 300s;
  f.run();
  CHECK(f.cycle().memory().recommendations("uid-1").highest()->replicas == 5);
  CHECK(f.cycle().memory().scale_events("uid-1").entries().empty());
}

TEST_CASE("shadow mode: after a restart the more careful mode holds", "[pipeline]") {
  const TemporaryDirectory folder;
  const CapturedLog log;
  {
    CycleFixture first;
    first.config.state_file = folder.file("state");
    first.run();
    first.cycle().set_mode(Mode::shadow);
  }
  CHECK(decode_state(read_file(folder.file("state"))).mode == Mode::shadow);
  CycleFixture second;
  second.config.state_file = folder.file("state");
  CHECK(second.cycle().mode() == Mode::shadow);
  second.cycle().set_mode(Mode::active);

  CycleFixture third;
  third.config.state_file = folder.file("state");
  CHECK(third.cycle().mode() == Mode::active);
  CycleFixture fourth;
  fourth.config.state_file = folder.file("state");
  fourth.config.mode = Mode::shadow;
  CHECK(fourth.cycle().mode() == Mode::shadow);
}

TEST_CASE("shadow mode: configured, it ends with the configuration", "[pipeline]") {
  const TemporaryDirectory folder;
  const CapturedLog log;
  {
    CycleFixture first;
    first.config.state_file = folder.file("state");
    first.config.mode = Mode::shadow;
    first.run();
  }
  CycleFixture second;
  second.config.state_file = folder.file("state");
  CHECK(second.cycle().mode() == Mode::active);
}

TEST_CASE("shadow mode: a failure and a hold are what they always are", "[pipeline]") {
  CycleFixture f;
  f.config.mode = Mode::shadow;
  f.set(f.methods.evaluate, "{}");
  CHECK(f.run().record.action == Action::failed);
  f.set(f.methods.evaluate, R"({"hold":true})");
  CHECK(f.run().record.action == Action::held);
  f.set(f.methods.evaluate, R"({"targetReplicas":3})");
  CHECK(f.run().record.message == "shadow: keeping 3: evaluation asked for 3");
}
