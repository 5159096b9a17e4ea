#pragma once

#include <cstdint>
#include <limits>

namespace cpab {

/// Whether a metric, in thousandths, can have this value. Adapters write NaN and infinities as the
/// lowest number there is (`-9223372036854775808m`), and what is below it ends there, too. The
/// highest is what sums stop at.
constexpr bool is_measured_value(std::int64_t value) {
  return value != std::numeric_limits<std::int64_t>::min();
}

/// Whether that much of a resource can be in use.
constexpr bool is_measured_usage(std::int64_t usage) {
  return usage >= 0 && is_measured_value(usage);
}

}  // namespace cpab
