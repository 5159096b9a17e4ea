#include "cpab/kubernetes/retry.h"
#include "cpab/model/base64.h"
#include "cpab/model/instant.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

void check_instant(std::string_view input) {
  const auto instant = parse_instant(input);
  if (!instant) return;
  require(instant->nanoseconds >= 0 && instant->nanoseconds < 1'000'000'000,
          "nanoseconds are less than a second");
  // Offsets lead beyond the years that can be written.
  if (instant->seconds < Instant{}.seconds || instant->seconds > 253'402'300'799) return;
  require(parse_instant(to_string(*instant)) == instant, "what is printed reads the same");
}

}  // namespace

void fuzz_times(std::string_view input) {
  check_instant(input);
  if (const auto span = parse_go_duration(input)) Instant{} + *span;
  if (const auto pause = parse_retry_after(input, WallTime(std::chrono::hours(500'000)))) {
    require(*pause >= Duration(0) && *pause <= std::chrono::hours(24), "a pause is a day at most");
  }
  if (const auto bytes = base64_decode(input)) {
    require(bytes->size() * 4 <= input.size() * 3, "base64 does not get shorter");
  }
}

}  // namespace cpab
