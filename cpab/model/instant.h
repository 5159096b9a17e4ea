#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cpab/model/time.h"

namespace cpab {

/// A point in calendar time as the metrics APIs write it: nanoseconds, any year from 1 to 9999.
/// The default is the one the reference prints for an absent time, `0001-01-01T00:00:00Z`.
struct Instant {
  std::int64_t seconds = -62'135'596'800;  ///< since 1970
  std::int32_t nanoseconds = 0;            ///< in [0, 999999999]

  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the 0 of `<=>` for a pointer
  friend auto operator<=>(const Instant&, const Instant&) = default;
};

Instant operator+(Instant instant, std::chrono::nanoseconds span);

Instant instant_of(WallTime time);

/// RFC 3339 with any offset and up to nine digits of fraction; none for other text.
std::optional<Instant> parse_instant(std::string_view text);

/// RFC 3339 in UTC; the fraction is there when it is not zero, without zeros at its end.
std::string to_string(Instant instant);

/// A duration as Go prints it: `30s`, `1m0s`, `15.5s`, `-1h`. None for other text and for what does
/// not fit into 64 bits of nanoseconds.
std::optional<std::chrono::nanoseconds> parse_go_duration(std::string_view text);

}  // namespace cpab
