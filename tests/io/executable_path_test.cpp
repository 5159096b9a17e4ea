#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "cpab/io/executable_path.h"
#include "cpab/io/process_runner.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;

namespace {

// PATH replaced while this lives.
class Path {
 public:
  explicit Path(const std::string& value) {
    if (const char* before = std::getenv("PATH")) saved_ = before;
    ::setenv("PATH", value.c_str(), 1);
  }
  ~Path() { ::setenv("PATH", saved_.c_str(), 1); }

 private:
  std::string saved_;
};

}  // namespace

TEST_CASE("executable_path: a name with a slash is used as it is", "[io]") {
  CHECK(executable_path("./x") == "./x");
  CHECK(executable_path("/nonexistent/x") == "/nonexistent/x");
}

TEST_CASE("executable_path: the first executable file in PATH is taken", "[io]") {
  const TemporaryDirectory directory;
  ::mkdir(directory.file("a").c_str(), 0755);
  ::mkdir(directory.file("b").c_str(), 0755);
  ::mkdir(directory.file("a/tool").c_str(), 0755);
  ::chmod(directory.write("b/tool", "").c_str(), 0755);
  const Path path("/nonexistent:" + directory.file("a") + ':' + directory.file("b"));

  CHECK(executable_path("tool") == directory.file("b/tool"));
}

TEST_CASE("executable_path: what cannot be found has the reference's words", "[io][contract-26]") {
  const Path path("/bin:/usr/bin");

  CHECK_THROWS_WITH(executable_path("no-such-x"),
                    "exec: \"no-such-x\": executable file not found in $PATH");
  CHECK_THROWS_WITH(executable_path(""), "exec: no command");
}

TEST_CASE("executable_path: a relative entry of PATH starts nothing", "[io]") {
  const TemporaryDirectory directory;
  const Path path("relative::");

  CHECK_THROWS_AS(executable_path("no-such-x"), ProcessError);
}

TEST_CASE("executable_path: an empty PATH finds nothing", "[io]") {
  const Path path("");

  CHECK_THROWS_WITH(executable_path("sh"), "exec: \"sh\": executable file not found in $PATH");
}
