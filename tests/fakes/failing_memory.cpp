#include "tests/fakes/failing_memory.h"

#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::size_t> smallest_failing{SIZE_MAX};
std::atomic<std::size_t> failed{0};
thread_local bool exempt = false;

void* allocated_or_null(std::size_t size) {
  void* const memory = size >= smallest_failing && !exempt ? nullptr : std::malloc(size);
  if (memory == nullptr) ++failed;
  return memory;
}

void* allocated(std::size_t size) {
  void* const memory = allocated_or_null(size);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}

}  // namespace

void* operator new(std::size_t size) { return allocated(size); }
void* operator new[](std::size_t size) { return allocated(size); }
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return allocated_or_null(size);
}
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return allocated_or_null(size);
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }

namespace cpab {

FailingMemory::FailingMemory(std::size_t smallest) {
  exempt = true;
  failed = 0;
  smallest_failing = smallest;
}

FailingMemory::~FailingMemory() {
  smallest_failing = SIZE_MAX;
  exempt = false;
}

std::size_t FailingMemory::failures() const { return failed; }

}  // namespace cpab
