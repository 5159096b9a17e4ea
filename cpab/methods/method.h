#pragma once

#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>

#include "cpab/model/memory_account.h"

namespace cpab {

/// What went wrong in user logic, in words its author can act on. `what()` is the text of the
/// reference; context comes after it.
struct MethodError : std::runtime_error {
  /// `reason` is one of `timeout`, `exit`, `signal`, `spawn`, `output_too_large`, `http_status`,
  /// `connect`, `tls`, `closed`, `truncated`, `redirects`, `config`, `stopped`, `other`, or what
  /// the HPA calls it, such as `FailedGetResourceMetric`.
  MethodError(std::string reason_name, const std::string& message, std::string stdout_text = {},
              std::string stderr_text = {})
      : std::runtime_error(message),
        reason(std::move(reason_name)),
        out(std::move(stdout_text)),
        err(std::move(stderr_text)) {}

  std::string reason;
  std::string out;  ///< the last 4 KiB of what it printed, as far as it got
  std::string err;  ///< the last 4 KiB of its standard error
};

/// Who may end a call early, and what counts the memory it takes.
struct CallLimits {
  // NOLINTNEXTLINE(google-explicit-constructor): who has no more to say just hands over the token
  CallLimits(std::stop_token stop_token = {}, MemoryShare* share = nullptr)
      : stop(std::move(stop_token)), memory(share) {}

  /// Counts that many bytes more. Throws MemoryError.
  void take(std::size_t bytes) const {
    if (memory != nullptr) memory->grow(bytes);
  }

  /// Counts no more than the answer from now on.
  void keep(const std::string& answer) const {
    if (memory != nullptr) memory->shrink_to(answer.size());
  }

  std::stop_token stop;
  MemoryShare* memory;  ///< null: not counted
};

/// User logic: text in, text out. Safe to call from several threads at once.
class Method {
 public:
  virtual ~Method() = default;

  /// Blocks up to the method's own timeout, or until `stop` is requested. The answer is returned
  /// verbatim; afterwards `memory` holds its size. Throws MethodError, and MemoryError when there
  /// is no room for the answer or what it takes to get it.
  virtual std::string run(std::string_view input, const CallLimits& limits) = 0;
};

}  // namespace cpab
