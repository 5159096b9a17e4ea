#pragma once

#include <cstdint>
#include <optional>

#include "cpab/model/time.h"

namespace cpab {

/// What waits in front of the target: what comes in is served by the ready replicas up to their
/// capacity, and what is beyond that waits until there is room.
class Backlog {
 public:
  /// Units a second that one replica serves.
  explicit Backlog(double capacity_per_replica) : capacity_per_replica_(capacity_per_replica) {}

  /// How things stand at `now`, which never goes back. Between two looks the load changes evenly,
  /// and the replicas are those of the first.
  void look(TimePoint now, double load, std::int32_t ready);

  double waiting() const { return waiting_; }  ///< in units

 private:
  struct Look {
    TimePoint time;
    double load;
    std::int32_t ready;
  };

  const double capacity_per_replica_;
  std::optional<Look> last_;
  double waiting_ = 0;
};

}  // namespace cpab
