#include "cpab/model/instant.h"

#include <array>
#include <cmath>
#include <cstdio>

namespace cpab {
namespace {

constexpr std::int64_t second = 1'000'000'000;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Takes text apart from the left.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  bool at_end() const { return text_.empty(); }

  bool accept(std::string_view token) {
    if (text_.substr(0, token.size()) != token) return false;
    text_.remove_prefix(token.size());
    return true;
  }

  /// Exactly `count` digits; none when there are fewer.
  std::optional<int> digits(std::size_t count) {
    int value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (i >= text_.size() || !is_digit(text_[i])) return std::nullopt;
      value = value * 10 + (text_[i] - '0');
    }
    text_.remove_prefix(count);
    return value;
  }

  /// All the digits that come next; none when there are none.
  std::string_view run() {
    std::size_t count = 0;
    while (count < text_.size() && is_digit(text_[count])) ++count;
    const std::string_view found = text_.substr(0, count);
    text_.remove_prefix(count);
    return found;
  }

 private:
  std::string_view text_;
};

/// Digits after the point, as nanoseconds; what is finer is cut off.
std::int32_t fraction_nanoseconds(std::string_view digits) {
  std::int32_t value = 0;
  for (std::size_t i = 0; i < 9; ++i) {
    value = value * 10 + (i < digits.size() ? digits[i] - '0' : 0);
  }
  return value;
}

std::optional<std::int64_t> read_days(Reader& reader) {
  const auto year = reader.digits(4);
  if (!year || !reader.accept("-")) return std::nullopt;
  const auto month = reader.digits(2);
  if (!month || !reader.accept("-")) return std::nullopt;
  const auto day = reader.digits(2);
  if (!day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date).time_since_epoch().count();
}

/// `hh:mm` below 24:00, in seconds.
std::optional<std::int64_t> read_hours_minutes(Reader& reader) {
  const auto hour = reader.digits(2);
  if (!hour || !reader.accept(":")) return std::nullopt;
  const auto minute = reader.digits(2);
  if (!minute || *hour > 23 || *minute > 59) return std::nullopt;
  return *hour * 3600 + *minute * 60;
}

/// What has to be taken off to get UTC.
std::optional<std::int64_t> read_offset(Reader& reader) {
  if (reader.accept("Z")) return 0;
  const std::int64_t sign = reader.accept("-") ? -1 : 1;
  if (sign == 1 && !reader.accept("+")) return std::nullopt;
  const auto offset = read_hours_minutes(reader);
  if (!offset) return std::nullopt;
  return sign * *offset;
}

std::optional<std::int64_t> unit_nanoseconds(Reader& reader) {
  if (reader.accept("ns")) return 1;
  if (reader.accept("us") || reader.accept("\u00b5s") || reader.accept("\u03bcs")) return 1'000;
  if (reader.accept("ms")) return 1'000'000;
  if (reader.accept("s")) return second;
  if (reader.accept("m")) return 60 * second;
  if (reader.accept("h")) return 3600 * second;
  return std::nullopt;
}

/// `value * 10 + digit` and the like, none on overflow.
std::optional<std::int64_t> multiply_add(std::int64_t value, std::int64_t factor,
                                         std::int64_t summand) {
  std::int64_t result = 0;
  if (__builtin_mul_overflow(value, factor, &result)) return std::nullopt;
  if (__builtin_add_overflow(result, summand, &result)) return std::nullopt;
  return result;
}

std::optional<std::int64_t> to_integer(std::string_view digits) {
  std::optional<std::int64_t> value = 0;
  for (const char digit : digits) {
    if (value) value = multiply_add(*value, 10, digit - '0');
  }
  return value;
}

/// One `15.5s` of a duration, in nanoseconds.
std::optional<std::int64_t> read_duration_part(Reader& reader) {
  const std::string_view whole = reader.run();
  const std::string_view fraction = reader.accept(".") ? reader.run() : std::string_view();
  if (whole.empty() && fraction.empty()) return std::nullopt;
  const auto value = to_integer(whole);
  const auto unit = unit_nanoseconds(reader);
  if (!value || !unit) return std::nullopt;
  // At most an hour times a number below one: exact enough in whole nanoseconds.
  const double part = static_cast<double>(fraction_nanoseconds(fraction)) / second;
  return multiply_add(*value, *unit, std::llround(part * static_cast<double>(*unit)));
}

}  // namespace

Instant operator+(Instant instant, std::chrono::nanoseconds span) {
  // Not by floor(): near the lowest span, the whole seconds below it do not fit into nanoseconds.
  std::int64_t seconds = span.count() / second;
  std::int64_t nanoseconds = instant.nanoseconds + span.count() % second;
  if (nanoseconds < 0) {
    nanoseconds += second;
    --seconds;
  }
  return {instant.seconds + seconds + nanoseconds / second,
          static_cast<std::int32_t>(nanoseconds % second)};
}

Instant instant_of(WallTime time) {
  return Instant{0, 0} + std::chrono::nanoseconds(time.time_since_epoch());
}

std::optional<Instant> parse_instant(std::string_view text) {
  Reader reader(text);
  const auto days = read_days(reader);
  if (!days || !reader.accept("T")) return std::nullopt;
  const auto minutes = read_hours_minutes(reader);
  if (!minutes || !reader.accept(":")) return std::nullopt;
  const auto seconds = reader.digits(2);
  if (!seconds || *seconds > 59) return std::nullopt;
  std::string_view fraction;
  if (reader.accept(".")) {
    fraction = reader.run();
    if (fraction.empty()) return std::nullopt;
  }
  const auto offset = read_offset(reader);
  if (!offset || !reader.at_end()) return std::nullopt;
  return Instant{*days * 86'400 + *minutes + *seconds - *offset, fraction_nanoseconds(fraction)};
}

std::string to_string(Instant instant) {
  const std::chrono::sys_seconds time{std::chrono::seconds(instant.seconds)};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02uT%02d:%02d:%02d.%09d",
                static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                static_cast<unsigned>(date.day()), static_cast<int>(clock.hours().count()),
                static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()), instant.nanoseconds);
  std::string out = text.data();
  out.erase(out.find_last_not_of('0') + 1);
  if (out.back() == '.') out.pop_back();
  return out + "Z";
}

std::optional<std::chrono::nanoseconds> parse_go_duration(std::string_view text) {
  Reader reader(text);
  const bool negative = reader.accept("-");
  if (!negative) reader.accept("+");
  if (reader.at_end()) return std::nullopt;
  Reader zero = reader;
  if (zero.accept("0") && zero.at_end()) return std::chrono::nanoseconds(0);
  std::optional<std::int64_t> total = 0;
  while (total && !reader.at_end()) {
    const auto part = read_duration_part(reader);
    total = part ? multiply_add(*total, 1, *part) : std::nullopt;
  }
  if (!total) return std::nullopt;
  return std::chrono::nanoseconds(negative ? -*total : *total);
}

}  // namespace cpab
