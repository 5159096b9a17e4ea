#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "cpab/model/time.h"

namespace cpab {

/// A change of the replica count that was written.
struct ScaleEvent {
  TimePoint at;
  std::int32_t from;
  std::int32_t to;

  bool is_up() const { return to > from; }
  std::int64_t size() const { return is_up() ? std::int64_t{to} - from : std::int64_t{from} - to; }

  friend bool operator==(const ScaleEvent&, const ScaleEvent&) = default;
};

/// The latest changes, as far back as policies about the rate of scaling ask. In the order of the
/// HPA controller, which is not always that of time: a new event takes the place of the last one of
/// its direction that is too old to be kept. Until then an old one stays, and policies with a
/// longer period count it.
class ScaleEventHistory {
 public:
  /// The oldest go first. Reached only by somebody who scales every other second.
  static constexpr std::size_t capacity = 1000;

  /// Adds the newest event. One of its direction that is older than `kept_for` may make place for
  /// it: that is the longest period of any policy, and in the HPA controller of those of its
  /// direction.
  void add(ScaleEvent event, std::chrono::seconds kept_for);

  const std::vector<ScaleEvent>& entries() const { return entries_; }

  friend bool operator==(const ScaleEventHistory&, const ScaleEventHistory&) = default;

 private:
  std::vector<ScaleEvent> entries_;
};

}  // namespace cpab
