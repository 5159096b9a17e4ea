#include "cpab/decision/override.h"

#include "cpab/pipeline/override_json.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

constexpr WallTime now{std::chrono::hours(490'000)};
constexpr Bounds bounds{2, 9};

bool within_bounds(std::optional<std::int32_t> count) {
  return !count || (*count >= bounds.minimum && *count <= bounds.maximum);
}

}  // namespace

void fuzz_override(std::string_view input) {
  try {
    const Override manual = parse_override(input);
    require(parse_override(to_json(manual)) == manual, "what is printed reads the same");
    check_override(manual, bounds, now);
    require(within_bounds(manual.replicas) && within_bounds(manual.minimum) &&
                within_bounds(manual.maximum),
            "an override that is accepted stays within the bounds");
    require(manual.in_force(now), "an override that is accepted is in force");
    require(!provenance(manual).empty(), "an override says where it is from");
  } catch (const OverrideError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace cpab
