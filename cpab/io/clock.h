#pragma once

#include <stop_token>

#include "cpab/model/time.h"

namespace cpab {

/// The only source of time and of waiting. Safe to call from any thread.
class Clock {
 public:
  virtual ~Clock() = default;

  virtual TimePoint now() const = 0;
  virtual WallTime wall_now() const = 0;

  /// Returns true at `deadline`, false as soon as `stop` is requested.
  virtual bool wait_until(TimePoint deadline, std::stop_token stop) = 0;
};

}  // namespace cpab
