#include "cpab/io/worker_pool.h"

#include <utility>

#include "cpab/io/contained.h"

namespace cpab {

WorkerPool::WorkerPool(std::size_t limit, std::chrono::milliseconds linger)
    : limit_(limit), linger_(linger) {}

bool WorkerPool::submit(std::function<void()> job) {
  std::list<SmallThread> joined;  // destroyed, and thereby joined, after the lock is released
  const std::lock_guard lock(mutex_);
  if (finishing_) return false;
  joined.swap(ended_);
  jobs_.push_back(std::move(job));
  try {
    if (waiting_ < jobs_.size() && threads_.size() < limit_) start_thread();
  } catch (...) {  // there is no thread, or no memory for it
    if (threads_.empty()) {
      jobs_.pop_back();
      throw;
    }  // else the existing threads will get to the job
  }
  job_arrived_.notify_one();
  return true;
}

void WorkerPool::start_thread() {
  std::list<SmallThread> started(1);
  const auto self = started.begin();
  *self = SmallThread([this, self] { work(self); });
  threads_.splice(threads_.end(), started);
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
    contained("A job", job);
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
