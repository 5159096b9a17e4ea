#include <catch2/catch.hpp>

#include "tests/end_to_end/setup.h"

using namespace cpab;

TEST_CASE("command line: what cannot be printed is no success", "[end_to_end]") {
  const Outcome outcome =
      run_program({"/bin/sh", "-c", R"(exec "$0" version >/dev/full)", CPAB_BINARY});
  CHECK(outcome.exit_code == 1);
  CHECK(outcome.err == "cpab: standard output cannot be written; what is there is not whole\n");
}

TEST_CASE("command line: version", "[end_to_end]") {
  const Outcome text = run_cpab({"version"});
  CHECK(text.exit_code == 0);
  CHECK_THAT(text.out, Catch::Matches("cpab [0-9]+\\.[0-9]+\\.[0-9]+.*\n"));
  CHECK(text.err.empty());

  const Outcome json = run_cpab({"version", "--json"});
  CHECK(json.exit_code == 0);
  CHECK(member(json.out, "version") == text.out.substr(5, text.out.size() - 6));
}

TEST_CASE("command line: --help explains every command with an example", "[end_to_end]") {
  const Outcome all = run_cpab({"--help"});
  CHECK(all.exit_code == 0);
  CHECK(all.err.empty());
  CHECK_THAT(all.out, Catch::Contains("Examples:\n  cpab "));

  for (const std::string command :
       {"run", "validate", "version", "demo", "simulate", "explain", "watch"}) {
    INFO(command);
    CHECK_THAT(all.out, Catch::Contains("\n  " + command + " "));
    const Outcome help = run_cpab({command, "--help"});
    CHECK(help.exit_code == 0);
    CHECK(help.err.empty());
    CHECK_THAT(help.out, Catch::Contains("Usage: ") && Catch::Contains("Example") &&
                             Catch::Contains("cpab " + command));
  }
}

TEST_CASE("command line: what is unknown or cannot be is answered with the usage and 2",
          "[end_to_end]") {
  using Arguments = std::vector<std::string>;
  for (const Arguments& arguments :
       {Arguments{"--frobnicate"}, Arguments{"frobnicate"}, Arguments{"run", "--frobnicate"},
        Arguments{"run", "validate"}, Arguments{"--kubeconfig"},
        Arguments{"demo", "--seconds", "x"}, Arguments{"demo", "--seconds", "0"},
        Arguments{"demo", "--port", "70000"}, Arguments{"validate", "a", "b"},
        Arguments{"explain", "x"}, Arguments{"explain", "-1"},
        Arguments{"explain", "7", "--changed"}, Arguments{"watch", "1"}}) {
    INFO(Catch::rangeToString(arguments));
    const Outcome outcome = run_cpab(arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Catch::Contains("Usage: "));
  }
}

TEST_CASE("command line: the logging flags of the reference are accepted", "[end_to_end]") {
  Setup setup;
  setup.arguments = {"-v=2", "-logtostderr", "--stderrthreshold", "INFO"};
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  CHECK(daemon.stop() == 0);
}
