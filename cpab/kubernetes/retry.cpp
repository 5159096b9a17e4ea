#include "cpab/kubernetes/retry.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <string>

namespace cpab {
namespace {

constexpr std::int64_t longest_pause_seconds = 86'400;

/// `Sun, 06 Nov 1994 08:49:37 GMT`.
std::optional<WallTime> parse_http_date(const std::string& text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  unsigned day = 0;
  int year = 0, hour = 0, minute = 0, second = 0;
  std::array<char, 4> name{};
  if (std::sscanf(text.c_str(), "%*3s, %2u %3s %4d %2d:%2d:%2d GMT", &day, name.data(), &year,
                  &hour, &minute, &second) != 6) {
    return std::nullopt;
  }
  const auto month = std::find(months.begin(), months.end(), std::string_view(name.data()));
  if (month == months.end()) return std::nullopt;
  const std::chrono::year_month_day date{
      std::chrono::year(year),
      std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1), std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

}  // namespace

Duration retry_delay(const RetryPolicy& policy, int retry, std::optional<Duration> asked_for,
                     double random) {
  Duration bound = policy.first;
  for (int i = 0; i < retry && bound < policy.longest; ++i) bound *= 2;
  const double jitter = static_cast<double>(std::min(bound, policy.longest).count()) * random;
  return asked_for.value_or(Duration(0)) + Duration(static_cast<Duration::rep>(jitter));
}

std::optional<Duration> parse_retry_after(std::string_view value, WallTime now) {
  if (value.empty()) return std::nullopt;
  std::int64_t seconds = 0;
  const char* const end = value.data() + value.size();
  const auto [stop, error] = std::from_chars(value.data(), end, seconds);
  if (error == std::errc::result_out_of_range) seconds = longest_pause_seconds;
  if (stop == end && value.front() != '-') {
    return std::chrono::seconds(std::min(seconds, longest_pause_seconds));
  }
  const auto date = parse_http_date(std::string(value));
  if (!date) return std::nullopt;
  return std::clamp<Duration>(*date - now, Duration(0), std::chrono::days(1));
}

}  // namespace cpab
