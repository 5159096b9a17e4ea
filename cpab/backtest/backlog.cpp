#include "cpab/backtest/backlog.h"

#include <algorithm>
#include <chrono>

namespace cpab {

void Backlog::look(TimePoint now, double load, std::int32_t ready) {
  if (last_) {
    const double seconds = std::chrono::duration<double>(now - last_->time).count();
    const double surplus = (last_->load + load) / 2 - last_->ready * capacity_per_replica_;
    waiting_ = std::max(waiting_ + surplus * seconds, 0.0);
  }
  last_ = Look{now, load, ready};
}

}  // namespace cpab
