#include "cpab/backtest/decision_runs.h"

#include <algorithm>

namespace cpab {
namespace {

bool says_the_same(const DecisionRecord& one, const DecisionRecord& other) {
  return one.action == other.action && one.action != Action::scaled &&
         one.message == other.message && one.current_replicas == other.current_replicas &&
         one.failure == other.failure;
}

}  // namespace

bool DecisionRun::is_notable() const { return first->action != Action::unchanged; }

std::vector<DecisionRun> decision_runs(const std::vector<DecisionRecord>& decisions) {
  std::vector<DecisionRun> runs;
  for (const DecisionRecord& decision : decisions) {
    if (runs.empty() || !says_the_same(*runs.back().first, decision)) {
      runs.push_back({.first = &decision});
    }
    runs.back().until = decision.time;
    ++runs.back().count;
  }
  return runs;
}

std::vector<DecisionRun> most_telling(const std::vector<DecisionRun>& runs, std::size_t most) {
  const auto notable = static_cast<std::size_t>(
      std::count_if(runs.begin(), runs.end(), [](const auto& run) { return run.is_notable(); }));
  const std::size_t others = runs.size() - notable;
  const std::size_t kept_notable = std::min(notable, most);
  const std::size_t kept_others = std::min(others, most - kept_notable);
  std::vector<DecisionRun> kept;
  std::size_t seen_notable = 0;
  std::size_t seen_others = 0;
  for (const DecisionRun& run : runs) {
    // The n-th of `all` is one of `few` that are evenly spread.
    const auto is_chosen = [](std::size_t n, std::size_t few, std::size_t all) {
      return n * few / all != (n + 1) * few / all;
    };
    const bool chosen = run.is_notable() ? is_chosen(seen_notable++, kept_notable, notable)
                                         : is_chosen(seen_others++, kept_others, others);
    if (chosen) kept.push_back(run);
  }
  return kept;
}

}  // namespace cpab
