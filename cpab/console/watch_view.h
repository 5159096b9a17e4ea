#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "cpab/console/decision_view.h"
#include "cpab/console/status_view.h"
#include "cpab/console/terminal.h"

namespace cpab {

/// What `cpab watch` knows at a moment.
struct WatchMoment {
  std::optional<StatusView> status;    ///< none: it has not answered yet
  std::string trouble;                 ///< why it does not answer now; empty: it does
  std::deque<DecisionView> decisions;  ///< oldest first
};

/// One screen: the state, bars over time, the last decisions; no more lines than `terminal` has,
/// none longer, each ended by a line break.
std::string watch_frame(const WatchMoment& moment, const Terminal& terminal);

/// A decision as one line.
std::string watch_line(const DecisionView& decision);

}  // namespace cpab
