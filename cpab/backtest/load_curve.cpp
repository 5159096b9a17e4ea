#include "cpab/backtest/load_curve.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "cpab/simulation/random_time.h"

namespace cpab {
namespace {

double seconds(Duration time) { return std::chrono::duration<double>(time).count(); }

double value_at(const ConstantLoad& load, Duration) { return load.value; }

double value_at(const StepLoad& load, Duration now) { return now >= load.at ? load.height : 0; }

double value_at(const RampLoad& load, Duration now) {
  if (now <= load.from) return 0;
  if (now >= load.to) return load.height;
  return load.height * seconds(now - load.from) / seconds(load.to - load.from);
}

double value_at(const SineLoad& load, Duration now) {
  const double turns = seconds(now - load.peak) / seconds(load.period);
  return load.height * (0.5 + 0.5 * std::cos(2 * std::numbers::pi * turns));
}

double value_at(const SpikeLoad& load, Duration now) {
  if (now < load.at) return 0;
  return load.height * std::exp2(-seconds(now - load.at) / seconds(load.half_life));
}

double value_at(const CrowdLoad& load, Duration now) {
  const double rise = std::max(seconds(load.rise), 1e-3);
  const double since = seconds(now - load.at);
  const double left = seconds(load.rise + load.hold + load.rise) - since;
  return load.height * std::clamp(std::min(since, left) / rise, 0.0, 1.0);
}

/// Sebastiano Vigna's splitmix64: spreads neighbouring numbers over the whole range.
std::uint64_t mixed(std::uint64_t number) {
  number += 0x9e3779b97f4a7c15;
  number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9;
  number = (number ^ (number >> 27)) * 0x94d049bb133111eb;
  return number ^ (number >> 31);
}

/// In (0, 1).
double uniform(std::uint64_t number) {
  return (static_cast<double>(mixed(number) >> 11) + 0.5) / 9007199254740992.0;
}

double value_at(const NoiseLoad& load, Duration now) {
  const auto slot = static_cast<std::uint64_t>(now / std::max(load.every, Duration(1)));
  const std::uint64_t draw = mixed(load.seed) ^ (2 * slot);
  return load.deviation * normal_number(uniform(draw), uniform(draw + 1));
}

double value_at(const RecordedLoad& load, Duration now) {
  if (load.points.empty()) return 0;
  const auto next =
      std::upper_bound(load.points.begin(), load.points.end(), now,
                       [](Duration time, const auto& point) { return time < point.first; });
  if (next == load.points.begin()) return next->second;
  const auto last = std::prev(next);
  if (next == load.points.end()) return last->second;
  const double share = seconds(now - last->first) / seconds(next->first - last->first);
  return last->second + share * (next->second - last->second);
}

}  // namespace

LoadFunction load_curve(std::vector<LoadPart> parts) {
  return [parts = std::move(parts)](Duration now) {
    double sum = 0;
    for (const LoadPart& part : parts) {
      sum += std::visit([&](const auto& each) { return value_at(each, now); }, part);
    }
    return std::max(sum, 0.0);
  };
}

}  // namespace cpab
