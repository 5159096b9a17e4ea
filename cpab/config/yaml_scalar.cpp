#include "cpab/config/yaml_scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

namespace cpab {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <std::size_t Size>
bool is_one_of(std::string_view text, const std::array<std::string_view, Size>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 11> true_words = {
    "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"};
constexpr std::array<std::string_view, 11> false_words = {
    "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 5> null_words = {"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> nan_words = {".nan", ".NaN", ".NAN"};
constexpr std::array<std::string_view, 3> infinity_words = {".inf", ".Inf", ".INF"};

Node scalar(Node::Kind kind, std::string text) {
  Node node;
  node.kind = kind;
  node.text = std::move(text);
  return node;
}

Node float_scalar(double number) {
  Node node = scalar(Node::Kind::floating, float_as_string(number));
  node.number = number;
  return node;
}

/// Takes the sign off the front; true when it was a minus.
bool take_sign(std::string_view& text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return negative;
}

/// Takes `0x`, `0b`, `0o` or the leading zero of an octal off the front.
int take_base(std::string_view& text) {
  if (text.size() < 2 || text[0] != '0') return 10;
  int base = 8;
  std::size_t prefix = 1;
  switch (text[1]) {
    case 'x':
    case 'X':
      base = 16;
      prefix = 2;
      break;
    case 'b':
    case 'B':
      base = 2;
      prefix = 2;
      break;
    case 'o':
    case 'O':
      prefix = 2;
      break;
    default:
      break;
  }
  text.remove_prefix(prefix);
  return base;
}

/// The value in decimal, when `text` is an integer that fits 64 bits, signed or (without a sign)
/// unsigned.
std::optional<std::string> integer_text(std::string_view text) {
  const bool signed_text = text.starts_with('-') || text.starts_with('+');
  const bool negative = take_sign(text);
  const int base = take_base(text);
  std::uint64_t magnitude = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, magnitude, base);
  if (text.empty() || error != std::errc{} || stop != end) return std::nullopt;
  constexpr auto largest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (signed_text && magnitude > largest + (negative ? 1 : 0)) return std::nullopt;
  return (negative && magnitude != 0 ? "-" : "") + std::to_string(magnitude);
}

/// Digits with at most one point, then optionally an exponent.
bool has_float_form(std::string_view text) {
  take_sign(text);
  std::size_t digits = 0;
  std::size_t at = 0;
  bool point = false;
  for (; at < text.size() && (is_digit(text[at]) || (text[at] == '.' && !point)); ++at) {
    if (is_digit(text[at])) {
      ++digits;
    } else {
      point = true;
    }
  }
  if (digits == 0) return false;
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  std::string_view exponent = text.substr(at + 1);
  take_sign(exponent);
  return !exponent.empty() && std::all_of(exponent.begin(), exponent.end(), is_digit);
}

std::optional<double> float_value(std::string_view text) {
  if (!has_float_form(text)) return std::nullopt;
  const bool negative = take_sign(text);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{}) return std::nullopt;
  return negative ? -value : value;
}

std::optional<double> special_float(std::string_view text) {
  using Limits = std::numeric_limits<double>;
  if (is_one_of(text, nan_words)) return Limits::quiet_NaN();
  const bool negative = take_sign(text);
  if (!is_one_of(text, infinity_words)) return std::nullopt;
  return negative ? -Limits::infinity() : Limits::infinity();
}

Node number_or_string(const std::string& source) {
  if (source[0] == '.') {
    const auto value = float_value(source);
    return value ? float_scalar(*value) : scalar(Node::Kind::string, source);
  }
  if (is_digit(source[0]) || source[0] == '-' || source[0] == '+') {
    std::string plain = source;
    plain.erase(std::remove(plain.begin(), plain.end(), '_'), plain.end());
    if (auto text = integer_text(plain)) return scalar(Node::Kind::integer, *std::move(text));
    if (const auto value = float_value(plain)) return float_scalar(*value);
  }
  return scalar(Node::Kind::string, source);
}

Node resolve(const std::string& source) {
  if (is_one_of(source, null_words)) return Node{};
  if (is_one_of(source, true_words)) return scalar(Node::Kind::boolean, "true");
  if (is_one_of(source, false_words)) return scalar(Node::Kind::boolean, "false");
  if (const auto value = special_float(source)) return float_scalar(*value);
  return number_or_string(source);
}

/// The shortest digits of |number| and where the point belongs: 0.`digits` x 10^`point`.
struct ShortestDigits {
  std::string digits;
  int point = 0;
};

ShortestDigits shortest_digits(double number) {
  std::array<char, 40> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(number),
                                 std::chars_format::scientific);
  const std::string_view text(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
  const auto exponent = text.find('e');
  ShortestDigits shortest;
  for (const char c : text.substr(0, exponent)) {
    if (is_digit(c)) shortest.digits += c;
  }
  shortest.point = 1 + std::atoi(buffer.data() + exponent + 1);
  if (number == 0) shortest.point = 1;
  return shortest;
}

std::string plain_digits(const ShortestDigits& shortest) {
  const int size = static_cast<int>(shortest.digits.size());
  if (shortest.point <= 0) {
    return "0." + std::string(static_cast<std::size_t>(-shortest.point), '0') + shortest.digits;
  }
  if (shortest.point >= size) {
    return shortest.digits + std::string(static_cast<std::size_t>(shortest.point - size), '0');
  }
  const auto point = static_cast<std::size_t>(shortest.point);
  return shortest.digits.substr(0, point) + "." + shortest.digits.substr(point);
}

/// `1.5e+06`; the exponent has at least two digits.
std::string with_exponent(const ShortestDigits& shortest) {
  const int exponent = shortest.point - 1;
  std::string text = shortest.digits.substr(0, 1);
  if (shortest.digits.size() > 1) text += "." + shortest.digits.substr(1);
  const std::string magnitude = std::to_string(std::abs(exponent));
  return text + (exponent < 0 ? "e-" : "e+") + (magnitude.size() < 2 ? "0" : "") + magnitude;
}

/// Plain digits while the decimal exponent is in [`smallest`, `end`), otherwise an exponent.
std::string float_text(double number, int smallest, int end) {
  if (std::isnan(number)) return "NaN";
  if (std::isinf(number)) return number < 0 ? "-Inf" : "+Inf";
  const ShortestDigits shortest = shortest_digits(number);
  const int exponent = shortest.point - 1;
  const std::string text =
      exponent < smallest || exponent >= end ? with_exponent(shortest) : plain_digits(shortest);
  return (std::signbit(number) ? "-" : "") + text;
}

}  // namespace

Node plain_yaml_scalar(const std::string& source) {
  Node node = resolve(source);
  node.source = source;
  return node;
}

std::string float_as_string(double number) { return float_text(number, -4, 6); }

std::string float_as_json(double number) { return float_text(number, -6, 21); }

}  // namespace cpab
