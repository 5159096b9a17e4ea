#pragma once

#include <atomic>
#include <cstddef>
#include <optional>
#include <utility>

namespace cpab {

/// Counts the requests that run user logic at the same time, so that there are never too many.
/// Outlives the places it gives. Safe to use from several threads.
class CycleLimit {
 public:
  explicit CycleLimit(std::size_t most) : most_(most) {}

  /// One of the places, given back when it goes out of scope.
  class Place {
   public:
    explicit Place(std::atomic<std::size_t>& taken) : taken_(&taken) {}
    Place(Place&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
    Place& operator=(Place&&) = delete;
    ~Place() {
      if (taken_ != nullptr) --*taken_;
    }

   private:
    std::atomic<std::size_t>* taken_;
  };

  /// None: all places are taken.
  std::optional<Place> take() {
    std::size_t taken = taken_;
    while (taken < most_) {
      if (taken_.compare_exchange_weak(taken, taken + 1)) return Place(taken_);
    }
    return std::nullopt;
  }

  std::size_t most() const { return most_; }

 private:
  const std::size_t most_;
  std::atomic<std::size_t> taken_{0};
};

}  // namespace cpab
