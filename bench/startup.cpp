// Starts the daemon again and again, and prints how long it takes to listen and to give the first
// answer, counted from before the fork. The daemon finds its configuration in the environment of
// this program.
//
//   bench_startup program=FILE kubeconfig=FILE [rounds=20]

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "bench/arguments.h"
#include "bench/figures.h"

namespace {

using Clock = std::chrono::steady_clock;

double since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

int free_port() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t length = sizeof address;
  bind(fd, reinterpret_cast<sockaddr*>(&address), length);
  getsockname(fd, reinterpret_cast<sockaddr*>(&address), &length);
  close(fd);
  return ntohs(address.sin_port);
}

pid_t start(const std::string& program, const std::string& kubeconfig) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  std::array<const char*, 5> argv{program.c_str(), "run", "--kubeconfig", kubeconfig.c_str(),
                                  nullptr};
  pid_t child = 0;
  const int error = posix_spawn(&child, program.c_str(), &actions, nullptr,
                                const_cast<char**>(argv.data()), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) std::exit(1);
  return child;
}

/// Tries until somebody listens; gives up after ten seconds.
int connect_to(int port) {
  constexpr std::chrono::microseconds pause{100};
  const sockaddr_in address = loopback(port);
  for (int tries = 0; tries < 100'000; ++tries) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return fd;
    close(fd);
    std::this_thread::sleep_for(pause);
  }
  std::exit(1);
}

void ask_for_metrics(int fd) {
  const std::string request = "GET /api/v1/metrics HTTP/1.1\r\nHost: localhost\r\n\r\n";
  std::array<char, 4096> answer{};
  if (write(fd, request.data(), request.size()) < 0) std::exit(1);
  if (read(fd, answer.data(), answer.size()) < 12) std::exit(1);
  if (std::string(answer.data(), 12) != "HTTP/1.1 200") {
    std::fprintf(stderr, "%s\n", answer.data());
    std::exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  std::vector<double> listening;
  std::vector<double> answered;
  for (int round = 0; round < arguments.number("rounds", 20); ++round) {
    const int port = free_port();
    const std::string api =
        R"({"enabled":true,"host":"127.0.0.1","port":)" + std::to_string(port) + "}";
    setenv("apiConfig", api.c_str(), 1);
    const auto began = Clock::now();
    const pid_t daemon = start(arguments.text("program"), arguments.text("kubeconfig"));
    const int connection = connect_to(port);
    listening.push_back(since(began));
    ask_for_metrics(connection);
    answered.push_back(since(began));
    close(connection);
    kill(daemon, SIGTERM);
    waitpid(daemon, nullptr, 0);
  }
  std::printf(R"({"listening_ms":%.2f,"listening_best_ms":%.2f,"first_answer_ms":%.2f,)"
              R"("first_answer_best_ms":%.2f})"
              "\n",
              bench::median(listening), bench::percentile(listening, 0), bench::median(answered),
              bench::percentile(answered, 0));
  return 0;
}
