#include "cpab/model/memory_account.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <utility>
#include <vector>

namespace cpab {
namespace {

constexpr std::size_t named_holders = 5;

using Holder = std::pair<std::string, std::size_t>;

/// `metric of pod web-3 15.0 MiB, ...`: the largest few.
std::string largest(const std::map<std::string, std::size_t>& held) {
  std::vector<Holder> holders(std::min(named_holders, held.size()));
  std::partial_sort_copy(
      held.begin(), held.end(), holders.begin(), holders.end(),
      [](const auto& one, const auto& other) { return one.second > other.second; });
  std::string text;
  for (const auto& [what, bytes] : holders) {
    text += (text.empty() ? "" : ", ") + what + " " + bytes_text(bytes);
  }
  return text;
}

}  // namespace

std::string bytes_text(std::size_t bytes) {
  constexpr std::size_t kibi = 1u << 10;
  constexpr std::size_t mebi = 1u << 20;
  if (bytes < kibi) return std::to_string(bytes) + " bytes";
  const bool large = bytes >= mebi;
  std::array<char, 40> text{};
  std::snprintf(text.data(), text.size(), "%.1f %s",
                static_cast<double>(bytes) / static_cast<double>(large ? mebi : kibi),
                large ? "MiB" : "KiB");
  return text.data();
}

bool MemoryPool::take(std::size_t bytes) {
  std::size_t taken = taken_;
  do {
    if (bytes > size_ - taken) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + bytes));
  return true;
}

void MemoryAccount::take(const std::string& what, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  std::size_t& held = held_[what];  // first: this may throw
  if (!pool_.take(bytes)) {
    if (held == 0) held_.erase(what);
    throw MemoryError(shortage(what, bytes));
  }
  held += bytes;
  total_ += bytes;
}

void MemoryAccount::give_back(const std::string& what, std::size_t bytes) {
  const std::lock_guard lock(mutex_);
  const auto held = held_.find(what);
  held->second -= bytes;
  if (held->second == 0) held_.erase(held);
  total_ -= bytes;
  pool_.give_back(bytes);
}

/// Requires mutex_.
std::string MemoryAccount::shortage(const std::string& what, std::size_t bytes) const {
  const std::string wanted = bytes_text(bytes) + " more for " + what;
  const std::string most = pool_.limit() + " (" + bytes_text(pool_.size()) + ")";
  const std::string holders =
      held_.empty() ? ""
                    : "; the largest of " + std::to_string(held_.size()) + ": " + largest(held_);
  if (bytes > pool_.size() - total_) {
    return "what this cycle keeps in memory, " + bytes_text(total_) + " and " + wanted +
           ", is more than " + most + holders + "; let user logic print less, or raise " +
           pool_.limit();
  }
  return "there is no memory for " + wanted + ": cycles at the same time hold " +
         bytes_text(pool_.taken()) + " of the " + most + " that they share, this one " +
         bytes_text(total_) + " of it" + holders + "; try again later, or raise " + pool_.limit();
}

MemoryShare::MemoryShare(MemoryShare&& other) noexcept
    : account_(std::move(other.account_)),
      what_(std::move(other.what_)),
      bytes_(std::exchange(other.bytes_, 0)) {}

MemoryShare& MemoryShare::operator=(MemoryShare&& other) noexcept {
  shrink_to(0);
  account_ = std::move(other.account_);
  what_ = std::move(other.what_);
  bytes_ = std::exchange(other.bytes_, 0);
  return *this;
}

void MemoryShare::grow(std::size_t bytes) {
  if (account_) account_->take(what_, bytes);
  bytes_ += bytes;
}

void MemoryShare::shrink_to(std::size_t bytes) noexcept {
  if (bytes >= bytes_) return;
  if (account_) account_->give_back(what_, bytes_ - bytes);
  bytes_ = bytes;
}

void append_counted(MemoryShare* share, std::string& text, std::string_view piece) {
  if (share == nullptr) {
    text.append(piece);
  } else {
    share->append(text, piece);
  }
}

void MemoryShare::append(std::string& text, std::string_view piece) {
  const std::size_t before = bytes_;
  const bool copies = text.size() + piece.size() > text.capacity();
  try {
    grow(piece.size() + (copies ? text.size() : 0));
    text.append(piece);
  } catch (...) {
    shrink_to(before);
    throw;
  }
  shrink_to(before + piece.size());
}

}  // namespace cpab
