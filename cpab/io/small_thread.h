#pragma once

#include <pthread.h>

#include <functional>

namespace cpab {

/// A thread with a stack of 512 KiB, joined when destroyed. Standard threads get 8 MiB each; only
/// touched pages count as memory, but where the kernel hands out huge pages one touch of such a
/// stack costs 2 MiB.
class SmallThread {
 public:
  SmallThread() = default;

  /// What `body` throws is logged. Throws std::system_error when the system has no thread to give.
  explicit SmallThread(std::function<void()> body);
  ~SmallThread() { join(); }

  SmallThread(SmallThread&& other) noexcept;
  SmallThread& operator=(SmallThread&& other) noexcept;

  /// Waits for the end of the thread. Calling it again does nothing.
  void join();

 private:
  pthread_t thread_{};
  bool joinable_ = false;
};

}  // namespace cpab
