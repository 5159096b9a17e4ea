#include "cpab/app/demo_screen.h"

#include <fcntl.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <functional>

#include "cpab/io/file.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;

namespace {

/// What `print` writes to standard output.
std::string printed(const std::function<void()>& print) {
  const TemporaryDirectory folder;
  const std::string file = folder.write("out", "");
  std::fflush(stdout);
  const int saved = ::dup(STDOUT_FILENO);
  const int out = ::open(file.c_str(), O_WRONLY);
  ::dup2(out, STDOUT_FILENO);
  ::close(out);
  print();
  std::fflush(stdout);
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  return read_file(file);
}

}  // namespace

TEST_CASE("demo_bars: fills with load and replicas, in columns that do not move", "[app]") {
  CHECK(demo_bars(
            {.load = 220, .highest_load = 440, .replicas = 5, .ready = 4, .highest_replicas = 8}) ==
        "load 220/s ████████░░░░░░░░  replicas  5 █████░░░   4 ready");
  CHECK(demo_bars(
            {.load = 0, .highest_load = 440, .replicas = 0, .ready = 0, .highest_replicas = 2}) ==
        "load   0/s ░░░░░░░░░░░░░░░░  replicas  0 ░░   0 ready");
}

TEST_CASE("demo_bars: more than the highest fills the bar, nothing at all leaves it empty",
          "[app]") {
  CHECK(
      demo_bars(
          {.load = 999, .highest_load = 440, .replicas = 12, .ready = 12, .highest_replicas = 8}) ==
      "load 999/s ████████████████  replicas 12 ████████  12 ready");
  CHECK(
      demo_bars({.load = 5, .highest_load = 0, .replicas = 0, .ready = 0, .highest_replicas = 1}) ==
      "load   5/s ░░░░░░░░░░░░░░░░  replicas  0 ░   0 ready");
}

TEST_CASE("demo screen: on a terminal lines push the live line down", "[app]") {
  const std::string clear = "\r\x1b[2K";
  CHECK(printed([] {
          DemoScreen screen(true);
          screen.status("now 1");
          screen.status("now 2");
          screen.line("decided");
          screen.line("decided again");
          screen.status("now 3");
        }) == clear + "now 1" + clear + "now 2" + clear + "decided\ndecided again\n" + clear +
                  "now 3" + clear);
}

TEST_CASE("demo screen: without a terminal there are lines only", "[app]") {
  CHECK(printed([] {
          DemoScreen screen(false);
          screen.status("now 1");
          screen.line("decided");
          screen.status("now 2");
        }) == "decided\n");
}
