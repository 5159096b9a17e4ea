#pragma once

#include <atomic>
#include <cstddef>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace cpab {

/// How many bytes those who share it may hold together. Safe to use from any thread.
class MemoryPool {
 public:
  /// `limit` names the setting that `size` is from, for messages.
  MemoryPool(std::size_t size, std::string limit) : size_(size), limit_(std::move(limit)) {}

  std::size_t size() const { return size_; }
  const std::string& limit() const { return limit_; }
  std::size_t taken() const { return taken_; }

  /// False, and nothing is taken, when there is no room.
  bool take(std::size_t bytes);
  void give_back(std::size_t bytes) { taken_ -= bytes; }

 private:
  const std::size_t size_;
  const std::string limit_;
  std::atomic<std::size_t> taken_{0};
};

/// There is no room in a pool. A kind of `bad_alloc`, as the memory of a process may end in the
/// same places; this one knows who took it.
class MemoryError : public std::bad_alloc {
 public:
  explicit MemoryError(std::string message)
      : message_(std::make_shared<const std::string>(std::move(message))) {}
  const char* what() const noexcept override { return message_->c_str(); }

 private:
  std::shared_ptr<const std::string> message_;  // copies of an exception must not throw
};

/// What one cycle holds of a pool, by what it is for. Safe to use from any thread. Shared by the
/// cycle and by what outlives it, such as an answer that is being sent.
class MemoryAccount {
 public:
  /// The pool outlives it.
  explicit MemoryAccount(MemoryPool& pool) : pool_(pool) {}

  /// Throws MemoryError, and takes nothing, when there is no room; it says who holds how much.
  void take(const std::string& what, std::size_t bytes);
  void give_back(const std::string& what, std::size_t bytes);

 private:
  std::string shortage(const std::string& what, std::size_t bytes) const;

  MemoryPool& pool_;
  std::mutex mutex_;
  std::map<std::string, std::size_t> held_;  // guarded by mutex_
  std::size_t total_ = 0;                    // guarded by mutex_
};

/// What one thing takes of an account; given back with it. Without an account nothing is counted
/// and there is always room. For one thread at a time.
class MemoryShare {
 public:
  MemoryShare() = default;
  /// `what` is for messages: `metric of pod web-3`.
  MemoryShare(std::shared_ptr<MemoryAccount> account, std::string what)
      : account_(std::move(account)), what_(std::move(what)) {}
  MemoryShare(MemoryShare&& other) noexcept;
  MemoryShare& operator=(MemoryShare&& other) noexcept;
  ~MemoryShare() { shrink_to(0); }

  std::size_t bytes() const { return bytes_; }

  /// Throws MemoryError when there is no room.
  void grow(std::size_t bytes);

  /// Gives back what is more than `bytes`.
  void shrink_to(std::size_t bytes) noexcept;

  /// Counts `piece`, then appends it to `text`. Where that copies what is there, both are counted
  /// as long as there are two of it. Throws MemoryError, or what appending throws; `text` is then
  /// as it was.
  void append(std::string& text, std::string_view piece);

 private:
  std::shared_ptr<MemoryAccount> account_;
  std::string what_;
  std::size_t bytes_ = 0;
};

/// The same where `share` may be null, which counts nothing.
void append_counted(MemoryShare* share, std::string& text, std::string_view piece);

/// For messages: `15.0 MiB`, `3.2 KiB`, `17 bytes`.
std::string bytes_text(std::size_t bytes);

}  // namespace cpab
