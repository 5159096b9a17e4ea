#include "cpab/backtest/decision_runs.h"

#include <catch2/catch.hpp>

using namespace cpab;
using namespace std::chrono_literals;

namespace {

DecisionRecord decision(Duration at, Action action, const std::string& message) {
  DecisionRecord record;
  record.time = WallTime(at);
  record.action = action;
  record.message = message;
  return record;
}

std::vector<std::string> messages(const std::vector<DecisionRun>& runs) {
  std::vector<std::string> messages;
  for (const DecisionRun& run : runs) messages.push_back(run.first->message);
  return messages;
}

}  // namespace

TEST_CASE("decision runs: what says the same is told once", "[backtest]") {
  const std::vector<DecisionRecord> decisions = {
      decision(1s, Action::unchanged, "keeping 2"), decision(2s, Action::unchanged, "keeping 2"),
      decision(3s, Action::failed, "keeping 2"),    decision(4s, Action::scaled, "scaled"),
      decision(5s, Action::scaled, "scaled"),       decision(6s, Action::unchanged, "keeping 2")};
  const std::vector<DecisionRun> runs = decision_runs(decisions);

  REQUIRE(messages(runs) ==
          std::vector<std::string>{"keeping 2", "keeping 2", "scaled", "scaled", "keeping 2"});
  CHECK(runs[0].count == 2);
  CHECK(runs[0].until == WallTime(2s));
  CHECK_FALSE(runs[0].is_notable());
  CHECK(runs[1].is_notable());
  CHECK(runs[2].count == 1);
}

TEST_CASE("decision runs: of too many the notable stay, and then some of all times", "[backtest]") {
  std::vector<DecisionRecord> decisions;
  for (int i = 0; i < 12; ++i) {
    decisions.push_back(decision(std::chrono::seconds(i),
                                 i % 6 == 1 ? Action::failed : Action::unchanged,
                                 std::to_string(i)));
  }
  const std::vector<DecisionRun> runs = decision_runs(decisions);

  CHECK(messages(most_telling(runs, 12)) == messages(runs));
  CHECK(messages(most_telling(runs, 4)) == std::vector<std::string>{"1", "5", "7", "11"});
  CHECK(messages(most_telling(runs, 1)) == std::vector<std::string>{"7"});
  CHECK(most_telling({}, 5).empty());
}
