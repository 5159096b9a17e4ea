#include "cpab/io/atomic_file.h"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>
#include <set>

#include "tests/fakes/temporary_directory.h"

using namespace cpab;

namespace {

std::set<std::string> files_in(const TemporaryDirectory& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder.file(""))) {
    names.insert(entry.path().filename());
  }
  return names;
}

std::string failure_of(const std::string& path, const std::string& content = "new") {
  try {
    replace_file(path, content);
  } catch (const FileError& error) {
    return error.what();
  }
  return "";
}

/// Runs `work` in a child that has a limit on the size of files, as a full disk has.
template <typename Work>
int exit_code_with_small_disk(Work work) {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    ::_exit(work() ? 0 : 1);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("replace_file: makes the file, then replaces it, and leaves nothing beside it", "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file("state");

  replace_file(path, "a longer first content");
  replace_file(path, "second");

  CHECK(read_file(path) == "second");
  CHECK(files_in(folder) == std::set<std::string>{"state"});
}

TEST_CASE("replace_file: the file is for its owner only, whatever was there before", "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.write("state", "old");
  ::chmod(path.c_str(), 0666);

  replace_file(path, "new");

  struct stat status {};
  REQUIRE(::stat(path.c_str(), &status) == 0);
  CHECK((status.st_mode & 07777) == 0600);
}

TEST_CASE("replace_file: what a killed process has left is no obstacle, nor is it followed",
          "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file("state");
  const std::string bystander = folder.write("bystander", "mine");
  SECTION("half a file") { folder.write("state.tmp", "hal"); }
  SECTION("a link") { REQUIRE(::symlink(bystander.c_str(), (path + ".tmp").c_str()) == 0); }

  replace_file(path, "new");

  CHECK(read_file(path) == "new");
  CHECK(read_file(bystander) == "mine");
  CHECK(files_in(folder) == std::set<std::string>{"state", "bystander"});
}

TEST_CASE("replace_file: says what cannot be done and leaves nothing behind", "[io]") {
  const TemporaryDirectory folder;
  const std::string missing = folder.file("none/state");
  CHECK(failure_of(missing) == "create " + missing + ".tmp: no such file or directory");
  CHECK(failure_of(std::string("a\0b", 3)) == "replace a: invalid argument");

  std::filesystem::create_directory(folder.file("folder"));
  CHECK(failure_of(folder.file("folder")) ==
        "replace " + folder.file("folder") + ": not a regular file");

  const std::string pipe = folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK(failure_of(pipe) == "replace " + pipe + ": not a regular file");
  CHECK(files_in(folder) == std::set<std::string>{"folder", "pipe"});
}

TEST_CASE("replace_file: on a full disk the old content stays", "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.write("state", "old");

  const int exit_code = exit_code_with_small_disk([&] {
    return failure_of(path, std::string(5000, 'x')) == "write " + path + ".tmp: file too large";
  });

  CHECK(exit_code == 0);
  CHECK(read_file(path) == "old");
  CHECK(files_in(folder) == std::set<std::string>{"state"});
}

TEST_CASE("replace_file: a reader beside it sees one content or the other", "[io]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file("state");
  const std::string first(5000, '1');
  const std::string second(3000, '2');
  replace_file(path, first);
  const pid_t writer = ::fork();
  if (writer == 0) {
    ::alarm(60);  // should the test not live to kill it
    for (;;) {
      replace_file(path, second);
      replace_file(path, first);
    }
  }

  std::set<std::string> seen;
  for (int i = 0; i < 2000 || (seen.size() < 2 && i < 1'000'000); ++i) {
    seen.insert(read_file(path));
  }
  ::kill(writer, SIGKILL);
  ::waitpid(writer, nullptr, 0);
  seen.insert(read_file(path));

  for (const std::string& content : seen) CHECK((content == first || content == second));
}
