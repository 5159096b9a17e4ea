#include "cpab/backtest/service.h"

#include <signal.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "cpab/io/file.h"
#include "cpab/model/number.h"
#include "tests/fakes/program.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;
using Catch::Contains;

namespace {

// Nothing listens at port 1.
constexpr const char* nowhere = "http://127.0.0.1:1/";

ScenarioService shell(const std::string& script) { return {{"sh", "-c", script}, {}, nowhere}; }

}  // namespace

TEST_CASE("service: one that ends is told of with what it printed", "[backtest]") {
  Service broken(shell("echo no such port >&2; exit 3"));
  CHECK_THROWS_WITH(broken.wait_until_ready([] { return true; }),
                    Contains("sh -c") && Contains("ended with exit status 3: no such port"));
  CHECK_THROWS(broken.check());

  Service missing({{"no-such-program"}, {}, nowhere});
  CHECK_THROWS_WITH(missing.wait_until_ready([] { return true; }), Contains("cannot be started"));
}

TEST_CASE("service: it has its environment, and ends with the object", "[backtest]") {
  const TemporaryDirectory folder;
  const std::string file = folder.file("pid");
  {
    ScenarioService description = shell("echo $$ > $FILE.new; mv $FILE.new $FILE; exec sleep 1000");
    description.environment["FILE"] = file;
    Service service(std::move(description));
    service.wait_until_ready([&] { return !std::filesystem::exists(file); });
    service.check();
  }
  const auto pid = static_cast<pid_t>(number_in(read_file(file)).value());
  CHECK(::kill(pid, 0) != 0);
}
