#pragma once

#include <cstddef>

#include "cpab/config/config.h"
#include "cpab/io/clock.h"
#include "cpab/io/process_runner.h"
#include "cpab/methods/method.h"

namespace cpab {

/// `type: shell`: a program per call, the input on its standard input, the answer on its standard
/// output (contract section 2.1).
class ShellMethod : public Method {
 public:
  /// The references outlive this. `max_output_bytes` is the limit of standard output.
  ShellMethod(ShellConfig config, Duration timeout, ProcessRunner& processes, const Clock& clock,
              std::size_t max_output_bytes);

  std::string run(std::string_view input, const CallLimits& limits) override;

 private:
  ProcessResult run_program(std::string_view input, const CallLimits& limits);
  [[noreturn]] void fail(const ProcessResult& result) const;
  std::string overrun_text() const;

  const ShellConfig config_;
  const Duration timeout_;
  ProcessRunner& processes_;
  const Clock& clock_;
  const std::size_t max_output_bytes_;
  const std::string description_;  // `'E', command '[A B]'`
};

}  // namespace cpab
