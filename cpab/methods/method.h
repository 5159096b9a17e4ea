#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

#include "cpab/model/budget.h"

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

/// User logic: text in, text out. Safe to call from several threads at once.
class Method {
 public:
  virtual ~Method() = default;

  /// Blocks up to the method's own timeout, or until `stop` is requested. The answer is returned
  /// verbatim. Throws MethodError.
  virtual std::string run(std::string_view input, std::stop_token stop) = 0;
};

}  // namespace cpab
