#include <algorithm>
#include <array>
#include <chrono>

#include "cpab/config/checker.h"
#include "cpab/config/display.h"
#include "cpab/config/http_url.h"
#include "cpab/model/masking.h"

namespace cpab {
namespace {

constexpr std::chrono::hours longest_timeout{100 * 365 * 24};

/// A token of RFC 9110, section 5.6.2.
bool is_token(std::string_view text) {
  static constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter || (c >= '0' && c <= '9') || marks.find(c) != std::string_view::npos;
  });
}

bool is_header_value(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return (byte >= 0x20 && byte != 0x7f) || c == '\t';
  });
}

void validate_shell(const ShellConfig& shell, const std::string& path, Checker& checker) {
  checker.require(!shell.entrypoint.empty(), path + ".entrypoint",
                  "exec: no command: " + path + ".entrypoint is missing or empty",
                  "name a program; no shell is involved unless it is one");
  const auto has_null = [](const std::string& text) {
    return text.find('\0') != std::string::npos;
  };
  checker.require(!has_null(shell.entrypoint) &&
                      std::none_of(shell.command.begin(), shell.command.end(), has_null),
                  path, "fork/exec: invalid argument: a program or argument has a NUL byte",
                  "remove the \\0");
}

void validate_headers(const HttpConfig& http, const std::string& path, Checker& checker) {
  for (const auto& [name, value] : http.headers) {
    checker.require(is_token(name), path + ".headers",
                    "net/http: invalid header field name " + quoted(masked_key(name)),
                    "a name has letters, digits and dashes only");
    checker.require(is_header_value(value), path + ".headers",
                    "net/http: invalid header field value for " + quoted(masked_key(name)),
                    "a value has no line breaks or other control characters");
  }
}

void validate_success_codes(const HttpConfig& http, const std::string& path, Checker& checker) {
  const std::string key = path + ".successCodes";
  checker.require(!http.success_codes.empty(), key, key + " is missing or empty",
                  "list the statuses that mean success, such as [200]; without one no call can "
                  "succeed");
  for (const std::int64_t code : http.success_codes) {
    if (code >= 100 && code <= 999) continue;
    checker.warn(key, std::to_string(code) + " is no HTTP status and never matches");
  }
}

void validate_file(const std::optional<std::string>& file, const std::string& path,
                   Checker& checker) {
  checker.require(!file || !file->empty(), path, "open : no such file or directory",
                  "name a PEM file or leave the key out");
}

void validate_tls(const HttpConfig& http, const std::string& path, Checker& checker) {
  validate_file(http.ca_cert, path + ".caCert", checker);
  validate_file(http.client_cert, path + ".clientCert", checker);
  validate_file(http.client_key, path + ".clientKey", checker);
  if (http.client_cert.has_value() == http.client_key.has_value()) return;
  const bool has_cert = http.client_cert.has_value();
  checker.warn(path + (has_cert ? ".clientCert" : ".clientKey"),
               std::string("is not used without ") + (has_cert ? "clientKey" : "clientCert"));
}

void validate_http(const HttpConfig& http, const std::string& path, Checker& checker) {
  checker.require(http.method.empty() || is_token(http.method), path + ".method",
                  "net/http: invalid method " + quoted_value(http.method),
                  "write GET, POST or PUT");
  const std::string url_problem = problem_of_url(http.url);
  checker.require(url_problem.empty(), path + ".url", url_problem,
                  "write http://host:port/path or https://...");
  const std::string& mode = http.parameter_mode;
  checker.require(mode == "body" || mode == "query", path + ".parameterMode",
                  "unknown parameter mode '" + escaped_value(mode) + "'", "write body or query");
  validate_headers(http, path, checker);
  validate_success_codes(http, path, checker);
  validate_tls(http, path, checker);
}

void validate_timeout(Duration timeout, const std::string& path, Checker& checker) {
  checker.require(timeout > Duration(0), path,
                  path + " is missing or not positive: " + std::to_string(timeout.count()),
                  "it has no default; write the milliseconds that a call may take, such as 2500");
  checker.require(timeout <= longest_timeout, path, path + " is " + std::to_string(timeout.count()),
                  "it is a number of milliseconds, at most " +
                      std::to_string(Duration(longest_timeout).count()));
}

}  // namespace

void validate_method(const MethodConfig& method, const std::string& path, Checker& checker) {
  if (!method.calls_user_logic()) return;  // validate_hpa() knows
  validate_timeout(method.timeout, path + ".timeout", checker);
  if (method.type == "shell") {
    checker.require(method.shell.has_value(), path + ".shell",
                    "missing required 'shell' configuration on method",
                    "add a shell object with an entrypoint");
    if (method.shell) validate_shell(*method.shell, path + ".shell", checker);
  } else if (method.type == "http") {
    checker.require(method.http.has_value(), path + ".http",
                    "missing required 'http' configuration on method",
                    "add an http object with a url");
    if (method.http) validate_http(*method.http, path + ".http", checker);
  } else {
    checker.require(
        false, path + ".type", "unknown execution method: '" + escaped_value(method.type) + "'",
        "write shell or http, in lower case, or kubernetes for metric and hpa for evaluate");
  }
}

}  // namespace cpab
