#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace cpab {

/// Keeps the beginning and the end of a text of any length, a half each, in bounded memory.
class HeadAndTail {
 public:
  explicit HeadAndTail(std::size_t most) : half_(most / 2) {}

  void add(std::string_view piece) {
    total_ += piece.size();
    const std::size_t fits = head_.size() < half_ ? half_ - head_.size() : 0;
    head_ += piece.substr(0, fits);
    if (piece.size() <= fits) return;
    tail_ += piece.substr(fits);
    // Seldom, so that a text in small pieces is not moved for each of them.
    if (tail_.size() > 2 * half_) tail_.erase(0, tail_.size() - half_);
  }

  /// The text as long as it is not longer than that, otherwise its first and its last half.
  std::string text() const {
    return head_ + tail_.substr(tail_.size() > half_ ? tail_.size() - half_ : 0);
  }

  std::size_t total() const { return total_; }  ///< bytes added

 private:
  const std::size_t half_;
  std::size_t total_ = 0;
  std::string head_;
  std::string tail_;  // at least the last half
};

}  // namespace cpab
