#include "cpab/model/instant.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

using std::chrono::nanoseconds;

TEST_CASE("Instant: reads RFC 3339 and writes it in UTC", "[model]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"},
      {"2024-02-29T23:59:59.5Z", "2024-02-29T23:59:59.5Z"},
      {"2024-01-01T00:00:00.000Z", "2024-01-01T00:00:00Z"},
      {"2024-01-01T00:00:00.120300000Z", "2024-01-01T00:00:00.1203Z"},
      {"2024-01-01T00:00:00.123456789123Z", "2024-01-01T00:00:00.123456789Z"},
      {"2024-01-01T01:30:00+01:30", "2024-01-01T00:00:00Z"},
      {"2023-12-31T19:00:00-05:00", "2024-01-01T00:00:00Z"},
      {"1969-12-31T23:59:59.25Z", "1969-12-31T23:59:59.25Z"},
      {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"},
      {"9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"},
  };
  for (const auto& [text, utc] : table) {
    CAPTURE(text);
    const auto instant = parse_instant(text);
    REQUIRE(instant.has_value());
    CHECK(to_string(*instant) == utc);
  }
  CHECK(to_string(Instant()) == "0001-01-01T00:00:00Z");
  CHECK(parse_instant("1970-01-01T00:00:01.5Z") == Instant{1, 500'000'000});
}

TEST_CASE("Instant: refuses other text", "[model]") {
  for (const char* text : {"", "2024", "2024-01-01", "2024-01-01T00:00:00", "2024-01-01 00:00:00Z",
                           "2024-01-01T00:00:00z", "2024-02-30T00:00:00Z", "2024-13-01T00:00:00Z",
                           "2024-01-01T24:00:00Z", "2024-01-01T00:60:00Z", "2024-01-01T00:00:60Z",
                           "2024-01-01T00:00:00.Z", "2024-01-01T00:00:00+0100",
                           "2024-01-01T00:00:00Zx", "-024-01-01T00:00:00Z", "2024-1-1T00:00:00Z"}) {
    CAPTURE(text);
    CHECK(parse_instant(text) == std::nullopt);
  }
}

TEST_CASE("Instant: can be moved by the longest spans", "[model]") {
  using std::chrono::nanoseconds;
  const Instant start{.seconds = 0, .nanoseconds = 1};
  CHECK(start + nanoseconds::min() == Instant{-9'223'372'037, 145'224'193});
  CHECK(start + nanoseconds::max() == Instant{9'223'372'036, 854'775'808});
}

TEST_CASE("Instant: can be moved and compared", "[model]") {
  const Instant start{100, 900'000'000};

  CHECK(start + nanoseconds(200'000'000) == Instant{101, 100'000'000});
  CHECK(start + nanoseconds(-1'000'000'000) == Instant{99, 900'000'000});
  CHECK(start + nanoseconds(-900'000'001) == Instant{99, 999'999'999});
  CHECK(start < start + nanoseconds(1));
  CHECK(Instant() < start);
  CHECK(instant_of(WallTime(std::chrono::milliseconds(1500))) == Instant{1, 500'000'000});
  CHECK(instant_of(WallTime(std::chrono::milliseconds(-1))) == Instant{-1, 999'000'000});
}

TEST_CASE("parse_go_duration: reads what Go prints", "[model]") {
  const std::vector<std::pair<std::string, std::int64_t>> table = {
      {"0", 0},
      {"0s", 0},
      {"30s", 30'000'000'000},
      {"1m0s", 60'000'000'000},
      {"15.5s", 15'500'000'000},
      {"1h2m3.004s", 3'723'004'000'000},
      {"250ms", 250'000'000},
      {"1.5us", 1'500},
      {"2\u00b5s", 2'000},
      {"7ns", 7},
      {".5s", 500'000'000},
      {"-1m", -60'000'000'000},
      {"+1m", 60'000'000'000},
      {"0.29us", 290},
  };
  for (const auto& [text, expected] : table) {
    CAPTURE(text);
    CHECK(parse_go_duration(text) == nanoseconds(expected));
  }
  for (const char* text : {"", "-", "30", "s", "1x", "1s 2s", "1.s.", "99999999999999999999s",
                           "9223372036854775807h", "1d"}) {
    CAPTURE(text);
    CHECK(parse_go_duration(text) == std::nullopt);
  }
}

}  // namespace
}  // namespace cpab
