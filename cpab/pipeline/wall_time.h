#pragma once

#include <optional>
#include <string_view>

#include "cpab/model/time.h"

namespace cpab {

/// Reads RFC 3339 with any offset: `2026-01-31T14:05:30Z`, `2026-01-31T15:05:30.25+01:00`. What is
/// finer than a millisecond is cut off. None for any other text.
std::optional<WallTime> parse_wall_time(std::string_view text);

}  // namespace cpab
