#pragma once

#include <cstddef>
#include <deque>

namespace cpab {

/// Somebody who waits for a turn.
class TurnTaker {
 public:
  virtual ~TurnTaker() = default;
  virtual void begin_turn() = 0;
};

/// Hands out a limited number of turns, to whoever asks first. All calls come from one thread.
class TurnQueue {
 public:
  TurnQueue(std::size_t turns, std::size_t max_waiting) : free_(turns), max_waiting_(max_waiting) {}

  enum class Answer {
    begins,  ///< begin_turn() was called
    waits,   ///< it will be
    full,    ///< too many wait already
  };

  Answer ask(TurnTaker& taker);

  /// Takes back what was asked for, unless the turn has begun.
  void leave(const TurnTaker& taker);

  /// A turn has ended: the next one begins.
  void end_turn();

 private:
  std::size_t free_;
  const std::size_t max_waiting_;
  std::deque<TurnTaker*> waiting_;
};

}  // namespace cpab
