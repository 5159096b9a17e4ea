#include "cpab/decision/override.h"

#include <array>

namespace cpab {
namespace {

constexpr std::size_t longest_name = 128;
constexpr std::size_t longest_reason = 512;

void require(bool fine, const std::string& complaint) {
  if (!fine) throw OverrideError(complaint);
}

std::string text(std::int32_t replicas) { return std::to_string(replicas); }

void check_count(const char* name, std::optional<std::int32_t> count, Bounds bounds) {
  if (!count) return;
  const std::string what = std::string(name) + " is " + text(*count);
  require(*count >= bounds.minimum,
          what + ", below the configured minReplicas of " + text(bounds.minimum));
  require(*count <= bounds.maximum,
          what + ", above the configured maxReplicas of " + text(bounds.maximum));
}

void check_sense(const Override& wanted) {
  const bool limits = wanted.minimum || wanted.maximum;
  require(wanted.replicas || limits || wanted.direction != Direction::both,
          "the override changes nothing; give replicas, or min or max, or a direction of up, down "
          "or none (a pause)");
  require(!wanted.replicas || !limits, "replicas is a fixed count; leave min and max out");
  require(wanted.direction != Direction::none || (!wanted.replicas && !limits),
          "direction none is a pause; leave replicas, min and max out");
  if (!wanted.minimum || !wanted.maximum) return;
  require(*wanted.minimum <= *wanted.maximum,
          "min is " + text(*wanted.minimum) + ", above max, which is " + text(*wanted.maximum));
}

struct NamedDirection {
  Direction direction;
  std::string_view name;
};
constexpr std::array<NamedDirection, 4> directions = {{{Direction::both, "both"},
                                                       {Direction::up, "up"},
                                                       {Direction::down, "down"},
                                                       {Direction::none, "none"}}};

}  // namespace

std::string_view to_string(Direction direction) {
  for (const NamedDirection& named : directions) {
    if (named.direction == direction) return named.name;
  }
  return "";
}

std::optional<Direction> parse_direction(std::string_view text) {
  for (const NamedDirection& named : directions) {
    if (named.name == text) return named.direction;
  }
  return std::nullopt;
}

void check_override(const Override& wanted, Bounds bounds, WallTime now) {
  check_sense(wanted);
  check_count("replicas", wanted.replicas, bounds);
  check_count("min", wanted.minimum, bounds);
  check_count("max", wanted.maximum, bounds);
  require(wanted.in_force(now), "until is " + rfc3339_seconds(wanted.until) +
                                    ", which has passed: it is " + rfc3339_seconds(now));
  require(wanted.by.size() <= longest_name,
          "by is longer than " + std::to_string(longest_name) + " bytes");
  require(wanted.reason.size() <= longest_reason,
          "reason is longer than " + std::to_string(longest_reason) + " bytes");
}

std::string provenance(const Override& manual) {
  std::string line = "until " + rfc3339_seconds(manual.until);
  if (!manual.by.empty()) line += " by " + manual.by;
  if (!manual.reason.empty()) line += ": " + manual.reason;
  return line;
}

}  // namespace cpab
