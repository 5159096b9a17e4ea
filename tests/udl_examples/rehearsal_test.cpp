#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "cpab/io/file.h"
#include "cpab/io/http_server.h"
#include "tests/fakes/tutorial.h"
#include "tests/udl_examples/example_run.h"

using namespace cpab;

// Each command of a README is checked to print the numbers that the README shows.

namespace {

constexpr const char* replay = "cpab simulate --config config.yaml --scenario scenario.yaml";

/// Copies an example to where the commands of its README are going to run.
void copy_example(const std::string& example, const Tutorial& readme) {
  std::filesystem::copy(example_folder(example), readme.file(""));
}

void replace_in(const std::string& path, const std::string& from, const std::string& to) {
  const std::string text = with_replaced(read_file(path), from, to);
  std::ofstream(path) << text;
}

/// One that nobody listens at.
std::string free_port() {
  const auto server = start_http_server({}, [](const ServerRequest&) { return ServerResponse(); });
  return std::to_string(server->port());
}

}  // namespace

TEST_CASE("udl-examples: shell can be rehearsed, and calmed", "[udl_examples]") {
  Tutorial readme("udl-examples/shell/README.md");
  copy_example("shell", readme);
  readme.substitute("/tmp/calm.yaml", readme.file("calm.yaml"));

  CHECK(readme.run(replay).exit_code == 0);
  CHECK(readme.run("(cat config.yaml").exit_code == 0);
  CHECK(readme.run("cpab simulate --config config.yaml --compare").exit_code == 0);
  CHECK(readme.is_over());
}

TEST_CASE("udl-examples: python-per-resource can be rehearsed", "[udl_examples]") {
  if (!is_installed("python3")) return;
  Tutorial readme("udl-examples/python-per-resource/README.md");
  copy_example("python-per-resource", readme);

  CHECK(readme.run(std::string("interval=60000 ") + replay).exit_code == 0);
  CHECK(readme.is_over());
}

TEST_CASE("udl-examples: python-per-pod-http can be rehearsed with its service", "[udl_examples]") {
  if (!is_installed("python3")) return;
  Tutorial readme("udl-examples/python-per-pod-http/README.md");
  copy_example("python-per-pod-http", readme);
  const std::string port = free_port();
  replace_in(readme.file("config.yaml"), ":8900", ":" + port);
  replace_in(readme.file("scenario.yaml"), ":8900", ":" + port);

  CHECK(readme.run(std::string("interval=15000 ") + replay, {{"PORT", port}}).exit_code == 0);
  CHECK(readme.is_over());
}

TEST_CASE("udl-examples: hpa can be rehearsed", "[udl_examples]") {
  const std::string folder = example_folder("hpa");
  const Outcome outcome = run_program(
      {CPAB_BINARY, "simulate", "--config", folder + "/config.yaml", "--scenario",
       folder + "/scenario.yaml", "--fail-if", "cyclesFailed>0", "--fail-if", "scaleUps<1"},
      {{"interval", "600000"}});  // not a cycle every 15 seconds
  INFO(outcome.out << outcome.err);
  CHECK(outcome.exit_code == 0);
}

TEST_CASE("udl-examples: go can be rehearsed", "[udl_examples]") {
  if (!is_installed("go")) return;
  Tutorial readme("udl-examples/go/README.md");
  copy_example("go", readme);

  CHECK(readme.run("go build", {{"GOCACHE", CPAB_GO_CACHE}, {"GOPROXY", "off"}}).exit_code == 0);
  CHECK(readme.run(std::string("interval=15000 ") + replay).exit_code == 0);
  CHECK(readme.is_over());
}
