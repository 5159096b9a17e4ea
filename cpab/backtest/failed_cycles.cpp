#include "cpab/backtest/failed_cycles.h"

#include <algorithm>

#include "cpab/model/printable.h"
#include "cpab/model/time.h"

namespace cpab {

std::string describe_failed_cycles(const std::vector<DecisionRecord>& decisions) {
  const auto failed = [](const DecisionRecord& decision) { return decision.failure.has_value(); };
  const auto first = std::find_if(decisions.begin(), decisions.end(), failed);
  if (first == decisions.end()) return "";
  const auto count = std::count_if(first, decisions.end(), failed);
  std::string text = std::to_string(count) + " of " + std::to_string(decisions.size()) +
                     " cycles failed, the first at " + rfc3339_seconds(first->time) + ": " +
                     printable(first->failure->message, "  ");
  std::string err = first->failure->err;
  while (err.ends_with('\n')) err.pop_back();
  if (!err.empty()) text += "\n  " + printable(err, "  ");
  return text;
}

std::string describe_no_success(const std::vector<DecisionRecord>& decisions) {
  if (std::any_of(decisions.begin(), decisions.end(),
                  [](const DecisionRecord& decision) { return !decision.failure; })) {
    return "";
  }
  const std::string why = decisions.empty()
                              ? "there was none: the scenario ends before startTime lets one begin"
                              : "all " + std::to_string(decisions.size()) + " failed";
  return "no cycle succeeded (" + why + "); the figures tell nothing about the configuration";
}

}  // namespace cpab
