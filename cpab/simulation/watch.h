#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "cpab/io/http_server.h"
#include "cpab/simulation/selectors.h"
#include "cpab/simulation/table.h"

namespace cpab {

class SimulatedCluster;

/// What a request with `watch=true` asks for.
struct WatchQuery {
  const ResourceType& type;
  std::string namespace_name;  ///< empty: all
  ParsedSelector labels;
  FieldSelector fields;
  /// Changes after this version; none: the current objects as ADDED first.
  std::optional<std::uint64_t> since;
  std::chrono::seconds timeout{1800};  ///< of real time
  bool bookmarks = false;              ///< from time to time, and at the end
  /// The end of the current objects is marked by a bookmark (`sendInitialEvents=true`).
  bool marks_end_of_current = false;
  Duration bookmark_interval{10'000};  ///< of real time
  bool as_table = false;
  RowObject row_object = RowObject::metadata;
};

/// The body of the answer: a JSON object a line for every change, until the timeout. An object that
/// begins or ceases to match the selectors is added or deleted. A version too old is an ERROR event
/// (410), and the end. It looks for changes every 50 ms. `cluster` outlives it.
BodyStream watch_stream(SimulatedCluster& cluster, WatchQuery query);

}  // namespace cpab
