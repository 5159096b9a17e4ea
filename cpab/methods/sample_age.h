#pragma once

#include <chrono>
#include <string>

#include "cpab/model/instant.h"

namespace cpab {

/// How old may be what the formula of the HPA goes by: `maxSampleAge`.
struct SampleAge {
  Instant now;
  std::chrono::seconds limit{0};  ///< 0: any age

  /// Whether what was measured at `time` is older than that. A time that lies ahead is one of a
  /// clock that goes differently, and not old; none at all, the default Instant, is.
  bool is_outdated(Instant time) const;

  /// `412 s old`, `without a time`.
  std::string describe(Instant time) const;

  /// `maxSampleAge (300 s)`.
  std::string describe_limit() const;
};

}  // namespace cpab
