#pragma once

#include <cstddef>
#include <vector>

#include "cpab/backtest/timeline.h"

namespace cpab {

/// Indices of the samples that a chart needs to look as with all of them, rising: every one up to
/// `most`; otherwise of each of `most` / 4 stretches those with the lowest and the highest value of
/// each column. `timelines` have their samples at the same times.
std::vector<std::size_t> drawn_samples(const std::vector<const Timeline*>& timelines,
                                       std::size_t most);

/// Samples one after the other.
struct Stretch {
  std::size_t first = 0;
  std::size_t count = 0;

  friend bool operator==(const Stretch&, const Stretch&) = default;
};

/// Where the service level is not kept. Those with no more than `gap` samples between them are
/// taken together.
std::vector<Stretch> violated_stretches(const Timeline& timeline, std::size_t gap);

}  // namespace cpab
