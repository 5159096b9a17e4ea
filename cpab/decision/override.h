#pragma once

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "cpab/decision/bounds.h"
#include "cpab/model/time.h"

namespace cpab {

/// Which way the replica count may still go. `none` is a pause.
enum class Direction { both, up, down, none };

/// The wire name: `both`, `up`, `down`, `none`.
std::string_view to_string(Direction direction);

/// The other way round; none for any other text.
std::optional<Direction> parse_direction(std::string_view text);

/// What a person has asked for, over what user logic answers, until a certain time. User logic
/// still runs; a cycle in which it fails changes nothing all the same.
struct Override {
  std::optional<std::int32_t> replicas;  ///< this many, whatever user logic wants
  std::optional<std::int32_t> minimum;   ///< at least; not together with `replicas`
  std::optional<std::int32_t> maximum;   ///< at most; not together with `replicas`
  Direction direction = Direction::both;
  WallTime until{};
  std::string by;      ///< who; may be empty
  std::string reason;  ///< why; may be empty

  bool in_force(WallTime now) const { return now < until; }

  friend bool operator==(const Override&, const Override&) = default;
};

/// An override that cannot be; the message says what to write instead.
struct OverrideError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Throws OverrideError unless `wanted` limits something, does not contradict itself, stays within
/// `bounds`, and ends after `now`.
void check_override(const Override& wanted, Bounds bounds, WallTime now);

/// For messages, behind what the override does: `until 2026-01-31T18:00:00Z by alice: release`.
std::string provenance(const Override& manual);

}  // namespace cpab
