#pragma once

#include <string>
#include <vector>

#include "cpab/model/decision_record.h"

namespace cpab {

/// How many of `decisions` are failures, and how the first one came about, with what its program
/// wrote to standard error; for a person. Empty when nothing failed.
std::string describe_failed_cycles(const std::vector<DecisionRecord>& decisions);

/// Why nothing can be told from the replay that they are of; empty when a cycle succeeded.
std::string describe_no_success(const std::vector<DecisionRecord>& decisions);

}  // namespace cpab
