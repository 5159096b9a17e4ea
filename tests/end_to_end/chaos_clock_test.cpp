#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>

#include "cpab/model/instant.h"
#include "tests/end_to_end/chaos.h"

// The wall clock jumps. Intervals, deadlines and windows are not measured by it.

using namespace cpab;

namespace {

using Steady = std::chrono::steady_clock;

constexpr std::int64_t hour = 3'600;

/// From now on the file `offset` says by how many seconds the daemon's wall clock is wrong.
void use_movable_clock(Chaos& chaos) {
  chaos.variables["LD_PRELOAD"] = CPAB_SHIFTED_CLOCK;
  chaos.variables["SHIFTED_CLOCK"] = chaos.folder.file("offset");
  chaos.variables["ASAN_OPTIONS"] = "verify_asan_link_order=0";  // it insists on being the first
}

/// A daemon whose wall clock can be moved. It has been asked for seven replicas and is asked for
/// three now, which the stabilization window does not allow yet.
struct JumpingClock {
  JumpingClock() : daemon(start()) {
    REQUIRE(chaos.reaches(7));
    chaos.wants(3);
    REQUIRE(soon([&] { return is_held(decisions(daemon).back()); }));
  }

  Daemon start() {
    chaos.config["downscaleStabilization"] = "600";
    use_movable_clock(chaos);
    chaos.wants(7);
    return chaos.start();
  }

  static bool is_held(const nlohmann::json& record) {
    return record.at("action") == "unchanged" && record.at("limitedBy") == "stabilization";
  }

  void jump(std::int64_t seconds) {
    chaos.folder.write("offset.new", std::to_string(seconds));
    std::filesystem::rename(chaos.folder.file("offset.new"), chaos.folder.file("offset"));
  }

  /// Seconds from the real wall clock to that of the newest record.
  std::int64_t ahead() {
    const std::string time = decisions(daemon).back().at("time");
    const auto real = std::chrono::system_clock::now().time_since_epoch();
    return parse_instant(time).value().seconds -
           std::chrono::duration_cast<std::chrono::seconds>(real).count();
  }

  Chaos chaos;
  Daemon daemon;
};

void check_jump(std::int64_t seconds) {
  JumpingClock clock;
  const std::size_t before = decisions(clock.daemon).size();
  const Steady::time_point jumped = Steady::now();
  clock.jump(seconds);

  REQUIRE(soon([&] { return std::abs(clock.ahead() - seconds) < hour / 2; }));
  const std::size_t after = decisions(clock.daemon).size();
  REQUIRE(has_decided(clock.daemon, after + 5));  // it goes on

  const auto records = decisions(clock.daemon);
  const auto intervals = (Steady::now() - jumped) / std::chrono::milliseconds{100};
  CHECK(records.size() - before <= static_cast<std::size_t>(intervals) + 2);  // at its pace
  for (std::size_t i = before; i < records.size(); ++i) CHECK(JumpingClock::is_held(records[i]));
  CHECK(clock.chaos.changes() == 1);
  clock.chaos.wants(9);
  CHECK(clock.chaos.reaches(9));
  CHECK(clock.daemon.stop() == 0);
}

}  // namespace

TEST_CASE("chaos: the wall clock jumps an hour ahead", "[end_to_end][chaos]") { check_jump(hour); }

TEST_CASE("chaos: the wall clock jumps an hour back", "[end_to_end][chaos]") { check_jump(-hour); }

TEST_CASE("chaos: the wall clock jumps during the start delay", "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.config["startTime"] = "2000";  // the next even second
  use_movable_clock(chaos);
  Daemon daemon = chaos.start();
  REQUIRE(daemon.logs("milliseconds before starting autoscaler"));

  chaos.folder.write("offset", std::to_string(GENERATE(1, -1) * hour));

  CHECK(chaos.reaches(3));
}
