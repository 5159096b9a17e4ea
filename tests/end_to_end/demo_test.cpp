#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <regex>
#include <sstream>

#include "cpab/io/curl_http_client.h"
#include "cpab/io/http_server.h"
#include "cpab/io/system_clock.h"
#include "tests/end_to_end/printed_url.h"
#include "tests/end_to_end/setup.h"
#include "tests/fakes/temporary_directory.h"

using namespace cpab;

namespace {

/// `cpab demo` with a folder of its own for temporary files.
class Demo {
 public:
  explicit Demo(std::vector<std::string> arguments)
      : program_(command_line(std::move(arguments)),
                 {{"TMPDIR", folder_.file("")}, {"HOME", folder_.file("")}}) {}

  Program& program() { return program_; }

  bool prints(const std::string& text) {
    return soon([&] { return program_.out().find(text) != std::string::npos; });
  }

  bool leaves_nothing() const {
    return program_.survivors().empty() && std::filesystem::is_empty(folder_.file(""));
  }

 private:
  static std::vector<std::string> command_line(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {CPAB_BINARY, "demo"});
    return arguments;
  }

  TemporaryDirectory folder_;
  Program program_;
};

/// The commands to try, those whose program is here.
std::vector<std::string> printed_commands(const std::string& text) {
  std::istringstream lines(text);
  std::vector<std::string> commands;
  for (std::string line; std::getline(lines, line);) {
    std::smatch program;
    if (!std::regex_search(line, program, std::regex("^ +(curl|kubectl) "))) continue;
    const Outcome found = run_program({"sh", "-c", "command -v " + program[1].str()});
    if (found.exit_code == 0) commands.push_back(line);
    if (found.exit_code != 0) WARN("skipped: there is no " + program[1].str() + " here");
  }
  return commands;
}

}  // namespace

TEST_CASE("demo: scales within seconds, and ends with 0 then", "[end_to_end]") {
  Demo demo({"--port", "0", "--api-port", "0"});

  CHECK(demo.prints("scaled 1 -> "));
  demo.program().signal(SIGINT);

  CHECK(demo.program().wait() == 0);
  CHECK_THAT(demo.program().out(), Catch::Matches("[^]*Made [0-9]+ decisions; [1-9][0-9]* of them "
                                                  "changed the number of replicas.\n"));
  CHECK(demo.program().err().empty());
  CHECK(demo.leaves_nothing());
}

TEST_CASE("demo: ends by itself when it is time, with 1 when nothing was scaled", "[end_to_end]") {
  Demo demo({"--seconds", "1", "--port", "0", "--api-port", "0"});

  CHECK(demo.program().wait() == 1);

  CHECK_THAT(demo.program().out(), Catch::Contains("0 of them changed the number of replicas."));
  CHECK(demo.leaves_nothing());
}

TEST_CASE("demo: Ctrl-C ends it within two seconds and leaves nothing behind", "[end_to_end]") {
  using Steady = std::chrono::steady_clock;
  constexpr std::chrono::seconds promised{2};
  constexpr std::chrono::seconds busy_machine{2};
  Demo demo({"--port", "0", "--api-port", "0"});
  REQUIRE(demo.prints("Ctrl-C ends it."));

  const Steady::time_point told = Steady::now();
  demo.program().signal(SIGINT);

  CHECK(demo.program().wait() == 1);  // nothing has been scaled yet
  CHECK(Steady::now() - told < promised + busy_machine);
  CHECK(demo.leaves_nothing());
}

TEST_CASE("demo: takes other ports when its own are taken, and what it prints works",
          "[end_to_end]") {
  const auto taken = start_http_server({}, [](const ServerRequest&) { return ServerResponse{}; });
  const std::string port = std::to_string(taken->port());
  Demo demo({"--port", port, "--api-port", port});
  REQUIRE(demo.prints("Ctrl-C ends it."));

  const std::string api = url_after(demo.program().out(), "REST API");
  const std::string cluster = url_after(demo.program().out(), "Kubernetes API");

  const SystemClock clock;
  CurlHttpClient http({}, clock);
  const auto get = [&](const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.budget.deadline = clock.now() + patience;
    return http.send(request);
  };
  CHECK(get(api + "/healthz").body == R"({"status":"ok"})");
  CHECK(member(get(cluster + "/apis/apps/v1/namespaces/default/deployments/shop").body, "kind") ==
        "Deployment");
  const TemporaryDirectory home;  // kubectl keeps what it discovers there
  for (const std::string& command : printed_commands(demo.program().out())) {
    INFO(command);
    const Outcome outcome = run_program({"sh", "-c", command}, {{"HOME", home.file("")}});
    CHECK(outcome.exit_code == 0);
    CHECK_FALSE(outcome.out.empty());
  }
  demo.program().signal(SIGTERM);
  CHECK(demo.program().wait().has_value());
}
