#include "cpab/decision/holt_winters.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <stdexcept>

namespace cpab {
namespace {

using Values = std::vector<double>;

double mean_of(const Values& values, std::size_t first, std::size_t count) {
  const auto begin = values.begin() + static_cast<std::ptrdiff_t>(first);
  return std::accumulate(begin, begin + static_cast<std::ptrdiff_t>(count), 0.0) /
         static_cast<double>(count);
}

double without(double value, double part, Composition composition) {
  return composition == Composition::additive ? value - part : value / part;
}

double with(double value, double part, Composition composition) {
  return composition == Composition::additive ? value + part : value * part;
}

/// Level, trend and season before the first point.
struct Start {
  double level = 0;
  double trend = 0;
  Values season;
};

/// The centred moving average over a season; of an even one, the mean of the two adjacent windows.
/// The first is that of point period / 2.
Values centred_averages(const Values& series, std::size_t period) {
  Values averages;
  for (std::size_t first = 0; first + period <= series.size(); ++first) {
    averages.push_back(mean_of(series, first, period));
  }
  if (period % 2 == 1) return averages;
  for (std::size_t i = 0; i + 1 < averages.size(); ++i) {
    averages[i] = (averages[i] + averages[i + 1]) / 2;
  }
  averages.pop_back();
  return averages;
}

/// For each point of a season what is left of the series without its average, by the mean of all
/// seasons; together they change nothing.
Values seasonal_start(const Values& series, const Values& averages, const HoltWinters& model) {
  Values sums(model.period, 0.0);
  std::vector<int> counts(model.period, 0);
  for (std::size_t i = 0; i < averages.size(); ++i) {
    const std::size_t at = i + model.period / 2;
    sums[at % model.period] += without(series[at], averages[i], model.season);
    ++counts[at % model.period];
  }
  for (std::size_t slot = 0; slot < model.period; ++slot) sums[slot] /= counts[slot];
  const double mean = mean_of(sums, 0, sums.size());
  for (double& effect : sums) effect = without(effect, mean, model.season);
  return sums;
}

/// The straight line through the first ten values, at x = 1 to 10: intercept and slope.
std::pair<double, double> line_through(const Values& values) {
  constexpr std::size_t points = 10;
  constexpr double mean_x = 5.5;
  constexpr double variance = 82.5;  // of 1 to 10, times ten
  const double mean_y = mean_of(values, 0, points);
  double covariance = 0;
  for (std::size_t i = 0; i < points; ++i) {
    covariance += (static_cast<double>(i + 1) - mean_x) * (values[i] - mean_y);
  }
  const double slope = covariance / variance;
  return {mean_y - slope * mean_x, slope};
}

Start estimated_start(const Values& series, const HoltWinters& model) {
  const std::size_t period = model.period;
  const std::size_t least = (10 + 2 * (period / 2) + period - 1) / period;
  const std::size_t seasons = std::max(std::min<std::size_t>(5, series.size() / period), least);
  const Values first(series.begin(), series.begin() + static_cast<std::ptrdiff_t>(std::min(
                                                          seasons * period, series.size())));
  const Values averages = centred_averages(first, period);
  const auto [intercept, slope] = line_through(averages);
  const bool adds = model.trend == Composition::additive;
  return {intercept, adds ? slope : 1 + slope / intercept, seasonal_start(first, averages, model)};
}

Start legacy_start(const Values& series, const HoltWinters& model) {
  const auto period = static_cast<double>(model.period);
  Values every;
  for (std::size_t i = 0; i < series.size(); i += model.period) every.push_back(series[i]);
  const double first = mean_of(series, 0, model.period);
  const double second = mean_of(series, model.period, model.period);
  Start start;
  start.level = mean_of(every, 0, every.size());
  start.trend = model.trend == Composition::additive ? (second - first) / period
                                                     : std::pow(second / first, 1 / period);
  for (std::size_t i = 0; i < model.period; ++i) {
    start.season.push_back(without(series[i], start.level, model.season));
  }
  return start;
}

void check(bool fine, const std::string& problem) {
  if (!fine) throw std::invalid_argument("Holt-Winters: " + problem);
}

Start early_start(const Values& series, std::size_t period, Composition composition) {
  Start start{series[0], series[1] - series[0], Values(period, 0.0)};
  if (series.size() >= 2 * period) {
    start.trend = 0;
    for (std::size_t i = 0; i < period; ++i) {
      start.trend += (series[i + period] - series[i]) / static_cast<double>(period * period);
    }
  }
  const std::size_t seasons = series.size() / period;
  for (std::size_t season = 0; season < seasons; ++season) {
    const double mean = mean_of(series, season * period, period);
    for (std::size_t i = 0; i < period; ++i) {
      start.season[i] +=
          without(series[season * period + i], mean, composition) / static_cast<double>(seasons);
    }
  }
  return start;
}

}  // namespace

std::size_t HoltWinters::needed_points() const {
  return std::max(2 * period, 10 + 2 * (period / 2));
}

std::optional<double> HoltWinters::forecast(const std::vector<double>& series) const {
  if (series.size() < needed_points()) return std::nullopt;
  auto [level, slope, effects] = start == HoltWintersStart::estimated
                                     ? estimated_start(series, *this)
                                     : legacy_start(series, *this);
  for (std::size_t i = 0; i < series.size(); ++i) {
    double& effect = effects[i % period];
    const double expected = with(level, slope, trend);
    const double previous = level;
    level = alpha * without(series[i], effect, season) + (1 - alpha) * expected;
    slope = beta * without(level, previous, trend) + (1 - beta) * slope;
    effect = gamma * without(series[i], expected, season) + (1 - gamma) * effect;
  }
  return with(with(level, slope, trend), effects[series.size() % period], season);
}

std::vector<double> early_holt_winters(const std::vector<double>& series, std::size_t period,
                                       double alpha, double beta, double gamma, std::size_t ahead,
                                       Composition composition) {
  for (const double coefficient : {alpha, beta, gamma}) {
    check(coefficient >= 0 && coefficient <= 1, "a coefficient is not from 0 to 1");
  }
  check(period >= 2, "a season has less than two points");
  check(series.size() >= period, "there is less than one season of values");
  auto [level, slope, effects] = early_start(series, period, composition);
  Values result{series[0]};
  for (std::size_t i = 1; i < series.size(); ++i) {
    double& effect = effects[i % period];
    const double previous = level;
    level = alpha * without(series[i], effect, composition) + (1 - alpha) * (level + slope);
    slope = beta * (level - previous) + (1 - beta) * slope;
    effect = gamma * without(series[i], level, composition) + (1 - gamma) * effect;
    result.push_back(composition == Composition::additive ? level + slope + effect
                                                          : level + slope * effect);
  }
  for (std::size_t i = 0; i < ahead; ++i) {
    result.push_back(level + static_cast<double>(i + 1) * slope +
                     effects[(series.size() + i) % period]);
  }
  return result;
}

}  // namespace cpab
