#pragma once

#include <cstddef>
#include <vector>

#include "cpab/model/decision_record.h"

namespace cpab {

/// Decisions one after the other that say the same.
struct DecisionRun {
  const DecisionRecord* first = nullptr;
  WallTime until{};  ///< of the last of them
  std::size_t count = 0;

  /// Something changed or failed, or would have; not just kept.
  bool is_notable() const;
};

/// `decisions`, which have to outlive the runs, in their order.
std::vector<DecisionRun> decision_runs(const std::vector<DecisionRecord>& decisions);

/// `most` of `runs` in their order: the notable ones first of all; among equals evenly spread.
std::vector<DecisionRun> most_telling(const std::vector<DecisionRun>& runs, std::size_t most);

}  // namespace cpab
