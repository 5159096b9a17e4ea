#pragma once

namespace cpab {

/// Logs the exception that is being handled as what ended `what`. Does so without memory, too.
void log_escaped(const char* what) noexcept;

/// Runs `work`, one piece of what a thread does. An exception ends that piece instead of the
/// process, and is logged. Returns whether there was none.
template <typename Work>
bool contained(const char* what, Work&& work) noexcept {
  try {
    work();
    return true;
  } catch (...) {
    log_escaped(what);
    return false;
  }
}

/// Waits for a moment in which others may give back memory; asks the system for nothing.
void pause_for_memory() noexcept;

/// Runs `work` again and again until it goes well: for what has to happen and only needs memory.
/// Logs the first failure.
template <typename Work>
void persist(const char* what, Work&& work) noexcept {
  if (contained(what, work)) return;
  for (;;) {
    pause_for_memory();
    try {
      return work();
    } catch (...) {  // as before
    }
  }
}

}  // namespace cpab
