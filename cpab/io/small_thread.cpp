#include "cpab/io/small_thread.h"

#include <cstddef>
#include <memory>
#include <system_error>
#include <utility>

#include "cpab/io/contained.h"

namespace cpab {
namespace {

// The frames of instrumented code are several times as large.
#ifdef CPAB_SANITIZED
constexpr std::size_t stack_bytes = 8u << 20;
#else
constexpr std::size_t stack_bytes = 512u << 10;
#endif

extern "C" void* run_thread_body(void* argument) {
  const std::unique_ptr<std::function<void()>> body(static_cast<std::function<void()>*>(argument));
  contained("A thread", *body);
  return nullptr;
}

}  // namespace

SmallThread::SmallThread(std::function<void()> body) {
  auto owned = std::make_unique<std::function<void()>>(std::move(body));
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_bytes);
  const int error = pthread_create(&thread_, &attributes, run_thread_body, owned.get());
  pthread_attr_destroy(&attributes);
  if (error != 0) throw std::system_error(error, std::generic_category(), "start a thread");
  static_cast<void>(owned.release());  // the thread owns it now
  joinable_ = true;
}

SmallThread::SmallThread(SmallThread&& other) noexcept
    : thread_(other.thread_), joinable_(std::exchange(other.joinable_, false)) {}

SmallThread& SmallThread::operator=(SmallThread&& other) noexcept {
  join();
  thread_ = other.thread_;
  joinable_ = std::exchange(other.joinable_, false);
  return *this;
}

void SmallThread::join() {
  if (std::exchange(joinable_, false)) pthread_join(thread_, nullptr);
}

}  // namespace cpab
