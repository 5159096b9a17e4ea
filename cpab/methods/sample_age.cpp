#include "cpab/methods/sample_age.h"

namespace cpab {

bool SampleAge::is_outdated(Instant time) const { return limit.count() > 0 && time + limit < now; }

std::string SampleAge::describe(Instant time) const {
  if (time == Instant()) return "without a time";
  return std::to_string(now.seconds - time.seconds) + " s old";
}

std::string SampleAge::describe_limit() const {
  return "maxSampleAge (" + std::to_string(limit.count()) + " s)";
}

}  // namespace cpab
