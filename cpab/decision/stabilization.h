#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

#include "cpab/model/time.h"

namespace cpab {

/// A replica count that was wanted at some time.
struct Recommendation {
  TimePoint at;
  std::int32_t replicas;

  friend bool operator==(const Recommendation&, const Recommendation&) = default;
};

/// Whether what is exactly as old as a window is long still counts.
enum class WindowEnd { exclusive, inclusive };

/// The recommendations that scaling still has to respect. Keeps only those that can still be the
/// highest or the lowest of a window, so it never holds more than two entries for each replica
/// count.
class RecommendationHistory {
 public:
  bool empty() const { return entries_.empty(); }

  /// Oldest first.
  const std::vector<Recommendation>& entries() const { return entries_; }

  /// Adds the newest recommendation; `at` is not before any added earlier.
  void add(Recommendation recommendation);

  /// Notes that a cycle came to no recommendation, since something failed, held, or was switched
  /// off. The next one added ends that.
  void interrupt() { interrupted_ = true; }

  /// Whether the last cycle came to no recommendation.
  bool interrupted() const { return interrupted_; }

  /// Whether nothing of the last `window` before `now` is known.
  bool knows_nothing_of(std::chrono::seconds window, TimePoint now) const;

  /// Forgets what is as old as `window` or older; with `WindowEnd::inclusive` only what is older.
  void prune(TimePoint now, std::chrono::seconds window, WindowEnd end = WindowEnd::exclusive);

  /// The highest recommendation kept, none when there is none. With equal heights the newest.
  std::optional<Recommendation> highest() const;

  /// The highest and the lowest of those later than `time`; of equal ones the newest.
  std::optional<Recommendation> highest_after(TimePoint time) const;
  std::optional<Recommendation> lowest_after(TimePoint time) const;

  /// Whether both recommend the same. An interruption is no recommendation.
  friend bool operator==(const RecommendationHistory& left, const RecommendationHistory& right) {
    return left.entries_ == right.entries_;
  }

 private:
  std::vector<Recommendation> entries_;
  bool interrupted_ = false;
};

}  // namespace cpab
