#include "cpab/io/child_registry.h"

#include <sys/wait.h>

namespace cpab {
namespace {

// The process that ended first among those not waited for yet; 0 when there is none.
pid_t peek_ended_process() {
  siginfo_t info{};
  if (::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) != 0) return 0;
  return info.si_pid;
}

}  // namespace

ChildRegistry& ChildRegistry::of_this_process() {
  static ChildRegistry& the_one = *new ChildRegistry;  // outlives every thread
  return the_one;
}

pid_t ChildRegistry::add(const std::function<pid_t()>& start) {
  std::set<pid_t> place{0};  // made before the child: there is no way back from that
  auto entry = place.extract(place.begin());
  const std::shared_lock starting(starting_);
  entry.value() = start();
  const pid_t child = entry.value();
  const std::scoped_lock lock(mutex_);
  children_.insert(std::move(entry));
  return child;
}

void ChildRegistry::remove(pid_t child) {
  const std::scoped_lock lock(mutex_);
  children_.erase(child);
}

bool ChildRegistry::contains(pid_t process) const {
  const std::scoped_lock lock(mutex_);
  return children_.contains(process);
}

void ChildRegistry::reap_orphans() {
  // A child that has ended hides the orphans behind it. Its own call is about to reap it, and then
  // comes here.
  for (pid_t ended = peek_ended_process(); ended > 0; ended = peek_ended_process()) {
    if (contains(ended) || !reap_if_orphan(ended)) return;
  }
}

bool ChildRegistry::reap_if_orphan(pid_t ended) {
  const std::unique_lock nothing_is_starting(starting_);
  if (contains(ended)) return false;
  const bool reaped = ::waitpid(ended, nullptr, WNOHANG) == ended;
  if (reaped) ++orphans_reaped_;
  return reaped;
}

}  // namespace cpab
