#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "cpab/io/file.h"
#include "cpab/io/unique_fd.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr FileKind small{"a note", 10};
constexpr FileKind small_stream{"a note", 10, true};

struct Pipe {
  Pipe() {
    int ends[2] = {-1, -1};
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    out.reset(ends[0]);
    in.reset(ends[1]);
  }

  /// As the shell names it for `<(command)`.
  std::string path() const { return "/dev/fd/" + std::to_string(out.value()); }
  void write(std::string_view text) const {
    REQUIRE(::write(in.value(), text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }

  UniqueFd out;
  UniqueFd in;
};

std::string named_pipe(const TemporaryDirectory& folder) {
  const std::string path = folder.file("fifo");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  return path;
}

std::string failure(const std::string& path, const FileKind& kind) {
  try {
    return "read: " + read_file(path, kind);
  } catch (const FileError& error) {
    return error.what();
  }
}

}  // namespace

TEST_CASE("read_file: returns every byte", "[io]") {
  const TemporaryDirectory directory;
  const std::string content = std::string(100'000, 'x') + '\0' + "\r\nend";

  CHECK(read_file(directory.write("some", content)) == content);
  CHECK(read_file(directory.write("empty", "")).empty());
  CHECK(read_file(directory.write("ten", "ten bytes!"), small) == "ten bytes!");
  CHECK(read_file("/proc/self/status").find("VmRSS") != std::string::npos);
}

TEST_CASE("read_file: says what it could not open and why", "[io]") {
  CHECK_THROWS_WITH(read_file("/nonexistent/x"), "open /nonexistent/x: no such file or directory");
  CHECK_THROWS_WITH(read_file(""), "open : no such file or directory");
  CHECK_THROWS_WITH(read_file("/"), "read /: is a directory");
  CHECK_THROWS_AS(read_file(std::string("a\0b", 3)), FileError);
}

TEST_CASE("read_file: a file that is not there can be told from other failures", "[io]") {
  const TemporaryDirectory folder;
  CHECK_THROWS_AS(read_file(folder.file("none")), MissingFileError);
  CHECK_THROWS_AS(read_file(folder.write("file", "") + "/below"), MissingFileError);
  CHECK_THROWS_AS(read_file(folder.file("none"), small_stream), MissingFileError);
}

TEST_CASE("read_file: what is larger than its kind may be is refused", "[io]") {
  const TemporaryDirectory folder;
  const std::string large = folder.write("large", "eleven byte");
  const std::string vast = folder.write("vast", "");
  std::filesystem::resize_file(vast, 10'000'000'000);
  const std::string ending = ": more than the 10 bytes that a note may have";

  for (const FileKind& kind : {small, small_stream}) {
    CHECK(failure(large, kind) == "read " + large + ending);
    CHECK(failure(vast, kind) == "read " + vast + ending);
    // Says of itself that it is empty.
    CHECK(failure("/proc/self/status", kind) == "read /proc/self/status" + ending);
  }
}

TEST_CASE("read_file: devices, named pipes and sockets are refused at once", "[io]") {
  const TemporaryDirectory folder;
  const std::string fifo = named_pipe(folder);
  const std::string socket = folder.file("socket");
  const UniqueFd listening(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket.copy(address.sun_path, sizeof address.sun_path - 1);
  REQUIRE(::bind(listening.value(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);

  const std::string ending = "; a note has to be a regular file";
  for (const FileKind& kind : {small, small_stream}) {
    CHECK(failure("/dev/zero", kind) == "read /dev/zero: a device" + ending);
    CHECK(failure("/dev/urandom", kind) == "read /dev/urandom: a device" + ending);
    CHECK(failure("/dev/null", kind) == "read /dev/null: a device" + ending);
    CHECK(failure(fifo, kind) == "read " + fifo + ": a pipe" + ending);
  }
  CHECK(failure(socket, small) == "read " + socket + ": a socket" + ending);
  CHECK(failure(socket, small_stream) == "open " + socket + ": no such device or address");
}

TEST_CASE("read_file: what the shell puts in place of a file is read to its end", "[io]") {
  Pipe pipe;
  std::thread writer([&pipe] {
    pipe.write("ten ");
    std::this_thread::sleep_for(20ms);
    pipe.write("bytes!");
    pipe.in.reset();
  });
  CHECK(read_file(pipe.path(), small_stream) == "ten bytes!");
  writer.join();
  // That the reader does not wait is nothing that others with the same pipe have to know.
  CHECK((::fcntl(pipe.out.value(), F_GETFL) & O_NONBLOCK) == 0);
}

TEST_CASE("read_file: a stream is refused where a file is read again, and when it is too long",
          "[io]") {
  Pipe pipe;
  pipe.write("eleven byte");
  const std::string path = pipe.path();
  CHECK(failure(path, small) == "read " + path + ": a pipe; a note has to be a regular file");
  CHECK(failure(path, small_stream) ==
        "read " + path + ": more than the 10 bytes that a note may have");
}

TEST_CASE("read_file: a stream that does not end is given up when the daemon is told to end",
          "[io]") {
  sigset_t saved;
  sigset_t sigterm;
  sigemptyset(&sigterm);
  sigaddset(&sigterm, SIGTERM);
  ::pthread_sigmask(SIG_BLOCK, &sigterm, &saved);
  const Pipe pipe;
  ::raise(SIGTERM);

  CHECK(failure(pipe.path(), small_stream) ==
        "read " + pipe.path() + ": given up, since cpab was told to end");

  int taken = 0;
  ::sigwait(&sigterm, &taken);
  ::pthread_sigmask(SIG_SETMASK, &saved, nullptr);
}

TEST_CASE("read_file: standard input may be a socket, as under ssh", "[io]") {
  int ends[2] = {-1, -1};
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) == 0);
  UniqueFd here(ends[0]);
  UniqueFd there(ends[1]);
  const UniqueFd saved(::dup(STDIN_FILENO));
  ::dup2(here.value(), STDIN_FILENO);
  REQUIRE(::write(there.value(), "ten bytes!", 10) == 10);
  there.reset();

  CHECK(failure(standard_input, small_stream) == "read: ten bytes!");

  ::dup2(saved.value(), STDIN_FILENO);
}
