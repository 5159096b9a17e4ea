#include <catch2/catch.hpp>

#include "cpab/io/file.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;

TEST_CASE("read_file: returns every byte", "[io]") {
  const TemporaryDirectory directory;
  const std::string content = std::string(100'000, 'x') + '\0' + "\r\nend";

  CHECK(read_file(directory.write("some", content)) == content);
  CHECK(read_file(directory.write("empty", "")).empty());
}

TEST_CASE("read_file: says what it could not open and why", "[io]") {
  CHECK_THROWS_WITH(read_file("/nonexistent/x"), "open /nonexistent/x: no such file or directory");
  CHECK_THROWS_WITH(read_file(""), "open : no such file or directory");
  CHECK_THROWS_WITH(read_file("/"), "read /: is a directory");
  CHECK_THROWS_AS(read_file(std::string("a\0b", 3)), FileError);
}
