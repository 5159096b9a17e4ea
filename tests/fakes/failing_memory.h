#pragma once

#include <cstddef>

namespace cpab {

/// As long as one of these lives, `operator new` fails for everything from `smallest` bytes on in
/// all threads but the one that made it. For test programs that link failing_memory.cpp.
class FailingMemory {
 public:
  explicit FailingMemory(std::size_t smallest = 0);
  ~FailingMemory();
  FailingMemory(const FailingMemory&) = delete;
  FailingMemory& operator=(const FailingMemory&) = delete;

  /// How many allocations have failed so far.
  std::size_t failures() const;
};

}  // namespace cpab
