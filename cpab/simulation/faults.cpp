#include "cpab/simulation/faults.h"

#include <utility>

namespace cpab {
namespace {

bool matches(const Fault& fault, std::string_view method, std::string_view target) {
  return (fault.method.empty() || fault.method == method) &&
         target.find(fault.path_contains) != target.npos;
}

}  // namespace

void Faults::add(Fault fault) {
  const std::lock_guard lock(mutex_);
  faults_.push_back(std::move(fault));
}

void Faults::clear() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
}

std::optional<Fault> Faults::take(std::string_view method, std::string_view target) {
  const std::lock_guard lock(mutex_);
  for (auto next = faults_.begin(); next != faults_.end(); ++next) {
    if (!matches(*next, method, target)) continue;
    auto fault = *next;
    if (next->requests && --*next->requests <= 0) faults_.erase(next);
    return fault;
  }
  return std::nullopt;
}

}  // namespace cpab
