#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <set>
#include <shared_mutex>

namespace cpab {

/// The processes that this one started itself, as opposed to the orphans it adopted. A child is
/// waited for by the call that started it; an orphan by reap_orphans(). Waiting for children is a
/// matter of the whole process, so there is one registry of it. Safe to call from any thread.
class ChildRegistry {
 public:
  static ChildRegistry& of_this_process();

  /// Runs `start` and keeps the process it returns. Nobody can mistake a child for an orphan while
  /// it is being started.
  pid_t add(const std::function<pid_t()>& start);

  /// The child has been waited for, or is given up: from now on it counts as an orphan.
  void remove(pid_t child);

  bool contains(pid_t process) const;

  /// Waits for every adopted orphan that has ended. Does not block for the running ones.
  void reap_orphans();

  /// How many of them there were.
  std::uint64_t orphans_reaped() const { return orphans_reaped_; }

 private:
  ChildRegistry() = default;

  bool reap_if_orphan(pid_t ended);

  // Held shared while a child is being started, exclusively where an unknown process is about to be
  // reaped: it could be a child that ended before it was added.
  std::shared_mutex starting_;
  mutable std::mutex mutex_;
  std::set<pid_t> children_;  // guarded by mutex_
  std::atomic<std::uint64_t> orphans_reaped_{0};
};

}  // namespace cpab
