#include "cpab/io/turn_queue.h"

namespace cpab {

TurnQueue::Answer TurnQueue::ask(TurnTaker& taker) {
  if (free_ > 0) {
    --free_;
    taker.begin_turn();
    return Answer::begins;
  }
  if (waiting_.size() >= max_waiting_) return Answer::full;
  waiting_.push_back(&taker);
  return Answer::waits;
}

void TurnQueue::leave(const TurnTaker& taker) { std::erase(waiting_, &taker); }

void TurnQueue::end_turn() {
  if (waiting_.empty()) {
    ++free_;
    return;
  }
  TurnTaker& next = *waiting_.front();
  waiting_.pop_front();
  next.begin_turn();
}

}  // namespace cpab
