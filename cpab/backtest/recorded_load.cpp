#include "cpab/backtest/recorded_load.h"

#include <algorithm>

namespace cpab {
namespace {

/// In words for people: `2d 3h`, `90s`.
std::string length_text(Duration length) {
  auto seconds = length.count() / 1000;
  if (seconds < 120) return std::to_string(seconds) + "s";
  std::string text;
  for (const auto& [unit, name] : {std::pair{86'400, "d"}, {3'600, "h"}, {60, "m"}}) {
    if (seconds < unit) continue;
    text += (text.empty() ? "" : " ") + std::to_string(seconds / unit) + name;
    seconds %= unit;
  }
  return text;
}

struct Gap {
  WallTime start;
  Duration length;
};

/// Where samples are much farther from each other than usual.
std::vector<Gap> gaps_in(const LoadSamples& samples) {
  std::vector<Gap> distances;
  for (auto sample = samples.begin(); std::next(sample) != samples.end(); ++sample) {
    distances.push_back({sample->first, std::next(sample)->first - sample->first});
  }
  if (distances.empty()) return {};
  std::vector<Duration> lengths;
  lengths.reserve(distances.size());
  for (const Gap& distance : distances) lengths.push_back(distance.length);
  const auto middle = lengths.begin() + static_cast<std::ptrdiff_t>(lengths.size() / 2);
  std::nth_element(lengths.begin(), middle, lengths.end());
  std::erase_if(distances, [usual = *middle](const Gap& distance) {
    return distance.length * 2 <= usual * 5;
  });
  return distances;
}

std::string remark_on(const std::vector<Gap>& gaps) {
  Duration sum{0};
  for (const Gap& gap : gaps) sum += gap.length;
  const auto longest = std::max_element(
      gaps.begin(), gaps.end(), [](const Gap& a, const Gap& b) { return a.length < b.length; });
  return "nothing was measured for " + length_text(sum) + ", longest for " +
         length_text(longest->length) + " from " + rfc3339_seconds(longest->start) +
         ": a straight line stands in for it";
}

}  // namespace

RecordedLoad recorded_load(const LoadSamples& samples) {
  RecordedLoad load;
  load.start = samples.begin()->first;
  for (const auto& [time, value] : samples) load.points.emplace_back(time - *load.start, value);
  const std::vector<Gap> gaps = gaps_in(samples);
  if (!gaps.empty()) load.remarks.push_back(remark_on(gaps));
  return load;
}

}  // namespace cpab
