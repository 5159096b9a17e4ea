#include "tests/console/pseudo_terminal.h"

#include <poll.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace cpab {
namespace {

constexpr int patience_ms = 30'000;

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (const std::string& text : texts) result.push_back(const_cast<char*>(text.c_str()));
  result.push_back(nullptr);
  return result;
}

}  // namespace

PseudoTerminal::PseudoTerminal(const std::vector<std::string>& argv,
                               const std::vector<std::string>& variables) {
  const std::vector<char*> arguments = pointers(argv);
  const std::vector<char*> environment = pointers(variables);
  const winsize size{.ws_row = 24, .ws_col = 80, .ws_xpixel = 0, .ws_ypixel = 0};
  pid_ = ::forkpty(&terminal_, nullptr, nullptr, &size);
  if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "open a terminal");
  if (pid_ > 0) return;
  ::execve(arguments[0], arguments.data(), environment.data());
  ::_exit(127);
}

PseudoTerminal::~PseudoTerminal() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(terminal_);
}

bool PseudoTerminal::shows(const std::string& text) {
  while (screen_.find(text) == std::string::npos) {
    if (!read_some()) return false;
  }
  return true;
}

std::optional<int> PseudoTerminal::wait() {
  while (read_some()) {
  }
  int status = 0;
  if (::waitpid(pid_, &status, 0) != pid_) return std::nullopt;
  pid_ = 0;
  return WIFEXITED(status) ? std::optional(WEXITSTATUS(status)) : std::nullopt;
}

void PseudoTerminal::type(const std::string& keys) const {
  if (::write(terminal_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size())) {
    throw std::system_error(errno, std::generic_category(), "type");
  }
}

/// False when it has ended, or says nothing for too long.
bool PseudoTerminal::read_some() {
  pollfd ready{.fd = terminal_, .events = POLLIN, .revents = 0};
  if (::poll(&ready, 1, patience_ms) <= 0) return false;
  std::array<char, 4096> buffer;
  const ssize_t count = ::read(terminal_, buffer.data(), buffer.size());
  if (count <= 0) return false;
  screen_.append(buffer.data(), static_cast<std::size_t>(count));
  return true;
}

}  // namespace cpab
