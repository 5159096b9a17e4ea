#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace cpab {

/// How a trend or a season goes on top of the level: by adding or by multiplying.
enum class Composition { additive, multiplicative };

/// Where the recursion begins. Source: statsmodels 0.14, ExponentialSmoothing; `estimated` and
/// `heuristic` are the same there where nothing is fitted.
enum class HoltWintersStart {
  estimated,  ///< from moving averages over the first seasons
  legacy_heuristic,
};

/// Exponential smoothing with trend and season (Holt 1957, Winters 1960); the coefficients are used
/// as they are.
struct HoltWinters {
  double alpha = 0;        ///< of the level, from 0 to 1
  double beta = 0;         ///< of the trend, from 0 to 1
  double gamma = 0;        ///< of the season, from 0 to 1
  std::size_t period = 2;  ///< points a season, at least 2
  Composition trend = Composition::additive;
  Composition season = Composition::additive;
  HoltWintersStart start = HoltWintersStart::estimated;

  /// How many points a forecast needs: two seasons, and enough moving averages for a line.
  std::size_t needed_points() const;

  /// The value after the last of `series`, which is in the order of time; none when it is shorter
  /// than needed_points().
  std::optional<double> forecast(const std::vector<double>& series) const;
};

/// The smoothing of the Predictive Horizontal Pod Autoscaler up to 0.6, behind the published
/// experiments: the season is updated with the new level, and the start needs one season only.
/// Returns the smoothed series and `ahead` values after it. Throws std::invalid_argument for
/// coefficients outside [0, 1], a period below 2, or less than a season of values.
std::vector<double> early_holt_winters(const std::vector<double>& series, std::size_t period,
                                       double alpha, double beta, double gamma, std::size_t ahead,
                                       Composition composition);

}  // namespace cpab
