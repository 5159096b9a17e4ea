#include "cpab/kubernetes/retry.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr WallTime now{std::chrono::sys_days{std::chrono::year{2026} / 1 / 2}.time_since_epoch()};

TEST_CASE("retry_delay: doubles up to a limit, and jitters over all of it", "[kubernetes]") {
  const RetryPolicy policy{10, milliseconds(100), milliseconds(1000)};

  CHECK(retry_delay(policy, 0, {}, 0.5) == milliseconds(50));
  CHECK(retry_delay(policy, 1, {}, 0.5) == milliseconds(100));
  CHECK(retry_delay(policy, 3, {}, 0.5) == milliseconds(400));
  CHECK(retry_delay(policy, 4, {}, 0.5) == milliseconds(500));
  CHECK(retry_delay(policy, 1000, {}, 0.5) == milliseconds(500));
  CHECK(retry_delay(policy, 3, {}, 0.0) == milliseconds(0));
}

TEST_CASE("retry_delay: what the server asks for is the least, and it still grows",
          "[kubernetes]") {
  const RetryPolicy policy{10, milliseconds(100), milliseconds(10'000)};

  CHECK(retry_delay(policy, 0, seconds(1), 0.0) == milliseconds(1000));
  CHECK(retry_delay(policy, 0, seconds(1), 0.5) == milliseconds(1050));
  CHECK(retry_delay(policy, 4, seconds(1), 0.5) == milliseconds(1800));
}

TEST_CASE("parse_retry_after: seconds and dates", "[kubernetes]") {
  CHECK(parse_retry_after("3", now) == seconds(3));
  CHECK(parse_retry_after("0", now) == seconds(0));
  CHECK(parse_retry_after("99999999999999999999999", now) == seconds(86'400));
  CHECK(parse_retry_after("Fri, 02 Jan 2026 00:00:07 GMT", now) == seconds(7));
  CHECK(parse_retry_after("Thu, 01 Jan 2026 00:00:00 GMT", now) == seconds(0));
  CHECK(parse_retry_after("Fri, 02 Jan 2036 00:00:07 GMT", now) == seconds(86'400));
  for (const char* text : {"", "-1", "soon", "1.5", "Fri, 99 Jan 2026 00:00:07 GMT",
                           "Fri, 02 Foo 2026 00:00:07 GMT"}) {
    CAPTURE(text);
    CHECK(parse_retry_after(text, now) == std::nullopt);
  }
}

}  // namespace
}  // namespace cpab
