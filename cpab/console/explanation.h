#pragma once

#include <string>

#include "cpab/console/decision_view.h"
#include "cpab/console/terminal.h"

namespace cpab {

/// A decision in plain language, in lines: what was asked for and why, which rules changed that,
/// what was written or why not, what failed and what to do about it, how long it took.
std::string explain(const DecisionView& decision, const Style& style);

/// What whoever looks after the user logic should do about a failure, in a sentence or two.
std::string advice(const std::string& stage, const std::string& reason);

/// `1.3 s`, `12 ms`, `0.4 ms`.
std::string duration_text(double milliseconds);

}  // namespace cpab
