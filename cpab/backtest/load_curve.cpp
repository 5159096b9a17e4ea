#include "cpab/backtest/load_curve.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "cpab/model/instant.h"
#include "cpab/model/number.h"

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
  // Box and Muller 1958.
  return load.deviation * std::sqrt(-2 * std::log(uniform(draw))) *
         std::cos(2 * std::numbers::pi * uniform(draw + 1));
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

[[noreturn]] void fail(std::size_t line, const std::string& problem) {
  throw std::runtime_error("line " + std::to_string(line) + ": " + problem);
}

/// Seconds since 1970, or since whatever zero the file has.
std::optional<double> time_in(const std::string& text) {
  if (const auto number = number_in(text)) return number;
  const auto instant = text.ends_with('Z') ? parse_instant(text) : std::nullopt;
  if (!instant) return std::nullopt;
  return static_cast<double>(instant->seconds) + instant->nanoseconds * 1e-9;
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

RecordedLoad parse_load_csv(const std::string& text) {
  RecordedLoad load;
  std::optional<double> first;
  std::istringstream lines(text);
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty()) continue;
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos) fail(number, "there is no comma; write timestamp,value");
    const auto time = time_in(line.substr(0, comma));
    const auto value = number_in(line.substr(comma + 1));
    if (!time && !value && load.points.empty()) continue;  // the header
    if (!time) fail(number, "the time is neither RFC 3339 in UTC nor a number of seconds");
    if (!value || *value < 0) fail(number, "the value is no number from 0 on");
    if (!first) first = time;
    if (*time - *first > 1e9) fail(number, "the time is decades after the first");
    const Duration at(std::llround((*time - *first) * 1000));
    if (!load.points.empty() && at <= load.points.back().first) fail(number, "times do not rise");
    load.points.emplace_back(at, *value);
  }
  if (load.points.empty()) throw std::runtime_error("there is no row timestamp,value");
  return load;
}

}  // namespace cpab
