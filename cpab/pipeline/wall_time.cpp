#include "cpab/pipeline/wall_time.h"

#include "cpab/model/instant.h"

namespace cpab {

std::optional<WallTime> parse_wall_time(std::string_view text) {
  const std::optional<Instant> instant = parse_instant(text);
  if (!instant) return std::nullopt;
  return WallTime(std::chrono::seconds(instant->seconds) +
                  std::chrono::floor<Duration>(std::chrono::nanoseconds(instant->nanoseconds)));
}

}  // namespace cpab
