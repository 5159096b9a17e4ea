#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>

#include "cpab/io/small_thread.h"

namespace cpab {

/// Runs jobs on up to `limit` threads. A thread is started when a job finds none free, and ends
/// after `linger` without work, so that an idle pool costs nothing. Safe to call from any thread.
class WorkerPool {
 public:
  explicit WorkerPool(std::size_t limit,
                      std::chrono::milliseconds linger = std::chrono::seconds(5));
  ~WorkerPool() { finish(); }

  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Queues `job`; jobs start in this order. What a job throws is logged. Returns false, and drops
  /// the job, after finish(). Throws std::system_error or std::bad_alloc when there is no thread
  /// and none can be had.
  bool submit(std::function<void()> job);

  /// Waits for everything submitted so far and ends the threads; takes no more jobs.
  void finish();

  /// The threads that exist now.
  std::size_t threads() const;

 private:
  void start_thread();
  void work(std::list<SmallThread>::iterator self);

  const std::size_t limit_;
  const std::chrono::milliseconds linger_;
  mutable std::mutex mutex_;  // guards everything below
  std::condition_variable job_arrived_;
  std::deque<std::function<void()>> jobs_;
  std::list<SmallThread> threads_;
  std::list<SmallThread> ended_;  // left their loop; joined by the next caller
  std::size_t waiting_ = 0;       // threads without a job
  bool finishing_ = false;
};

}  // namespace cpab
