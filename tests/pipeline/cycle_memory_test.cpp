#include "cpab/pipeline/cycle_memory.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "cpab/io/file.h"
#include "cpab/io/manual_clock.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr WallTime new_year{Duration(1'767'225'600'000)};  // 2026-01-01T00:00:00Z

/// Policies that ask about the last half hour.
Behavior with_long_policies() {
  Behavior behavior;
  behavior.scale_up.policies = {{ScalingPolicy::Type::pods, 4, 1800s}};
  behavior.scale_down.policies = {{ScalingPolicy::Type::pods, 4, 60s}};
  return behavior;
}

/// One memory after the other over the same file, each with clocks of its own.
struct Lives {
  /// Begins another life, `later` than new year by the calendar.
  CycleMemory& begin(Duration later = 0s) {
    memory.reset();
    clock = std::make_unique<ManualClock>(new_year + later);
    memory = std::make_unique<CycleMemory>(settings, *clock);
    return *memory;
  }

  /// What a cycle does that recommends `replicas`.
  void recommend(std::int32_t replicas, const std::string& uid = "uid-1") {
    RecommendationHistory history = memory->recommendations(uid);
    history.add({clock->now(), replicas});
    memory->remember(uid, history);
    memory->save();
  }

  RecommendationHistory history(const std::vector<std::pair<Duration, std::int32_t>>& ages) const {
    RecommendationHistory expected;
    for (const auto& [age, replicas] : ages) expected.add({clock->now() - age, replicas});
    return expected;
  }

  SavedState on_disk() const { return decode_state(read_file(settings.path)); }

  TemporaryDirectory folder;
  CycleMemory::Settings settings{.target = {"apps/v1", "Deployment", "shop", "prod"},
                                 .bounds = {1, 10},
                                 .window = 300s,
                                 .behavior = with_long_policies(),
                                 .path = folder.file("state")};
  std::unique_ptr<ManualClock> clock;
  std::unique_ptr<CycleMemory> memory;
};

Override pause_of(Duration length, Duration from_new_year = 0s) {
  return {.direction = Direction::none, .until = new_year + from_new_year + length};
}

const std::string seeded = "; no scale-down below the current count for one stabilization window";

}  // namespace

TEST_CASE("CycleMemory: recommendations come back with their age, time off included",
          "[pipeline]") {
  Lives lives;
  const CapturedLog log;
  lives.begin();
  lives.recommend(9);
  lives.clock->advance(20s);
  lives.recommend(7);

  CycleMemory& memory = lives.begin(50s);

  CHECK(memory.recommendations("uid-1") == lives.history({{50s, 9}, {30s, 7}}));
  CHECK(log.messages().empty());
}

TEST_CASE("CycleMemory: what is older than the window is dropped, the edge counts", "[pipeline]") {
  Lives lives;
  lives.begin();
  lives.recommend(9);
  lives.clock->advance(1s);
  lives.recommend(7);

  lives.begin(300s);
  CHECK(lives.memory->recommendations("uid-1") == lives.history({{300s, 9}, {299s, 7}}));
  lives.begin(301s);
  CHECK(lives.memory->recommendations("uid-1") == lives.history({{300s, 7}}));
}

TEST_CASE("CycleMemory: a stale state is ignored with one warning", "[pipeline]") {
  Lives lives;
  lives.begin();
  lives.recommend(9);
  const CapturedLog log;

  CycleMemory& memory = lives.begin(301s);

  CHECK(memory.recommendations("uid-1").empty());
  CHECK(memory.recommendations("uid-1").empty());
  CHECK(log.messages() ==
        std::vector<std::string>{
            "WARN  State file " + lives.settings.path +
            " is ignored: it is stale: of 2026-01-01T00:00:00Z, longer ago than the stabilization "
            "window of 300 seconds" +
            seeded});
}

TEST_CASE("CycleMemory: a clock that was put back makes entries count from now", "[pipeline]") {
  Lives lives;
  lives.begin(2h);
  lives.recommend(9);
  lives.clock->advance(20s);
  lives.recommend(7);
  const CapturedLog log;

  CycleMemory& memory = lives.begin();

  CHECK(memory.recommendations("uid-1") == lives.history({{0s, 9}, {0s, 7}}));
  CHECK(log.messages().empty());
}

TEST_CASE("CycleMemory: a missing file is no reason to warn", "[pipeline]") {
  Lives lives;
  const CapturedLog log;
  SECTION("no file yet") {}
  SECTION("no state file configured") { lives.settings.path.clear(); }

  CycleMemory& memory = lives.begin();

  CHECK(memory.recommendations("uid-1").empty());
  CHECK(memory.manual() == std::nullopt);
  CHECK(log.messages().empty());
}

TEST_CASE("CycleMemory: a file that cannot be used is ignored with one warning", "[pipeline]") {
  Lives lives;
  lives.begin();
  lives.recommend(9);
  const std::string good = read_file(lives.settings.path);
  std::string reason;
  SECTION("half a file") {
    lives.folder.write("state", good.substr(0, 100));
    reason = "it is damaged: ";
  }
  SECTION("empty") {
    lives.folder.write("state", "");
    reason = "it is empty";
  }
  SECTION("damaged") {
    lives.folder.write("state", std::string(good).replace(good.find("\":9"), 3, "\":1"));
    reason = "it is damaged: its checksum is another";
  }
  SECTION("too large") {
    lives.folder.write("state", std::string((1 << 20) + 1, ' '));
    reason =
        "read " + lives.settings.path + ": more than the 1048576 bytes that a state file may have";
  }
  SECTION("a folder") {
    std::filesystem::remove(lives.settings.path);
    std::filesystem::create_directory(lives.settings.path);
    reason = "read " + lives.settings.path + ": is a directory";
  }
  SECTION("of another target") {
    lives.settings.target.name = "web";
    reason = "it is about Deployment shop in namespace prod, not Deployment web in namespace prod";
  }
  const CapturedLog log;

  CycleMemory& memory = lives.begin();

  CHECK(memory.recommendations("uid-1").empty());
  CHECK(memory.manual() == std::nullopt);
  REQUIRE(log.messages().size() == 1);
  CHECK(log.messages()[0].starts_with("WARN  State file " + lives.settings.path +
                                      " is ignored: " + reason));
  CHECK(log.messages()[0].ends_with(seeded));
}

TEST_CASE("CycleMemory: the state of a target made anew is ignored, an override stays",
          "[pipeline]") {
  Lives lives;
  lives.begin();
  lives.recommend(9);
  lives.memory->note_scaled(3, 9);
  lives.memory->set_manual(pause_of(1h));

  CycleMemory& memory = lives.begin();
  CHECK(memory.manual() == pause_of(1h));
  const CapturedLog log;

  CHECK(memory.recommendations("uid-2").empty());
  CHECK(memory.recommendations("uid-1").empty());
  CHECK(log.messages() ==
        std::vector<std::string>{"WARN  State file " + lives.settings.path +
                                 " is ignored: the target was deleted and made anew since; its UID "
                                 "was uid-1 and is uid-2" +
                                 seeded});
  lives.recommend(4, "uid-2");
  CHECK(lives.on_disk().uid == "uid-2");
  CHECK(lives.on_disk().scale_events.empty());
}

TEST_CASE("CycleMemory: while it runs a target made anew begins anew, too", "[pipeline]") {
  Lives lives;
  CycleMemory& memory = lives.begin();
  lives.recommend(9);
  memory.note_scaled(3, 9);

  CHECK(memory.recommendations("uid-2").empty());
  lives.recommend(4, "uid-2");

  CHECK(memory.recommendations("uid-2") == lives.history({{0s, 4}}));
  CHECK(lives.on_disk().scale_events.empty());
}

TEST_CASE("CycleMemory: without policies no scale events are kept", "[pipeline]") {
  Lives lives;
  lives.settings.behavior.reset();
  lives.begin();
  lives.recommend(5);

  lives.memory->note_scaled(3, 9);
  lives.memory->save();

  CHECK(lives.memory->scale_events("uid-1").entries().empty());
  CHECK(lives.on_disk().scale_events.empty());
}

TEST_CASE("CycleMemory: scale events come back as long as policies ask for them", "[pipeline]") {
  Lives lives;
  lives.settings.window = 0s;
  lives.begin();
  lives.recommend(5);
  lives.memory->note_scaled(3, 9);
  lives.clock->advance(10s);
  lives.memory->note_scaled(9, 8);
  lives.memory->save();
  const std::vector<SavedState::Scaling> both = {{new_year, 3, 9}, {new_year + 10s, 9, 8}};
  CHECK(lives.on_disk().scale_events == both);
  const CapturedLog log;

  for (const auto& [later, events] :
       std::vector<std::pair<Duration, std::size_t>>{{1800s, 2}, {1810s, 1}, {1811s, 0}}) {
    CAPTURE(later.count());
    lives.begin(later);
    lives.folder.write("copy", read_file(lives.settings.path));
    lives.memory->recommendations("uid-1");
    lives.memory->set_manual(pause_of(1h, later));  // something to save
    CHECK(lives.on_disk().scale_events ==
          std::vector<SavedState::Scaling>(both.end() - static_cast<long>(events), both.end()));
    lives.folder.write("state", read_file(lives.folder.file("copy")));
  }
  for (const std::string& message : log.messages())
    CHECK(message.starts_with("INFO  Override set"));
}

TEST_CASE("CycleMemory: a scale event is kept while any policy counts it, as HPA one of its way",
          "[pipeline]") {
  for (const Parity parity : {Parity::none, Parity::current}) {
    Lives lives;
    lives.settings.parity = parity;
    lives.begin();
    lives.recommend(9);
    lives.memory->note_scaled(9, 8);  // the policies down look back one minute, those up thirty
    lives.clock->advance(61s);
    lives.memory->note_scaled(8, 7);
    const std::size_t kept = parity == Parity::none ? 2 : 1;
    CHECK(lives.memory->scale_events("uid-1").entries().size() == kept);
  }
}

TEST_CASE("CycleMemory: an override comes back, unless its time has passed", "[pipeline]") {
  Lives lives;
  lives.begin().set_manual(pause_of(60s));
  const CapturedLog log;

  CHECK(lives.begin(59s).manual() == pause_of(60s));
  CHECK(lives.begin(60s).manual() == std::nullopt);
  CHECK(lives.memory->manual() == std::nullopt);

  const std::string pause = R"({"direction":"none","until":"2026-01-01T00:01:00.000Z"})";
  CHECK(log.messages() == std::vector<std::string>{"INFO  The override is still in force: " + pause,
                                                   "INFO  The override has ended: " + pause});
  lives.memory->save();
  CHECK(lives.on_disk().manual == std::nullopt);
}

TEST_CASE("CycleMemory: an override set before the first cycle keeps what was saved",
          "[pipeline]") {
  Lives lives;
  lives.begin();
  lives.recommend(9);
  lives.begin(10s).set_manual(pause_of(1h));

  CycleMemory& memory = lives.begin(20s);

  CHECK(memory.manual() == pause_of(1h));
  CHECK(memory.recommendations("uid-1") == lives.history({{20s, 9}}));
}

TEST_CASE("CycleMemory: an override that cannot be is refused and changes nothing", "[pipeline]") {
  Lives lives;
  CycleMemory& memory = lives.begin();
  memory.set_manual(pause_of(1h));

  CHECK_THROWS_AS(memory.set_manual({.replicas = 11, .until = new_year + 1h}), OverrideError);

  CHECK(memory.manual() == pause_of(1h));
  memory.clear_manual();
  CHECK(memory.manual() == std::nullopt);
  CHECK(lives.on_disk().manual == std::nullopt);
}

TEST_CASE("CycleMemory: writes when something has changed, later times only now and then",
          "[pipeline]") {
  Lives lives;
  lives.begin();
  lives.recommend(9);
  const auto written_again = [&] {
    const bool written = std::filesystem::exists(lives.settings.path);
    std::filesystem::remove(lives.settings.path);
    return written;
  };
  REQUIRE(written_again());

  lives.memory->save();
  CHECK_FALSE(written_again());
  lives.clock->advance(14s);  // of the 15 it may lag behind
  lives.recommend(9);
  CHECK_FALSE(written_again());
  lives.clock->advance(1s);
  lives.recommend(9);
  CHECK(written_again());
  lives.clock->advance(1s);
  lives.recommend(9);
  lives.memory->save_exactly();
  CHECK(written_again());
  lives.memory->save_exactly();
  CHECK_FALSE(written_again());
  lives.recommend(8);
  CHECK(written_again());
}

TEST_CASE("CycleMemory: a file that cannot be written is warned of once, until it can",
          "[pipeline]") {
  Lives lives;
  lives.settings.path = lives.folder.file("later/state");
  const CapturedLog log;
  CycleMemory& memory = lives.begin();
  CHECK(memory.survives_restart());
  for (std::int32_t replicas = 9; replicas > 5; --replicas) lives.recommend(replicas);
  const std::string warning =
      "WARN  The state is not saved and would not survive a restart: create " +
      lives.settings.path + ".tmp: no such file or directory";
  CHECK(log.messages() == std::vector<std::string>{warning});
  CHECK_FALSE(memory.survives_restart());

  std::filesystem::create_directory(lives.folder.file("later"));
  memory.save();
  CHECK(memory.survives_restart());
  CHECK(lives.on_disk().recommendations.size() == 4);
  std::filesystem::remove_all(lives.folder.file("later"));
  lives.recommend(4);

  CHECK(log.messages() ==
        std::vector<std::string>{
            warning, "INFO  State file " + lives.settings.path + " can be written again", warning});
}

TEST_CASE("CycleMemory: without a state file nothing survives, and nothing is written",
          "[pipeline]") {
  Lives lives;
  lives.settings.path.clear();
  CycleMemory& memory = lives.begin();
  lives.recommend(9);
  memory.save_exactly();

  CHECK_FALSE(memory.survives_restart());
  CHECK(std::filesystem::is_empty(lives.folder.file("")));
}

TEST_CASE("CycleMemory: very many recommendations are thinned out, none lets go sooner",
          "[pipeline]") {
  Lives lives;
  lives.settings.window = 36'000s;
  lives.begin();
  RecommendationHistory history;
  for (std::int32_t replicas = 2500; replicas > 0; --replicas) {
    history.add({lives.clock->now(), replicas});
    lives.clock->advance(1s);
  }
  lives.memory->remember("uid-1", history);
  lives.memory->save();

  const auto saved = lives.on_disk().recommendations;
  REQUIRE(saved.size() == 1000);
  CHECK(saved.front() == SavedState::Recommendation{new_year + 4s, 2500});
  CHECK(saved[1] == SavedState::Recommendation{new_year + 4s, 2496});
  CHECK(saved.back() == SavedState::Recommendation{new_year + 2499s, 1});
}
