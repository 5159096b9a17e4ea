#include "cpab/pipeline/event_recorder.h"

#include <utility>

#include "cpab/io/contained.h"

namespace cpab {

EventRecorder::EventRecorder(Events& events, Clock& clock, std::stop_token shutdown)
    : writer_(events, clock), shutdown_(std::move(shutdown)), thread_([this] { run(); }) {}

void EventRecorder::note(const DecisionRecord& record) {
  {
    const std::lock_guard lock(mutex_);
    if (queue_.size() == longest_queue) queue_.pop_front();
    queue_.push_back(record);
  }
  changed_.notify_one();
}

void EventRecorder::run() {
  while (!shutdown_.stop_requested()) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, shutdown_, [this] { return !queue_.empty(); });
    if (shutdown_.stop_requested()) return;
    const DecisionRecord record = std::move(queue_.front());  // moving allocates nothing
    queue_.pop_front();
    lock.unlock();
    contained("Writing an Event", [&] { writer_.write(record, shutdown_); });
  }
}

}  // namespace cpab
