#include "cpab/decision/override.h"

#include <catch2/catch.hpp>

#include "cpab/decision/decide.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

const Moment now{TimePoint(1h), WallTime(Duration(1'767'225'600'000))};  // 2026-01-01
constexpr Bounds bounds{2, 10};

Override until_one_o_clock(Override manual) {
  manual.until = now.wall + 1h;
  return manual;
}

Decision decide_with(const Override& manual, std::int32_t current, const Evaluation& evaluation,
                     const RecommendationHistory& history = {}, Bounds limits = bounds) {
  const std::chrono::seconds window = history.empty() ? 0s : 60s;
  return decide(current, evaluation, {limits, window, until_one_o_clock(manual)}, history, now);
}

std::string complaint_about(const Override& manual) {
  try {
    check_override(manual, bounds, now.wall);
  } catch (const OverrideError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("override: each kind does what it says", "[decision]") {
  struct Row {
    Override manual;
    std::int32_t current;
    std::int32_t wanted;
    std::int32_t replicas;
    std::string detail;  // empty: the override has nothing to say
  };
  const auto row = GENERATE(values<Row>({
      {{.replicas = 8}, 3, 5, 8, "override sets 8 replicas"},
      {{.replicas = 8}, 8, 8, 8, "override sets 8 replicas"},
      {{.minimum = 6}, 3, 5, 6, "override keeps at least 6 replicas"},
      {{.minimum = 6}, 3, 7, 7, ""},
      {{.maximum = 4}, 3, 5, 4, "override keeps at most 4 replicas"},
      {{.maximum = 4}, 3, 2, 2, ""},
      {{.minimum = 4, .maximum = 4}, 3, 9, 4, "override keeps at most 4 replicas"},
      {{.direction = Direction::none}, 3, 5, 3, "paused"},
      {{.direction = Direction::none}, 3, 3, 3, "paused"},
      {{.direction = Direction::none}, 20, 3, 20, "paused"},
      {{.direction = Direction::up}, 5, 3, 5, "override allows no scale-down"},
      {{.direction = Direction::up}, 5, 7, 7, ""},
      {{.direction = Direction::down}, 5, 7, 5, "override allows no scale-up"},
      {{.direction = Direction::down}, 5, 3, 3, ""},
      {{.replicas = 8, .direction = Direction::down}, 5, 7, 5, "override allows no scale-up"},
      {{.minimum = 6, .direction = Direction::up}, 5, 3, 6, "override keeps at least 6 replicas"},
  }));
  CAPTURE(row.detail, row.current, row.wanted);

  const Decision decision = decide_with(row.manual, row.current, {row.wanted, ""});

  CHECK(decision.replicas == row.replicas);
  CHECK(decision.action == (row.replicas == row.current ? Action::unchanged : Action::scaled));
  CHECK(decision.limited_by == (row.detail.empty() ? "" : "override"));
  if (!row.detail.empty()) {
    CHECK(decision.steps.back().detail == row.detail + " until 2026-01-01T01:00:00Z");
  }
}

TEST_CASE("override: overrules the stabilization window, which goes on remembering", "[decision]") {
  RecommendationHistory history;
  history.add({now.monotonic - 10s, 9});

  const Decision decision = decide_with({.replicas = 3}, 9, {5, ""}, history);

  CHECK(decision.replicas == 3);
  CHECK(decision.steps ==
        std::vector<DecisionStep>{
            {"stabilization", 5, 9, "scale-down stabilization holds 9 until 00:00:50Z",
             "ScaleDownStabilized"},
            {"override", 9, 3, "override sets 3 replicas until 2026-01-01T01:00:00Z"}});
  history.add({now.monotonic, 5});
  CHECK(decision.history == history);
}

TEST_CASE("override: stays within bounds that have become narrower", "[decision]") {
  CHECK(decide_with({.replicas = 9}, 3, {5, ""}, {}, {1, 4}).replicas == 4);
  CHECK(decide_with({.minimum = 8, .maximum = 9}, 3, {2, ""}, {}, {1, 4}).replicas == 4);
  CHECK(decide_with({.maximum = 2}, 5, {5, ""}, {}, {4, 6}).replicas == 4);
}

TEST_CASE("override: overrules a hold, but wakes no target that is switched off", "[decision]") {
  const Decision woken = decide_with({.replicas = 8}, 3, {std::nullopt, ""});
  CHECK(woken.replicas == 8);
  CHECK(woken.action == Action::scaled);
  CHECK(decide_with({.direction = Direction::none}, 3, {std::nullopt, ""}).action == Action::held);

  CHECK(decide_with({.replicas = 8}, 0, {5, ""}).action == Action::disabled);
  CHECK(decide_with({.replicas = 8}, 0, {std::nullopt, ""}).action == Action::held);
  CHECK(decide_with({.replicas = 8}, 0, {std::nullopt, ""}).replicas == 0);
}

TEST_CASE("override: ends by the calendar, at `until`", "[decision]") {
  const Override manual = until_one_o_clock({.replicas = 8});
  const auto at = [&](Duration later) {
    return decide(3, {5, ""}, {bounds, 0s, manual}, {}, {now.monotonic + later, now.wall + later})
        .replicas;
  };
  CHECK(at(1h - 1ms) == 8);
  CHECK(at(1h) == 5);
}

TEST_CASE("override: the sentence of a decision says who, until when and why", "[decision]") {
  const Override manual{
      .direction = Direction::none, .until = now.wall + 1h, .by = "alice", .reason = "release"};
  const Evaluation evaluation{9, "busy"};
  const Decision decision = decide(3, evaluation, {bounds, 0s, manual}, {}, now);

  CHECK(describe(decision, 3, evaluation, Tense::done) ==
        "wanted 9, keeping 3: paused until 2026-01-01T01:00:00Z by alice: release (busy)");
}

TEST_CASE("check_override: lets through what makes sense", "[decision]") {
  const Override manual =
      GENERATE(values<Override>({{.replicas = 2},
                                 {.replicas = 10},
                                 {.replicas = 5, .direction = Direction::up},
                                 {.minimum = 2},
                                 {.minimum = 3, .maximum = 3},
                                 {.direction = Direction::none},
                                 {.maximum = 4, .direction = Direction::down}}));
  CHECK(complaint_about(until_one_o_clock(manual)).empty());
}

TEST_CASE("check_override: refuses what does not, and says why", "[decision]") {
  const auto [manual, complaint] = GENERATE(table<Override, std::string>({
      {Override{},
       "the override changes nothing; give replicas, or min or max, or a direction of up, down or "
       "none (a pause)"},
      {{.replicas = 1}, "replicas is 1, below the configured minReplicas of 2"},
      {{.replicas = 11}, "replicas is 11, above the configured maxReplicas of 10"},
      {{.minimum = 1}, "min is 1, below the configured minReplicas of 2"},
      {{.maximum = 11}, "max is 11, above the configured maxReplicas of 10"},
      {{.minimum = 5, .maximum = 4}, "min is 5, above max, which is 4"},
      {{.replicas = 5, .minimum = 4}, "replicas is a fixed count; leave min and max out"},
      {{.replicas = 5, .direction = Direction::none},
       "direction none is a pause; leave replicas, min and max out"},
      {{.minimum = 5, .direction = Direction::none},
       "direction none is a pause; leave replicas, min and max out"},
      {{.replicas = 5, .by = std::string(129, 'x')}, "by is longer than 128 bytes"},
      {{.replicas = 5, .reason = std::string(513, 'x')}, "reason is longer than 512 bytes"},
  }));
  CHECK(complaint_about(until_one_o_clock(manual)) == complaint);
}

TEST_CASE("check_override: refuses an end that has passed", "[decision]") {
  CHECK(complaint_about({.replicas = 5, .until = now.wall}) ==
        "until is 2026-01-01T00:00:00Z, which has passed: it is 2026-01-01T00:00:00Z");
}

TEST_CASE("Direction: has a name and is found by it", "[decision]") {
  for (const Direction direction :
       {Direction::both, Direction::up, Direction::down, Direction::none}) {
    CHECK(parse_direction(to_string(direction)) == direction);
  }
  CHECK(parse_direction("sideways") == std::nullopt);
  CHECK(parse_direction("") == std::nullopt);
}
