#include "cpab/io/worker_pool.h"

#include <iterator>
#include <system_error>
#include <utility>

namespace cpab {

WorkerPool::WorkerPool(std::size_t limit, std::chrono::milliseconds linger)
    : limit_(limit), linger_(linger) {}

bool WorkerPool::submit(std::function<void()> job) {
  std::list<SmallThread> joined;  // destroyed, and thereby joined, after the lock is released
  const std::lock_guard lock(mutex_);
  if (finishing_) return false;
  joined.swap(ended_);
  jobs_.push_back(std::move(job));
  if (waiting_ < jobs_.size() && threads_.size() < limit_) start_thread();
  job_arrived_.notify_one();
  return true;
}

void WorkerPool::start_thread() {
  threads_.emplace_back();
  const auto self = std::prev(threads_.end());
  try {
    *self = SmallThread([this, self] { work(self); });
  } catch (const std::system_error&) {
    threads_.erase(self);
    if (!threads_.empty()) return;  // the existing threads will get to the job
    jobs_.pop_back();
    throw;
  }
}

void WorkerPool::work(std::list<SmallThread>::iterator self) {
  std::unique_lock lock(mutex_);
  for (;;) {
    ++waiting_;
    const bool woken =
        job_arrived_.wait_for(lock, linger_, [this] { return finishing_ || !jobs_.empty(); });
    --waiting_;
    if (jobs_.empty()) {
      if (!woken) ended_.splice(ended_.end(), threads_, self);
      return;
    }
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    lock.unlock();
    job();
    job = nullptr;  // what it holds on to is released before the next wait
    lock.lock();
  }
}

void WorkerPool::finish() {
  std::list<SmallThread> joined;
  {
    const std::lock_guard lock(mutex_);
    finishing_ = true;
    joined.swap(threads_);
    joined.splice(joined.end(), ended_);
  }
  job_arrived_.notify_all();
}

std::size_t WorkerPool::threads() const {
  const std::lock_guard lock(mutex_);
  return threads_.size();
}

}  // namespace cpab
