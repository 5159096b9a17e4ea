#pragma once

#include <string>

#include "cpab/backtest/recorded_load.h"

namespace cpab {

/// What of a decision record is the load. With neither member: the metric values where they are
/// numbers, otherwise the proposals, if they are all about one metric.
struct DecisionLoadOptions {
  std::string member;    ///< a JSON pointer into the metric values
  std::string proposal;  ///< the name of the metric whose proposal says it
};

/// The load that a daemon has seen, from its decision log (JSON Lines).
///
/// Metric values are added up, one for each pod where there are several. A proposal tells the mean
/// of the pods, or what each replica has to carry, and is taken times the replicas of the record,
/// except where the target is a plain value; in per cent of the request, 100 is what a replica can
/// take. Records without usable values are left out, and so are dry runs and lines that are no
/// records: a log may have been cut anywhere. Throws std::runtime_error when nothing is left, or
/// when it is not clear what is meant.
RecordedLoad parse_decision_load(const std::string& text, const DecisionLoadOptions& options);

}  // namespace cpab
