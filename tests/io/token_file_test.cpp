#include "cpab/io/token_file.h"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>

#include "cpab/io/manual_clock.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;
using namespace std::chrono_literals;

TEST_CASE("token file: holds what stands in its lines and nothing else", "[io]") {
  const TemporaryDirectory directory;
  ManualClock clock;
  TokenFile tokens(directory.write("tokens", "\n first-token \r\n\n\tsecond\n"), clock);

  CHECK(tokens.holds("first-token"));
  CHECK(tokens.holds("second"));
  for (const char* wrong : {"", " ", "first", "first-tokem", "first-token ", "FIRST-TOKEN",
                            "first-token\n", "first-token\nsecond", "secondx"}) {
    CAPTURE(wrong);
    CHECK_FALSE(tokens.holds(wrong));
  }
}

TEST_CASE("token file: one that cannot be used at the start is refused, unseen", "[io]") {
  const TemporaryDirectory directory;
  ManualClock clock;
  const std::string missing = directory.file("missing");
  const std::string empty = directory.write("empty", " \n\r\n");
  const std::string words = directory.write("words", "fine\nmy secret\n");

  CHECK_THROWS_WITH(TokenFile(missing, clock), "the token file cannot be used: open " + missing +
                                                   ": no such file or directory");
  CHECK_THROWS_WITH(TokenFile(empty, clock), "the token file " + empty +
                                                 " cannot be used: it is empty; write one token "
                                                 "a line");
  CHECK_THROWS_WITH(TokenFile(words, clock),
                    "the token file " + words +
                        " cannot be used: line 2 holds characters no token has; write one token "
                        "a line");
}

TEST_CASE("token file: what becomes a pipe, a device, a folder or nothing keeps its tokens at once",
          "[io]") {
  const CapturedLog log;
  const TemporaryDirectory directory;
  ManualClock clock;
  const std::string file = directory.write("tokens", "old");
  TokenFile tokens(file, clock);
  const auto become = GENERATE(values<void (*)(const std::string&)>({
      [](const std::string& path) { REQUIRE(::mkfifo(path.c_str(), 0600) == 0); },
      [](const std::string& path) { std::filesystem::create_symlink("/dev/zero", path); },
      [](const std::string& path) { std::filesystem::create_directory(path); },
      [](const std::string&) {},
  }));
  std::filesystem::remove(file);
  become(file);
  clock.advance(1s);

  const auto begin = std::chrono::steady_clock::now();
  CHECK(tokens.holds("old"));
  CHECK_FALSE(tokens.holds(""));
  CHECK(std::chrono::steady_clock::now() - begin < 1s);
  REQUIRE(log.messages().size() == 1);
  CHECK_THAT(log.messages().front(),
             Catch::Contains(file) && Catch::EndsWith("; accepting the tokens it held before"));
}

TEST_CASE("token file: a change counts within a second", "[io]") {
  const CapturedLog log;
  const TemporaryDirectory directory;
  ManualClock clock;
  const std::string file = directory.write("tokens", "old");
  TokenFile tokens(file, clock);
  REQUIRE(tokens.holds("old"));

  directory.write("tokens", "old\nnew");
  CHECK_FALSE(tokens.holds("new"));
  clock.advance(1s);
  CHECK(tokens.holds("new"));
  CHECK(tokens.holds("old"));
  directory.write("tokens", "new");
  clock.advance(1s);
  CHECK_FALSE(tokens.holds("old"));

  const std::string said =
      "INFO  The token file " + file + " has changed; its tokens are accepted from now on";
  CHECK(log.messages() == std::vector<std::string>{said, said});
}

TEST_CASE("token file: a link that is swapped is a change", "[io]") {
  const CapturedLog log;
  const TemporaryDirectory directory;
  ManualClock clock;
  directory.write("1", "aaaa");
  directory.write("2", "bbbb");
  std::filesystem::create_symlink("1", directory.file("tokens"));
  TokenFile tokens(directory.file("tokens"), clock);

  std::filesystem::create_symlink("2", directory.file("swap"));
  std::filesystem::rename(directory.file("swap"), directory.file("tokens"));
  clock.advance(1s);

  CHECK(tokens.holds("bbbb"));
  CHECK_FALSE(tokens.holds("aaaa"));
}

TEST_CASE("token file: one that becomes unusable leaves the old tokens, with one warning", "[io]") {
  const CapturedLog log;
  const TemporaryDirectory directory;
  ManualClock clock;
  const std::string file = directory.write("tokens", "old");
  TokenFile tokens(file, clock);

  directory.write("tokens", "");
  for (int i = 0; i < 3; ++i) {
    clock.advance(1s);
    CHECK(tokens.holds("old"));
    CHECK_FALSE(tokens.holds(""));
  }
  std::filesystem::remove(file);
  clock.advance(1s);
  CHECK(tokens.holds("old"));
  directory.write("tokens", "new");
  clock.advance(1s);
  CHECK(tokens.holds("new"));
  CHECK_FALSE(tokens.holds("old"));

  const std::string kept = "; accepting the tokens it held before";
  CHECK(log.messages() ==
        std::vector<std::string>{
            "WARN  the token file " + file +
                " cannot be used: it is empty; write one token a line" + kept,
            "WARN  the token file cannot be used: open " + file + ": no such file or directory" +
                kept,
            "INFO  The token file " + file + " has changed; its tokens are accepted from now on"});
}
