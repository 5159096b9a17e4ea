#include "cpab/kubernetes/token_source.h"

#include <catch2/catch.hpp>
#include <filesystem>

#include "cpab/io/manual_clock.h"
#include "tests/kubernetes/temporary_directory.h"

namespace cpab {
namespace {

TEST_CASE("TokenSource: a token given as text never changes", "[kubernetes]") {
  TokenSource source("abc");

  CHECK(source.token() == "abc");
  CHECK_FALSE(source.renew());
  CHECK(TokenSource("").token() == "");
  CHECK(source.reads() == std::nullopt);
}

TEST_CASE("TokenSource: the file is read again after a minute", "[kubernetes]") {
  ManualClock clock;
  const TemporaryDirectory directory;
  const std::string file = directory.write("token", " one\n");
  TokenSource source(file, clock);
  directory.write("token", "two");

  clock.advance(std::chrono::milliseconds(59'999));
  CHECK(source.token() == "one");
  clock.advance(std::chrono::milliseconds(1));
  CHECK(source.token() == "two");
  CHECK(source.reads() == TokenReads{.succeeded = 2, .failed = 0});
}

TEST_CASE("TokenSource: a refused token is read again at once", "[kubernetes]") {
  ManualClock clock;
  const TemporaryDirectory directory;
  TokenSource source(directory.write("token", "one"), clock);
  directory.write("token", "two");

  CHECK(source.renew());
  CHECK(source.token() == "two");
}

TEST_CASE("TokenSource: an unreadable file leaves the last token in use", "[kubernetes]") {
  ManualClock clock;
  const TemporaryDirectory directory;
  const std::string file = directory.write("token", "one");
  TokenSource source(file, clock);
  std::filesystem::remove(file);

  clock.advance(std::chrono::seconds(61));
  CHECK(source.token() == "one");
  CHECK(source.renew());
  CHECK(source.token() == "one");
  CHECK(source.reads() == TokenReads{.succeeded = 1, .failed = 2});
}

TEST_CASE("TokenSource: refuses what is no token, without showing it", "[kubernetes]") {
  ManualClock clock;
  const TemporaryDirectory directory;
  const std::string two_lines = directory.write("bad", "sec\r\nX-Evil: ret");
  const std::string empty = directory.write("empty", " \n");

  CHECK_THROWS_WITH(TokenSource(directory.file("none"), clock),
                    "open " + directory.file("none") + ": no such file or directory");
  CHECK_THROWS_WITH(TokenSource(two_lines, clock), "token file " + two_lines +
                                                       " does not hold a token: unexpected "
                                                       "characters");
  CHECK_THROWS_WITH(TokenSource(empty, clock), "token file " + empty + " is empty");
  CHECK_THROWS_WITH(TokenSource("a\nb"), "the token holds characters no token has");
}

}  // namespace
}  // namespace cpab
