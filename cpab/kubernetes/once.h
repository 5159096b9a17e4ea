#pragma once

#include <exception>
#include <mutex>
#include <optional>

namespace cpab {

/// A value that is made when first asked for, and once only: also when that fails, which is then
/// everybody's failure. Who asks while it is being made waits. Safe to call from several threads.
template <typename Value>
class Once {
 public:
  template <typename Make>
  const Value& get(Make make) {
    std::call_once(made_, [&] {
      try {
        value_ = make();
      } catch (...) {
        failure_ = std::current_exception();
      }
    });
    if (failure_) std::rethrow_exception(failure_);
    return *value_;
  }

 private:
  std::once_flag made_;
  std::optional<Value> value_;
  std::exception_ptr failure_;
};

}  // namespace cpab
