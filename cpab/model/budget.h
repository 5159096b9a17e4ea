#pragma once

#include <memory>
#include <optional>
#include <stop_token>

#include "cpab/model/time.h"

namespace cpab {

class MemoryAccount;

/// How long a piece of work may take, who may end it early, and what counts the memory it takes.
struct Budget {
  TimePoint deadline = TimePoint::max();
  std::stop_token stop = {};
  std::optional<int> max_retries = {};  ///< of each request; none: as many as its client thinks fit
  std::shared_ptr<MemoryAccount> memory = {};  ///< null: not counted
};

}  // namespace cpab
