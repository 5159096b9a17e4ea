#include "bench/command.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace bench {
namespace {

struct Pipe {
  Pipe() {
    if (pipe2(ends.data(), O_CLOEXEC) != 0) throw std::runtime_error("pipe2 failed");
  }
  std::array<int, 2> ends{};
};

pid_t spawn(const std::vector<std::string>& argv, const std::array<int, 3>& streams) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  for (int i = 0; i < 3; ++i) {
    posix_spawn_file_actions_adddup2(&actions, streams[static_cast<std::size_t>(i)], i);
  }
  std::vector<char*> words;
  for (const std::string& word : argv) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  pid_t child = 0;
  const int error = posix_spawn(&child, words[0], &actions, nullptr, words.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) throw std::runtime_error("cannot start " + argv[0]);
  return child;
}

/// Reads both streams to their end and closes them; returns what the first one held.
std::string read_both(int out, int err) {
  std::string text;
  std::array<char, 4096> piece{};
  std::array<pollfd, 2> streams{{{out, POLLIN, 0}, {err, POLLIN, 0}}};
  while (streams[0].fd >= 0 || streams[1].fd >= 0) {
    poll(streams.data(), streams.size(), -1);
    for (pollfd& stream : streams) {
      if (stream.fd < 0 || stream.revents == 0) continue;
      const ssize_t count = read(stream.fd, piece.data(), piece.size());
      if (count > 0 && stream.fd == out) text.append(piece.data(), static_cast<std::size_t>(count));
      if (count > 0) continue;
      close(stream.fd);
      stream.fd = -1;
    }
  }
  return text;
}

}  // namespace

std::string run_command(const std::vector<std::string>& argv, std::string_view input) {
  const Pipe in;
  const Pipe out;
  const Pipe err;
  const pid_t child = spawn(argv, {in.ends[0], out.ends[1], err.ends[1]});
  close(in.ends[0]);
  close(out.ends[1]);
  close(err.ends[1]);
  // The inputs of the measurements fit into a pipe, and whoever ends without reading may.
  [[maybe_unused]] const ssize_t written = write(in.ends[1], input.data(), input.size());
  close(in.ends[1]);
  std::string answer = read_both(out.ends[0], err.ends[0]);
  waitpid(child, nullptr, 0);
  return answer;
}

std::vector<std::string> metric_command() { return {"/bin/sh", "-c", "cat >/dev/null; echo 1"}; }

std::vector<std::string> evaluate_command() {
  return {"/bin/sh", "-c", R"(echo '{"targetReplicas":3}')"};
}

}  // namespace bench
