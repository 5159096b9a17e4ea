#include "cpab/model/quantity.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <limits>

namespace cpab {
namespace {

/// `digits` x 10^`exponent`, exact at any length. `digits` has no zeros at either end; empty is 0.
struct Decimal {
  bool negative = false;
  std::string digits;
  std::int64_t exponent = 0;
};

struct Parsed {
  Decimal value;
  QuantityFormat format = QuantityFormat::decimal_suffix;
};

constexpr std::int64_t nano = -9;
constexpr std::int64_t milli = -3;
constexpr std::string_view decimal_suffixes = "num kMGTPE";  // 10^-9, 10^-6, ... 10^18
constexpr std::string_view binary_suffixes = "KMGTPE";       // 2^10, 2^20, ... 2^60, then `i`

bool is_digit(char c) { return c >= '0' && c <= '9'; }

void strip_zeros(Decimal& value) {
  const auto last = value.digits.find_last_not_of('0');
  const std::size_t kept = last == std::string::npos ? 0 : last + 1;
  value.exponent += static_cast<std::int64_t>(value.digits.size() - kept);
  value.digits.resize(kept);
  value.digits.erase(0, std::min(value.digits.find_first_not_of('0'), value.digits.size()));
  if (value.digits.empty()) value = {};
}

void multiply(std::string& digits, int factor) {
  int carry = 0;
  std::for_each(digits.rbegin(), digits.rend(), [&](char& digit) {
    carry += (digit - '0') * factor;
    digit = static_cast<char>('0' + carry % 10);
    carry /= 10;
  });
  if (carry > 0) digits.insert(0, std::to_string(carry));
}

/// Adds one unit of the last place.
void increment(std::string& digits) {
  auto digit = digits.rbegin();
  for (; digit != digits.rend() && *digit == '9'; ++digit) *digit = '0';
  if (digit != digits.rend()) {
    ++*digit;
  } else {
    digits.insert(0, 1, '1');
  }
}

/// Drops what is below 10^`place`, away from zero.
void round_away(Decimal& value, std::int64_t place) {
  if (value.digits.empty() || value.exponent >= place) return;
  const std::int64_t size = static_cast<std::int64_t>(value.digits.size());
  value.digits.resize(
      static_cast<std::size_t>(std::max<std::int64_t>(0, size - (place - value.exponent))));
  value.exponent = place;
  increment(value.digits);  // there are no trailing zeros, so something was dropped
  strip_zeros(value);
}

/// Takes the sign and the digits off the front of `text`.
std::optional<Decimal> take_number(std::string_view& text) {
  Decimal value;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    value.negative = text[0] == '-';
    text.remove_prefix(1);
  }
  bool seen_point = false;
  for (; !text.empty() && (is_digit(text[0]) || text[0] == '.'); text.remove_prefix(1)) {
    if (is_digit(text[0])) {
      value.digits += text[0];
      if (seen_point) --value.exponent;
    } else if (seen_point) {
      return std::nullopt;
    } else {
      seen_point = true;
    }
  }
  if (value.digits.empty()) return std::nullopt;
  return value;
}

/// Reads the `12`, `+3` or `-6` after an `e`.
std::optional<std::int32_t> exponent_value(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && is_digit(text[1])) text.remove_prefix(1);
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool apply_suffix(std::string_view suffix, Parsed& parsed) {
  if (suffix.empty()) return true;
  if (suffix.size() == 1 && suffix != " ") {
    const auto index = decimal_suffixes.find(suffix[0]);
    if (index == std::string_view::npos) return false;
    parsed.value.exponent += 3 * static_cast<std::int64_t>(index) + nano;
    return true;
  }
  if (suffix.size() == 2 && suffix[1] == 'i') {
    const auto index = binary_suffixes.find(suffix[0]);
    if (index == std::string_view::npos) return false;
    for (std::size_t i = 0; i <= index; ++i) multiply(parsed.value.digits, 1024);
    parsed.format = QuantityFormat::binary_suffix;
    return true;
  }
  if (suffix[0] != 'e' && suffix[0] != 'E') return false;
  const auto exponent = exponent_value(suffix.substr(1));
  if (!exponent) return false;
  parsed.value.exponent += *exponent;
  parsed.format = QuantityFormat::exponent;
  return true;
}

/// With the digits as they are written.
std::optional<Parsed> parse_as_written(std::string_view text) {
  auto number = take_number(text);
  if (!number) return std::nullopt;
  Parsed parsed{*std::move(number)};
  if (!apply_suffix(text, parsed)) return std::nullopt;
  return parsed;
}

std::optional<Parsed> parse(std::string_view text) {
  auto parsed = parse_as_written(text);
  if (parsed) strip_zeros(parsed->value);
  return parsed;
}

/// Lowers the exponent to a multiple of three that is not above `limit`, appending zeros.
void align_to_thousands(Decimal& value, std::int64_t limit) {
  const std::int64_t rest = ((value.exponent % 3) + 3) % 3;
  const std::int64_t aligned = std::min(value.exponent - rest, limit);
  value.digits.append(static_cast<std::size_t>(value.exponent - aligned), '0');
  value.exponent = aligned;
}

std::string sign_and_digits(const Decimal& value) {
  return (value.negative ? "-" : "") + value.digits;
}

std::string with_decimal_suffix(Decimal value) {
  align_to_thousands(value, 18);
  const char suffix = decimal_suffixes[static_cast<std::size_t>((value.exponent - nano) / 3)];
  return sign_and_digits(value) + (suffix == ' ' ? std::string() : std::string(1, suffix));
}

std::string with_exponent(Decimal value) {
  align_to_thousands(value, std::numeric_limits<std::int64_t>::max());
  if (value.exponent == 0) return sign_and_digits(value);
  return sign_and_digits(value) + "e" + std::to_string(value.exponent);
}

/// `digits` / 1024 when that leaves no remainder.
std::optional<std::string> divided_by_1024(const std::string& digits) {
  std::string quotient;
  int rest = 0;
  for (const char digit : digits) {
    rest = rest * 10 + (digit - '0');
    if (!quotient.empty() || rest >= 1024) quotient += static_cast<char>('0' + rest / 1024);
    rest %= 1024;
  }
  if (rest != 0) return std::nullopt;
  return quotient;
}

/// `value` is a whole number.
std::string with_binary_suffix(Decimal value) {
  value.digits.append(static_cast<std::size_t>(value.exponent), '0');
  std::size_t power = 0;
  while (power < binary_suffixes.size()) {
    auto quotient = divided_by_1024(value.digits);
    if (!quotient) break;
    value.digits = *std::move(quotient);
    ++power;
  }
  if (power == 0) return sign_and_digits(value);
  return sign_and_digits(value) + binary_suffixes[power - 1] + "i";
}

/// Whether |value| < 1024; such quantities are written in decimals even when given as `0.5Ki`.
bool below_1024(const Decimal& value) {
  const std::int64_t places = static_cast<std::int64_t>(value.digits.size()) + value.exponent;
  if (places != 4) return places < 4;
  std::string whole = value.digits.substr(0, 4);
  whole.resize(4, '0');
  return whole < "1024";
}

/// With a binary suffix the API server keeps no more than the largest int64.
void cap(Decimal& value) {
  constexpr std::string_view largest = "9223372036854775807";
  const std::int64_t places = static_cast<std::int64_t>(value.digits.size()) + value.exponent;
  const auto size = static_cast<std::int64_t>(largest.size());
  if (places < size || (places == size && value.digits <= largest)) return;
  value.digits = largest;
  value.exponent = 0;
}

std::string canonical(Decimal value, QuantityFormat format) {
  round_away(value, nano);
  if (format == QuantityFormat::binary_suffix) cap(value);
  if (value.digits.empty()) return "0";
  if (format == QuantityFormat::exponent) return with_exponent(value);
  const bool whole = value.exponent >= 0;
  if (format == QuantityFormat::binary_suffix && whole && !below_1024(value)) {
    return with_binary_suffix(value);
  }
  return with_decimal_suffix(value);
}

}  // namespace

std::optional<std::int64_t> quantity_milli(std::string_view text) {
  const auto parsed = parse(text);
  if (!parsed) return std::nullopt;
  Decimal value = parsed->value;
  round_away(value, milli);
  if (value.digits.empty()) return 0;

  using Limits = std::numeric_limits<std::int64_t>;
  const std::int64_t saturated = value.negative ? Limits::min() : Limits::max();
  const std::int64_t zeros = value.exponent - milli;
  if (static_cast<std::int64_t>(value.digits.size()) + zeros > Limits::digits10 + 1) {
    return saturated;
  }
  const std::string whole =
      sign_and_digits(value) + std::string(static_cast<std::size_t>(zeros), '0');
  std::int64_t result = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), result);
  return error == std::errc{} ? result : saturated;
}

std::optional<double> quantity_double(std::string_view text) {
  const auto parsed = parse_as_written(text);
  if (!parsed) return std::nullopt;
  Decimal value = parsed->value;
  strip_zeros(value);
  if (value.digits.empty()) return 0.0;
  if (parsed->value.exponent >= nano) {
    value = parsed->value;
  } else {
    round_away(value, nano);
    value.digits.append(static_cast<std::size_t>(value.exponent - nano), '0');
    value.exponent = nano;
  }
  const double mantissa = std::strtod(sign_and_digits(value).c_str(), nullptr);
  return mantissa * std::strtod(("1e" + std::to_string(value.exponent)).c_str(), nullptr);
}

std::optional<std::string> canonical_quantity(std::string_view text) {
  const auto parsed = parse(text);
  if (!parsed) return std::nullopt;
  return canonical(parsed->value, parsed->format);
}

std::string quantity_text(std::int64_t thousandths, QuantityFormat format) {
  Decimal value{thousandths < 0, std::to_string(thousandths), milli};
  if (value.negative) value.digits.erase(0, 1);
  strip_zeros(value);
  return canonical(value, format);
}

std::string status_quantity(std::string_view resource, std::int64_t thousandths) {
  const bool in_bytes = resource == "memory";
  return quantity_text(thousandths,
                       in_bytes ? QuantityFormat::binary_suffix : QuantityFormat::decimal_suffix);
}

}  // namespace cpab
