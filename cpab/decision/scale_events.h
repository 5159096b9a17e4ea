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

  friend bool operator==(const ScaleEvent&, const ScaleEvent&) = default;
};

/// The latest changes, as far back as a rule about the rate of scaling can ask.
class ScaleEventHistory {
 public:
  /// The longest `periodSeconds` of a scaling policy in autoscaling/v2.
  static constexpr std::chrono::seconds longest_period{1800};
  /// The oldest go first. Reached only by somebody who scales every other second.
  static constexpr std::size_t capacity = 1000;

  /// Adds the newest event; `at` is not before any added earlier. Forgets what is too old by then.
  void add(ScaleEvent event);

  /// Oldest first.
  const std::vector<ScaleEvent>& entries() const { return entries_; }

  friend bool operator==(const ScaleEventHistory&, const ScaleEventHistory&) = default;

 private:
  std::vector<ScaleEvent> entries_;
};

}  // namespace cpab
