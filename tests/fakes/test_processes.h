#pragma once

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "cpab/io/process_table.h"

namespace cpab {

/// How many descriptors this process has open.
inline int open_descriptors() {
  int count = 0;
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir("/proc/self/fd"), ::closedir);
  while (::readdir(directory.get()) != nullptr) ++count;
  return count;
}

/// The children of this process, zombies included.
inline std::vector<pid_t> children() {
  std::vector<pid_t> result;
  for (const ProcessEntry& process : read_process_table()) {
    if (process.parent == ::getpid()) result.push_back(process.id.pid);
  }
  return result;
}

/// Whether a process of that number runs; a zombie does not.
inline bool is_running(pid_t pid) {
  const ProcessEntry process = read_process(pid);
  return process.id.pid == pid && !process.ended;
}

/// Waits for what another process is about to do; false after five seconds.
inline bool eventually(const std::function<bool()>& happened) {
  const auto give_up = std::chrono::steady_clock::now() + std::chrono::seconds{5};
  while (!happened()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

}  // namespace cpab
