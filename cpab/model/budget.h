#pragma once

#include <optional>
#include <stop_token>

#include "cpab/model/time.h"

namespace cpab {

/// How long a piece of work may take and who may end it early.
struct Budget {
  TimePoint deadline = TimePoint::max();
  std::stop_token stop;
  std::optional<int> max_retries = {};  ///< of each request; none: as many as its client thinks fit
};

}  // namespace cpab
