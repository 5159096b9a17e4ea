#include "cpab/io/side_by_side.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <string>
#include <vector>

#include "cpab/io/logging.h"
#include "cpab/io/small_thread.h"

namespace cpab {

void side_by_side(std::size_t count, std::size_t concurrency,
                  const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::vector<std::exception_ptr> failures(count);
  const auto worker = [&] {
    for (std::size_t index = next++; index < count && !failed; index = next++) {
      try {
        work(index);
      } catch (...) {
        failures[index] = std::current_exception();
        failed = true;
      }
    }
  };
  {
    std::vector<SmallThread> helpers;
    try {
      for (std::size_t i = 1; i < std::min(concurrency, count); ++i) helpers.emplace_back(worker);
    } catch (const std::exception& error) {  // of threads or of memory there are no more
      log_warning("Calls are made with fewer threads: " + std::string(error.what()));
    }
    worker();
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

}  // namespace cpab
