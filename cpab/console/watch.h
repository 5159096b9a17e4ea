#pragma once

#include <cstddef>
#include <cstdint>
#include <stop_token>
#include <vector>

#include "cpab/console/daemon_api.h"
#include "cpab/console/watch_view.h"

namespace cpab {

/// Keeps up with what a daemon decides, through its restarts.
class Watch {
 public:
  /// Begins with the last `first` decisions. `api` outlives it.
  Watch(DaemonApi& api, std::size_t first) : api_(api), first_(first) {}

  /// Asks what is new, and returns that. When there is no answer, `moment().trouble` says why.
  std::vector<DecisionView> refresh(const std::stop_token& stop);

  const WatchMoment& moment() const { return moment_; }

 private:
  std::vector<DecisionView> fetch(const std::stop_token& stop);

  DaemonApi& api_;
  const std::size_t first_;
  WatchMoment moment_;
  std::uint64_t seen_ = 0;  // the id of the newest decision known
};

}  // namespace cpab
