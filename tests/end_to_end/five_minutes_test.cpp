#include <catch2/catch.hpp>
#include <csignal>
#include <regex>

#include "tests/end_to_end/printed_url.h"
#include "tests/fakes/tutorial.h"

using namespace cpab;

namespace {

/// Where the API of a daemon listens that was given port 0; it says so when it starts.
std::string api_of(const Program& daemon) {
  static const std::regex port(R"(Starting API using HTTP on port (\d+))");
  std::smatch match;
  std::string log;
  soon([&] { return std::regex_search(log = daemon.err(), match, port); });
  return "http://127.0.0.1:" + match[1].str();
}

bool logs(const Program& daemon, const std::string& text) {
  const bool logged = soon([&] { return daemon.err().find(text) != std::string::npos; });
  INFO("the log:\n" << daemon.err());
  CHECK(logged);
  return logged;
}

void ends(Program& program) {
  program.signal(SIGINT);
  CHECK(program.wait() == 0);
  CHECK(program.survivors().empty());
}

}  // namespace

TEST_CASE("docs/five-minutes.md: is true from the first command to the last", "[end_to_end]") {
  constexpr int beyond_the_limit = 10;
  Tutorial page("docs/five-minutes.md");
  // Free ports, where the page has fixed ones.
  page.substitute("port: 5001", "port: 0");
  page.substitute("cpab demo", "cpab demo --port 0 --api-port 0");

  CHECK(page.run("cpab validate config.yaml").exit_code == 0);
  CHECK(page.run("cpab simulate --config config.yaml").exit_code == beyond_the_limit);
  CHECK(page.run("sed").exit_code == 0);
  CHECK(page.run("cpab simulate --config config.yaml --compare").exit_code == 0);

  const auto demo = page.start("cpab demo", {{"TMPDIR", page.file("")}});
  REQUIRE(soon([&] { return demo->out().find("Ctrl-C ends it.") != std::string::npos; }));
  page.substitute("http://127.0.0.1:5000", url_after(demo->out(), "REST API"));
  page.substitute("http://127.0.0.1:8001", url_after(demo->out(), "Kubernetes API"));

  const auto own = page.start("CPAB_MODE=shadow", {{"interval", "250"}});
  REQUIRE(logs(*own, "shadow: would scale "));
  CHECK(own->err().find(" scaled ") == std::string::npos);
  page.substitute("http://127.0.0.1:5001", api_of(*own));

  CHECK(page.run("curl -X PUT").exit_code == 0);
  CHECK(page.run("curl -X PUT").exit_code == 0);
  REQUIRE(logs(*own, " scaled "));

  const Outcome why = page.run("cpab explain --changed");
  CHECK(why.exit_code == 0);
  CHECK_THAT(why.out, Catch::Contains("for Deployment default/shop") &&
                          Catch::Contains("\nscaled ") &&
                          Catch::Contains(" requests/s, 35 a pod\n"));
  const auto watch = page.start("cpab watch");
  CHECK(soon([&] { return watch->out().find(" scaled ") != std::string::npos; }));

  ends(*watch);
  ends(*own);
  demo->signal(SIGINT);
  CHECK(demo->wait().has_value());  // 1 when it was put into the shadow before it had scaled
  CHECK(demo->survivors().empty());
  CHECK(page.is_over());
}
