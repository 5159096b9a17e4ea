#include "tests/fakes/daemon.h"

#include <csignal>
#include <sstream>
#include <stdexcept>

namespace cpab {
namespace {

std::vector<std::string> command_line(const std::vector<std::string>& arguments) {
  std::vector<std::string> argv{CPAB_BINARY};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return argv;
}

}  // namespace

Daemon::Daemon(const std::vector<std::string>& arguments, const Program::Variables& variables,
               const TlsConfig& api_tls)
    : program_(command_line(arguments), variables),
      https_(api_tls != TlsConfig{}),
      http_({.tls = api_tls}, clock_) {}

std::vector<std::string> Daemon::log_lines() const {
  std::istringstream text(log());
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

bool Daemon::logs(const std::string& text) {
  const auto logged = [&] { return log().find(text) != std::string::npos; };
  soon([&] { return logged() || program_.ended(); });
  return logged();
}

std::uint16_t Daemon::api_port() {
  if (port_ != 0) return port_;
  const std::string announcement =
      std::string("Starting API using ") + (https_ ? "HTTPS" : "HTTP") + " on port ";
  if (!logs(announcement)) throw std::runtime_error("the API does not listen:\n" + log());
  const std::string text = log();
  port_ = static_cast<std::uint16_t>(
      std::stoul(text.substr(text.find(announcement) + announcement.size())));
  return port_;
}

HttpResponse Daemon::call(const std::string& method, const std::string& target,
                          const std::optional<std::string>& body) {
  HttpRequest request;
  request.method = method;
  request.url = (https_ ? "https" : "http") + std::string("://127.0.0.1:") +
                std::to_string(api_port()) + target;
  request.body = body;
  request.budget.deadline = clock_.now() + patience;
  return http_.send(request);
}

int Daemon::stop() {
  program_.signal(SIGTERM);
  return program_.wait().value_or(-1);
}

Outcome run_cpab(const std::vector<std::string>& arguments, const Program::Variables& variables) {
  return run_program(command_line(arguments), variables);
}

}  // namespace cpab
