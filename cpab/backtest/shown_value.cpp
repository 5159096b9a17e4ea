#include "cpab/backtest/shown_value.h"

#include <cmath>

namespace cpab {
namespace {

std::optional<double> unscaled(ShownValue::Amount amount, const WorldMoment& moment) {
  using Amount = ShownValue::Amount;
  const bool is_about_replicas = amount == Amount::load_per_pod || amount == Amount::utilization;
  if (is_about_replicas && moment.ready <= 0) return std::nullopt;
  switch (amount) {
    case Amount::load:
      return moment.load;
    case Amount::load_per_pod:
      return moment.load / moment.ready;
    case Amount::utilization:
      return moment.load / (moment.ready * moment.capacity_per_replica);
    case Amount::backlog:
      return moment.backlog;
  }
  return std::nullopt;
}

double rounded(double value, ShownValue::Rounding rounding) {
  // What binary fractions leave behind must not make 5.000000001 a 6.
  constexpr double slack = 1e-9;
  switch (rounding) {
    case ShownValue::Rounding::none:
      return value;
    case ShownValue::Rounding::up:
      return std::ceil(value - slack);
    case ShownValue::Rounding::down:
      return std::floor(value + slack);
    case ShownValue::Rounding::nearest:
      return std::round(value);
  }
  return value;
}

}  // namespace

std::optional<double> amount_of(const ShownValue& shown, const WorldMoment& moment) {
  const auto value = unscaled(shown.amount, moment);
  if (!value) return std::nullopt;
  return rounded(*value * shown.scale, shown.rounding);
}

std::string amount_text(double amount) {
  std::string text = std::to_string(amount);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text == "-0" ? "0" : text;
}

}  // namespace cpab
