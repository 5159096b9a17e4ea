#pragma once

#include <string>
#include <vector>

#include "cpab/backtest/replay.h"
#include "cpab/backtest/scenario.h"
#include "cpab/backtest/summary.h"

namespace cpab {

/// A replay that a report shows.
struct ReportedReplay {
  std::string name;  ///< of its configuration
  const ReplayResult& result;
  const Summary& summary;
};

/// A page that shows what came of one or two configurations in `scenario`: HTML that needs nothing
/// but itself. Of long replays it tells less than all, and says so. Pure: the same arguments give
/// the same bytes.
std::string report_html(const std::string& scenario_name, const Scenario& scenario,
                        const std::vector<ReportedReplay>& replays);

}  // namespace cpab
