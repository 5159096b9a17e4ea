#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cpab/io/curl_http_client.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/program.h"

namespace cpab {

/// The real binary, running.
class Daemon {
 public:
  /// Starts `cpab` with these arguments and variables; `api_tls` is how to speak to its API when
  /// that is served over HTTPS.
  Daemon(const std::vector<std::string>& arguments, const Program::Variables& variables,
         const TlsConfig& api_tls = {});

  Program& program() { return program_; }

  /// What it has logged so far, and that in lines.
  std::string log() const { return program_.err(); }
  std::vector<std::string> log_lines() const;

  /// Waits until it has logged `text`, or until it has ended; false when it has not.
  bool logs(const std::string& text);

  /// Where its API listens, once it does. Throws std::runtime_error with the log when that does not
  /// come to pass.
  std::uint16_t api_port();

  /// Calls its API: `/api/v1/metrics?dry_run=true`.
  HttpResponse get(const std::string& target) { return call("GET", target); }
  HttpResponse post(const std::string& target) { return call("POST", target); }
  HttpResponse call(const std::string& method, const std::string& target,
                    const std::optional<std::string>& body = {});

  /// Sends SIGTERM and waits: the exit code, -1 when it does not end.
  int stop();

 private:
  Program program_;
  SystemClock clock_;
  const bool https_;
  CurlHttpClient http_;
  std::uint16_t port_ = 0;  // 0: not known yet
};

/// Runs `cpab` with these arguments to its end.
Outcome run_cpab(const std::vector<std::string>& arguments,
                 const Program::Variables& variables = {});

}  // namespace cpab
