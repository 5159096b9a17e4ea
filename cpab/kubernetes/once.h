#pragma once

#include <exception>
#include <optional>

namespace cpab {

/// A value that is made when first asked for, and once only: also when that fails, which is then
/// everybody's failure. For one thread.
template <typename Value>
class Once {
 public:
  template <typename Make>
  const Value& get(Make make) {
    if (failure_) std::rethrow_exception(failure_);
    if (!value_) {
      try {
        value_ = make();
      } catch (...) {
        failure_ = std::current_exception();
        throw;
      }
    }
    return *value_;
  }

 private:
  std::optional<Value> value_;
  std::exception_ptr failure_;
};

}  // namespace cpab
