#pragma once

#include <stop_token>

#include "cpab/model/time.h"

namespace cpab {

/// How long a piece of work may take and who may end it early.
struct Budget {
  TimePoint deadline = TimePoint::max();
  std::stop_token stop;
};

}  // namespace cpab
