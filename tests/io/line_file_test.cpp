#include "cpab/io/line_file.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "cpab/io/unique_fd.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

std::string failure(LineFile& file, const std::string& line) {
  try {
    file.add(line);
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}

/// A named pipe of one page, and its reading end.
struct SmallPipe {
  SmallPipe() {
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    reader.reset(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    REQUIRE(::fcntl(reader.value(), F_SETPIPE_SZ, 4096) == 4096);
    // Keeps what is in the pipe while nobody else has it open.
    writer.reset(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  }

  std::string drain() const {
    std::string text;
    char piece[4096];
    for (ssize_t size = 1; size > 0;) {
      size = ::read(reader.value(), piece, sizeof piece);
      if (size > 0) text.append(piece, static_cast<std::size_t>(size));
    }
    return text;
  }

  TemporaryDirectory folder;
  const std::string path = folder.file("pipe");
  UniqueFd reader;
  UniqueFd writer;
};

}  // namespace

TEST_CASE("LineFile: makes the file, adds to it, and finds its successor", "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file("log");
  LineFile file(path);
  file.add("one");
  file.add("two");
  CHECK(read_file(path) == "one\ntwo\n");

  std::filesystem::rename(path, folder.file("log.1"));
  file.add("three");
  CHECK(read_file(path) == "three\n");
}

TEST_CASE("LineFile: what comes after a cut line stands on its own", "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.write("log", "one\n{\"cut");
  LineFile file(path);
  file.add("two");
  file.add("three");
  CHECK(read_file(path) == "one\n{\"cut\ntwo\nthree\n");

  LineFile other(path);
  other.add("four");
  CHECK(read_file(path) == "one\n{\"cut\ntwo\nthree\nfour\n");
}

TEST_CASE("LineFile: a full disk cuts a line, not the one after it", "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file("log");
  LineFile file(path);
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{10, 10};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const bool told = failure(file, "123456789012345") == "write " + path + ": file too large";
    ::_exit(told ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(status == 0);

  CHECK(read_file(path) == "1234567890");
  file.add("next");
  CHECK(read_file(path) == "1234567890\nnext\n");
}

TEST_CASE("LineFile: a pipe that nobody has open is an error at once", "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  LineFile file(path);
  CHECK(failure(file, "one") == "open " + path + ": a pipe that nobody reads");
  const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  CHECK(failure(file, "one").empty());
}

TEST_CASE("LineFile: a reader that stalls is waited for once, and then lines are lost", "[io]") {
  const SmallPipe pipe;
  LineFile file(pipe.path);
  const std::string line(6'000, 'x');
  const std::string lost = "write " + pipe.path + ": it is full, and nobody reads it";
  CHECK(failure(file, line) == lost);  // a part of which is in the pipe

  const auto began = Steady::now();
  for (int i = 0; i < 100; ++i) CHECK(failure(file, line) == lost);
  CHECK(Steady::now() - began < 400ms);

  CHECK(pipe.drain() == line.substr(0, 4096));
  CHECK(failure(file, "next").empty());
  CHECK(pipe.drain() == "\nnext\n");
}

TEST_CASE("LineFile: a line longer than a pipe gets through to who reads it", "[io]") {
  const SmallPipe pipe;
  LineFile file(pipe.path);
  const std::string line(50'000, 'x');
  std::string text;
  std::jthread reader([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) text += pipe.drain();
    text += pipe.drain();
  });
  CHECK(failure(file, line).empty());
  reader.request_stop();
  reader.join();
  CHECK(text == line + "\n");
}
