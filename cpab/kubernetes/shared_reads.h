#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "cpab/io/clock.h"
#include "cpab/kubernetes/cluster.h"
#include "cpab/model/budget.h"

namespace cpab {

/// Lets any number of concurrent callers share reads, at most one of each key running at a time:
///
///     caller A  |---- read 1 ----|
///     caller B      |............|---- read 2 ----|      B came too late for read 1,
///     caller C           |.......|---- read 2 ----|      C takes what B reads
///
/// A caller never gets an answer older than its call. The read is made by one of the callers that
/// wait for it, on its thread and within its budget; when that budget runs out, another one takes
/// over. A failure is everybody's failure. Safe to call from several threads at once.
template <typename Value>
class SharedReads {
 public:
  /// The clock outlives it.
  explicit SharedReads(Clock& clock) : clock_(clock) {}

  /// What `fetch` returned in a read that began after this call did. Throws what it threw, or
  /// KubernetesError when `budget` ends before.
  Value read(const std::string& key, const Budget& budget, const std::function<Value()>& fetch) {
    for (;;) {
      const std::shared_ptr<Round> round = join(key);
      const Turn turn = wait_for_turn(key, *round, budget);
      if (turn == Turn::ours) {
        return lead(key, *round, budget, fetch);
      }
      if (turn == Turn::served) {
        if (round->failure) throw KubernetesError(round->failure->status, round->failure->message);
        return *round->value;
      }
    }
  }

 private:
  /// What a KubernetesError says. An exception object itself would be shared by threads.
  struct Failure {
    int status;
    std::string message;
  };

  /// One read, about to be made, running or made. Everything is guarded by mutex_ until `state` is
  /// `served`, and constant from then on.
  struct Round {
    enum class State { open, running, served, abandoned } state = State::open;
    std::size_t callers = 0;
    std::vector<std::stop_source> sleepers;  ///< wakes the callers that wait
    std::optional<Value> value;
    std::optional<Failure> failure;
  };

  /// The rounds of one key: the one that runs and the one that new callers join.
  struct Rounds {
    bool running = false;
    std::shared_ptr<Round> next;
  };

  enum class Turn {
    ours,       ///< we make the read
    served,     ///< somebody made it for us
    abandoned,  ///< who made it ran out of budget: join another one
  };

  std::shared_ptr<Round> join(const std::string& key) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Round>& next = rounds_[key].next;
    if (!next) next = std::make_shared<Round>();
    ++next->callers;
    return next;
  }

  Turn wait_for_turn(const std::string& key, Round& round, const Budget& budget) {
    for (;;) {
      std::stop_source wake;
      {
        const std::lock_guard lock(mutex_);
        if (round.state == Round::State::served) return Turn::served;
        if (round.state == Round::State::abandoned) return Turn::abandoned;
        if (out_of_budget(budget)) leave(key, round);
        if (round.state == Round::State::open && !rounds_[key].running) {
          begin(key, round);
          return Turn::ours;
        }
        round.sleepers.push_back(wake);
      }
      sleep(wake, budget);
      const std::lock_guard lock(mutex_);
      std::erase(round.sleepers, wake);
    }
  }

  /// Returns when `wake` is requested or the budget ends.
  void sleep(std::stop_source wake, const Budget& budget) {
    const std::stop_callback on_stop(budget.stop, [wake]() mutable { wake.request_stop(); });
    clock_.wait_until(budget.deadline, wake.get_token());
  }

  bool out_of_budget(const Budget& budget) const {
    return budget.stop.stop_requested() || clock_.now() >= budget.deadline;
  }

  /// Requires mutex_. Whoever was woken to make the read and leaves wakes another one.
  [[noreturn]] void leave(const std::string& key, Round& round) {
    --round.callers;
    Rounds& rounds = rounds_[key];
    if (round.callers == 0 && rounds.next.get() == &round) rounds.next.reset();
    hand_over(key);
    throw KubernetesError(0, "no time left for reading from the API server");
  }

  /// Requires mutex_.
  void begin(const std::string& key, Round& round) {
    round.state = Round::State::running;
    Rounds& rounds = rounds_[key];
    rounds.running = true;
    rounds.next.reset();
  }

  /// Makes the read for everybody in the round. When it fails because our own budget ended, the
  /// others are sent off to make it themselves.
  Value lead(const std::string& key, Round& round, const Budget& budget,
             const std::function<Value()>& fetch) {
    try {
      Value value = fetch();
      finish(key, round, [&] {
        round.state = Round::State::served;
        if (round.callers > 1) round.value = value;
      });
      return value;
    } catch (const KubernetesError& error) {
      finish(key, round, [&] {
        round.state = out_of_budget(budget) ? Round::State::abandoned : Round::State::served;
        round.failure = Failure{error.status, error.what()};
      });
      throw;
    } catch (...) {
      finish(key, round, [&] { round.state = Round::State::abandoned; });
      throw;
    }
  }

  /// Records with `outcome` how the read went, and wakes those who wait for it.
  template <typename Outcome>
  void finish(const std::string& key, Round& round, Outcome outcome) {
    const std::lock_guard lock(mutex_);
    outcome();
    rounds_[key].running = false;
    for (std::stop_source& sleeper : round.sleepers) sleeper.request_stop();
    round.sleepers.clear();
    hand_over(key);
  }

  /// Requires mutex_. When nothing runs, wakes one of those who wait for the next read.
  void hand_over(const std::string& key) {
    const auto found = rounds_.find(key);
    if (found->second.running) return;
    if (!found->second.next) {
      rounds_.erase(found);
    } else if (!found->second.next->sleepers.empty()) {
      found->second.next->sleepers.front().request_stop();
    }
  }

  Clock& clock_;
  std::mutex mutex_;
  std::map<std::string, Rounds> rounds_;  ///< guarded by mutex_
};

}  // namespace cpab
