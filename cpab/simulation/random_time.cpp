#include "cpab/simulation/random_time.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace cpab {
namespace {

/// Rarer than one in ten thousand million: what is farther out is cut off there.
constexpr double farthest = 6.5;

/// The quantile of the standard normal distribution for 0.95.
constexpr double deviations_of_p95 = 1.6448536269514722;

/// In (0, 1).
double even_number(std::mt19937_64& random) {
  return (static_cast<double>(random() >> 11) + 0.5) / 9007199254740992.0;
}

/// As many deviations above the middle.
Duration time_at(const NormalTime& time, double deviations) {
  const double milliseconds = static_cast<double>(time.mean.count()) +
                              deviations * static_cast<double>(time.deviation.count());
  return Duration(std::llround(std::max(milliseconds, 0.0)));
}

Duration time_at(const LognormalTime& time, double deviations) {
  const double median = static_cast<double>(std::max(time.median, Duration(1)).count());
  const double spread = std::log(static_cast<double>(time.p95.count()) / median);
  const double milliseconds = median * std::exp(spread * deviations / deviations_of_p95);
  constexpr double longest = 400 * 86'400'000.0;
  return Duration(std::llround(std::min(milliseconds, longest)));
}

Duration drawn(const UniformTime& time, std::mt19937_64& random) {
  const auto width = (time.longest - time.shortest).count();
  if (width <= 0) return time.shortest;
  const auto more = random() % static_cast<std::uint64_t>(width + 1);
  return time.shortest + Duration(static_cast<Duration::rep>(more));
}

template <typename Time>
Duration drawn(const Time& time, std::mt19937_64& random) {
  const double first = even_number(random);
  const double deviations = normal_number(first, even_number(random));
  return time_at(time, std::clamp(deviations, -farthest, farthest));
}

Duration longest_of(const UniformTime& time) { return std::max(time.shortest, time.longest); }

template <typename Time>
Duration longest_of(const Time& time) {
  return time_at(time, farthest);
}

}  // namespace

double normal_number(double first, double second) {
  return std::sqrt(-2 * std::log(first)) * std::cos(2 * std::numbers::pi * second);
}

Duration draw(const RandomTime& time, std::mt19937_64& random) {
  return std::visit([&](const auto& each) { return drawn(each, random); }, time);
}

Duration longest(const RandomTime& time) {
  return std::visit([](const auto& each) { return longest_of(each); }, time);
}

}  // namespace cpab
