#include "cpab/backtest/drawing.h"

#include <algorithm>
#include <numeric>
#include <set>

namespace cpab {
namespace {

/// Adds the first of the samples from `begin` to `end` with the lowest `value`, and with the
/// highest.
template <typename Value>
void add_extremes(const Timeline& timeline, std::size_t begin, std::size_t end,
                  Value Sample::*value, std::set<std::size_t>& indices) {
  std::size_t lowest = begin;
  std::size_t highest = begin;
  for (std::size_t i = begin; i < end; ++i) {
    if (timeline[i].*value < timeline[lowest].*value) lowest = i;
    if (timeline[highest].*value < timeline[i].*value) highest = i;
  }
  indices.insert({lowest, highest});
}

}  // namespace

std::vector<std::size_t> drawn_samples(const std::vector<const Timeline*>& timelines,
                                       std::size_t most) {
  const std::size_t all = timelines.front()->size();
  if (all <= most) {
    std::vector<std::size_t> indices(all);
    std::iota(indices.begin(), indices.end(), std::size_t{0});
    return indices;
  }
  std::set<std::size_t> indices = {all - 1};
  const std::size_t stretches = most / 4;
  for (std::size_t i = 0; i < stretches; ++i) {
    const std::size_t begin = all * i / stretches;
    const std::size_t end = all * (i + 1) / stretches;
    for (const Timeline* timeline : timelines) {
      add_extremes(*timeline, begin, end, &Sample::load, indices);
      for (const auto count : {&Sample::needed, &Sample::wanted, &Sample::pods, &Sample::ready}) {
        add_extremes(*timeline, begin, end, count, indices);
      }
    }
  }
  return {indices.begin(), indices.end()};
}

std::vector<Stretch> violated_stretches(const Timeline& timeline, std::size_t gap) {
  std::vector<Stretch> stretches;
  for (std::size_t i = 0; i < timeline.size(); ++i) {
    if (timeline[i].served) continue;
    const bool near =
        !stretches.empty() && i - stretches.back().first <= stretches.back().count + gap;
    if (!near) stretches.push_back({i, 0});
    stretches.back().count = i + 1 - stretches.back().first;
  }
  return stretches;
}

}  // namespace cpab
