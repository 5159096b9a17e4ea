#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cpab/backtest/timeline.h"

namespace cpab {

/// What a replay came to, in the order in which it is shown: names as in summary.json. What each
/// means, and where its formula is from, is in docs/backtest.md.
using Summary = std::vector<std::pair<std::string, double>>;

/// How the cycles of a replay went.
struct CycleCounts {
  std::int64_t all = 0;
  std::int64_t failed = 0;
  std::int64_t failed_without_fault = 0;  ///< of them, while no fault of the scenario lasted
  std::int64_t held = 0;
  std::int64_t scaled = 0;

  friend bool operator==(const CycleCounts&, const CycleCounts&) = default;
};

/// Pure. `every` is the distance of the samples; each stands for the time until the next.
Summary summarize(const Timeline& timeline, Duration every, const CycleCounts& cycles);

/// One JSON object, a member a line.
std::string to_json(const Summary& summary);

/// That of a configuration.
struct NamedSummary {
  std::string name;
  Summary summary;
};

/// The values as columns: of one, or of two, which then have their names above and the difference
/// beside them.
std::string to_table(const std::vector<NamedSummary>& summaries);

}  // namespace cpab
