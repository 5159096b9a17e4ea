#include "tests/fakes/program.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <stdexcept>
#include <thread>

#include "cpab/io/file.h"
#include "cpab/io/process_table.h"

namespace cpab {
namespace {

using Steady = std::chrono::steady_clock;

constexpr const char* mark_variable = "PROGRAM_OF_A_TEST";

std::string new_mark() {
  static std::atomic<int> last{0};
  return std::to_string(::getpid()) + "-" + std::to_string(++last);
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// What the new process does before it becomes the program: outputs to files, input from nothing.
class SpawnActions {
 public:
  SpawnActions(const std::string& out, const std::string& err) {
    ::posix_spawn_file_actions_init(&actions_);
    constexpr int create = O_WRONLY | O_CREAT | O_APPEND;
    ::posix_spawn_file_actions_addopen(&actions_, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions_, 1, out.c_str(), create, 0600);
    ::posix_spawn_file_actions_addopen(&actions_, 2, err.c_str(), create, 0600);
  }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }

  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_;
};

std::vector<std::string> environment_of(Program::Variables variables, const std::string& mark) {
  const char* path = std::getenv("PATH");
  variables.try_emplace("PATH", path == nullptr ? "/usr/bin:/bin" : path);
  variables[mark_variable] = mark;
  std::vector<std::string> entries;
  for (const auto& [name, value] : variables) entries.push_back(name + "=" + value);
  return entries;
}

std::string content(const std::string& path) {
  return ::access(path.c_str(), F_OK) == 0 ? read_file(path) : "";
}

}  // namespace

bool soon(const std::function<bool()>& happened) {
  const auto give_up = Steady::now() + patience;
  while (!happened()) {
    if (Steady::now() > give_up) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{5});
  }
  return true;
}

Program::Program(const std::vector<std::string>& argv, const Variables& variables)
    : mark_(new_mark()) {
  std::vector<std::string> arguments = argv;
  std::vector<std::string> environment = environment_of(variables, mark_);
  const SpawnActions actions(folder_.file("out"), folder_.file("err"));
  const int error = ::posix_spawnp(&pid_, arguments.at(0).c_str(), actions.get(), nullptr,
                                   pointers(arguments).data(), pointers(environment).data());
  if (error != 0) throw std::runtime_error("start " + argv[0] + ": " + std::strerror(error));
}

Program::~Program() {
  for (int rounds = 0; rounds < 100; ++rounds) {
    const std::vector<pid_t> alive = survivors();
    if (alive.empty()) break;
    for (const pid_t pid : alive) ::kill(pid, SIGKILL);
  }
  if (!exit_code_) ::waitpid(pid_, nullptr, 0);
}

void Program::signal(int number) const { ::kill(pid_, number); }

std::string Program::out() const { return content(folder_.file("out")); }

std::string Program::err() const { return content(folder_.file("err")); }

std::optional<int> Program::wait() {
  soon([this] { return ended(); });
  return exit_code_;
}

bool Program::ended() {
  if (exit_code_) return true;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return true;
}

std::vector<pid_t> Program::survivors() const {
  std::vector<pid_t> result;
  for (const ProcessEntry& process : read_process_table()) {
    if (process.ended) continue;
    if (environment_value(process.id.pid, mark_variable) == mark_) result.push_back(process.id.pid);
  }
  return result;
}

Outcome run_program(const std::vector<std::string>& argv, const Program::Variables& variables) {
  Program program(argv, variables);
  const int exit_code = program.wait().value_or(-1);
  return {exit_code, program.out(), program.err()};
}

}  // namespace cpab
