#include "cpab/methods/shell_method.h"

#include <cstring>
#include <utility>

#include "cpab/io/logging.h"
#include "cpab/methods/text_tail.h"
#include "cpab/model/masked_arguments.h"
#include "cpab/model/utf8.h"

namespace cpab {
namespace {

std::string describe(const ShellConfig& config) {
  const std::vector<std::string> arguments = masked_arguments(config.command);
  std::string text = '\'' + config.entrypoint + "', command '[";
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (i > 0) text += ' ';
    text += arguments[i];
  }
  return text + "]'";
}

// The end of a message, where a whole inline script would only be in the way.
std::string context(const std::string& description) {
  constexpr std::size_t enough = 200;
  const bool is_long = description.size() > enough;
  return " (entrypoint " + std::string(utf8_prefix(description, enough)) + (is_long ? "...)" : ")");
}

// As the reference names signals: `signal: killed`, `signal: CPU time limit exceeded`.
std::string signal_text(const ProcessResult& result) {
  std::string text = ::strsignal(result.signal);
  if (text.size() > 1 && text[1] >= 'a' && text[1] <= 'z') {
    text[0] = static_cast<char>(text[0] | 0x20);  // to lower case
  }
  return "signal: " + text + (result.core_dumped ? " (core dumped)" : "");
}

void log_failure(const ProcessResult& result) {
  std::string text = "Shell command failed, stderr: " + excerpt(result.err, result.err_bytes);
  if (!result.out.empty()) {
    text += (text.ends_with('\n') ? "stdout: " : "\nstdout: ") + std::string(tail(result.out));
  }
  log_info(text);
}

}  // namespace

ShellMethod::ShellMethod(ShellConfig config, Duration timeout, ProcessRunner& processes,
                         const Clock& clock, std::size_t max_output_bytes)
    : config_(std::move(config)),
      timeout_(timeout),
      processes_(processes),
      clock_(clock),
      max_output_bytes_(max_output_bytes),
      description_(describe(config_)) {}

std::string ShellMethod::run(std::string_view input, const CallLimits& limits) {
  if (verbose(4)) log_verbose(4, "Running shell command, entrypoint: " + description_);
  ProcessResult result = run_program(input, limits);
  if (!result.succeeded()) fail(result);
  if (config_.log_stderr) {
    log_info("Standard error returned from shell:\n" +
             excerpt(result.err, result.err_bytes, kept_error_bytes));
  }
  limits.keep(result.out);
  return std::move(result.out);
}

ProcessResult ShellMethod::run_program(std::string_view input, const CallLimits& limits) {
  ProcessRequest request;
  request.argv.reserve(1 + config_.command.size());
  request.argv.push_back(config_.entrypoint);
  request.argv.insert(request.argv.end(), config_.command.begin(), config_.command.end());
  request.input = input;
  request.budget = {clock_.now() + timeout_, limits.stop};
  request.max_output_bytes = max_output_bytes_;
  request.memory = limits.memory;
  try {
    return processes_.run(request);
  } catch (const ProcessError& error) {
    throw MethodError("spawn", error.what());
  }
}

void ShellMethod::fail(const ProcessResult& result) const {
  if (!result.stopped) log_failure(result);
  const auto failed = [&result](const char* reason, const std::string& message) {
    return MethodError(reason, message, std::string(tail(result.out)),
                       excerpt(result.err, result.err_bytes));
  };
  if (result.timed_out) throw failed("timeout", "entrypoint " + description_ + " timed out");
  if (result.stopped)
    throw failed("stopped", "entrypoint " + description_ + " was ended: cpab is stopping");
  if (result.overran) throw failed("output_too_large", overrun_text());
  if (result.signal != 0) throw failed("signal", signal_text(result) + context(description_));
  throw failed("exit", "exit status " + std::to_string(result.exit_code) + context(description_));
}

std::string ShellMethod::overrun_text() const {
  return "entrypoint " + description_ + " printed more than " + std::to_string(max_output_bytes_) +
         " bytes to standard output; let it print less, or raise maxOutputBytes";
}

}  // namespace cpab
