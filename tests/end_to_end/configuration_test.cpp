#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <thread>

#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

/// Starts the daemon, expects it to refuse, and returns what it said.
std::string refusal(Setup& setup) {
  Daemon daemon = setup.start();
  CHECK(daemon.program().wait() == 2);
  CHECK(daemon.program().out().empty());
  CHECK(setup.server.requests().total() == 0);
  return daemon.log();
}

}  // namespace

TEST_CASE("configuration: a file that cannot be read ends the daemon with 2",
          "[end_to_end][contract-18]") {
  const Outcome missing = run_cpab({}, {{"configPath", "/nonexistent/config.yaml"}});
  CHECK(missing.exit_code == 2);
  CHECK_THAT(missing.err, Catch::StartsWith("Fail to read configuration file: open "
                                            "/nonexistent/config.yaml: no such file or directory"));

  const Outcome empty_name = run_cpab({"run"}, {{"configPath", ""}});
  CHECK(empty_name.exit_code == 2);
  CHECK_THAT(empty_name.err, Catch::StartsWith("Fail to read configuration file: "));

  const Outcome folder = run_cpab({}, {{"configPath", "/"}});
  CHECK(folder.exit_code == 2);
  CHECK_THAT(folder.err, Catch::StartsWith("Fail to read configuration file: "));
}

TEST_CASE("configuration: what is no file ends the daemon at once", "[end_to_end]") {
  Setup setup;
  const std::string pipe = setup.folder.file("pipe");
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  const std::string huge = setup.folder.write("huge", "");
  std::filesystem::resize_file(huge, 10'000'000'000);

  for (const auto& [path, problem] : {std::pair<std::string, std::string>{pipe, "a pipe; "},
                                      {"/dev/zero", "a device; "},
                                      {huge, "more than the "}}) {
    INFO(path);
    const Outcome as_config = run_cpab({}, {{"configPath", path}});
    CHECK(as_config.exit_code == 2);
    CHECK_THAT(as_config.err,
               Catch::StartsWith("Fail to read configuration file: read " + path + ": " + problem));
    CHECK(run_cpab({"validate", path}).exit_code == 2);

    const std::string config = setup.write_config();
    const Outcome as_kubeconfig = run_cpab({"run", "--kubeconfig", path}, {{"configPath", config}});
    CHECK(as_kubeconfig.exit_code == 2);
    CHECK_THAT(as_kubeconfig.err, Catch::Contains("kubeconfig: read " + path + ": " + problem));

    setup.kubeconfig_user = "{tokenFile: " + path + "}";
    CHECK_THAT(refusal(setup), Catch::Contains("read " + path + ": " + problem));
    setup.kubeconfig_user = "{}";

    setup.config["apiConfig"] = "{host: 127.0.0.1, port: 0, tokenFile: " + path + "}";
    CHECK_THAT(refusal(setup), Catch::Contains("read " + path + ": " + problem));
    setup.config["apiConfig"] =
        "{host: 127.0.0.1, port: 0, useHTTPS: true, certFile: " + path + ", keyFile: " + path + "}";
    CHECK_THAT(refusal(setup), Catch::Contains("read " + path + ": " + problem));
    setup.config["apiConfig"] = "{host: 127.0.0.1, port: 0}";
  }
}

TEST_CASE("configuration: what a shell puts in place of a file is read", "[end_to_end]") {
  const Setup setup;
  const std::string config = setup.write_config();
  for (const std::string& script :
       {"CPAB validate /dev/stdin < " + config, "cat " + config + " | CPAB validate /dev/stdin",
        "CPAB validate <(sleep 0.1; cat " + config + ")",
        "CPAB validate /dev/stdin <<EOF\n$(cat " + config + ")\nEOF\n"}) {
    INFO(script);
    const Outcome outcome =
        run_program({"bash", "-c", "CPAB() { \"" CPAB_BINARY "\" \"$@\"; }; " + script});
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("configuration: a shell that hands over nothing does not keep it from ending",
          "[end_to_end]") {
  Program daemon({"bash", "-c", "configPath=<(sleep 60) exec " CPAB_BINARY});
  std::this_thread::sleep_for(std::chrono::seconds{1});
  REQUIRE_FALSE(daemon.ended());

  daemon.signal(SIGTERM);
  CHECK(daemon.wait() == 0);
  CHECK_THAT(daemon.err(), Catch::Contains("given up, since cpab was told to end"));
}

TEST_CASE("configuration: a file that makes no sense ends the daemon with 2",
          "[end_to_end][contract-2]") {
  const TemporaryDirectory folder;
  for (const std::string text :
       {"", "invalid", "interval: [", "a: b: c", "{\"interval\": 5,}", "\tinterval: 5",
        "interval: \"5\"", "- interval", "\x01\x02\x03", "--- x\ninterval: 5"}) {
    INFO("text: " << text);
    const Outcome outcome = run_cpab({}, {{"configPath", folder.write("config.yaml", text)}});
    CHECK(outcome.exit_code == 2);
    CHECK_THAT(outcome.err, Catch::Contains("invalid format of YAML/JSON configuration: "));
    CHECK(outcome.out.empty());
  }
}

TEST_CASE("configuration: values that cannot be meant end the daemon with 2",
          "[end_to_end][contract-49]") {
  Setup setup;
  std::string complaint;
  SECTION("an unknown run mode") {
    setup.config["runMode"] = "invalid";
    complaint = "unknown run mode: invalid (runMode, ";
  }
  SECTION("no timeout") {
    setup.config["metric"] = "{type: shell, shell: {entrypoint: 'true'}}";
    complaint = "metric.timeout is missing or not positive: 0";
  }
  SECTION("an unknown method type") {
    setup.config["evaluate"] = "{type: grpc, timeout: 5}";
    complaint = "unknown execution method: 'grpc'";
  }
  SECTION("no metric") {
    setup.config.erase("metric");
    complaint = "metric";
  }
  SECTION("no evaluate") {
    setup.config["evaluate"] = "null";
    complaint = "evaluate";
  }
  SECTION("no target") {
    setup.config.erase("scaleTargetRef");
    complaint = "scaleTargetRef";
  }
  SECTION("an interval of 0, by environment") {
    setup.variables["interval"] = "0";
    complaint = "interval is 0 (interval, environment variable interval); ";
  }
  SECTION("an environment variable that is no number") {
    setup.variables["interval"] = "ten";
    complaint =
        "invalid format of integer field value: strconv.ParseInt: parsing \"ten\": invalid syntax";
  }
  SECTION("bounds the wrong way round") {
    setup.config["minReplicas"] = "11";
    complaint = "minReplicas is 11, above maxReplicas, which is 10, default";
  }
  SECTION("a port that is none") {
    setup.config["apiConfig"] = "{port: 70000}";
    complaint = "apiConfig.port";
  }

  CHECK_THAT(refusal(setup), Catch::Contains(complaint));
}

TEST_CASE("configuration: all complaints come at once", "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = "0";
  setup.config["runMode"] = "sometimes";
  setup.config.erase("metric");
  setup.variables["maxReplicas"] = "0";

  const std::string said = refusal(setup);

  for (const char* key : {"interval", "runMode", "metric", "maxReplicas"}) {
    CHECK_THAT(said, Catch::Contains(key));
  }
  CHECK(std::count(said.begin(), said.end(), '\n') >= 4);
}

TEST_CASE("configuration: the environment wins over the file, key by key", "[end_to_end]") {
  Setup setup;
  setup.config["maxReplicas"] = "9";
  setup.config["evaluate"] = setup.shell(R"(echo '{"targetReplicas":50}')");
  setup.variables["maxReplicas"] = " 0x6 ";
  setup.variables["MAXREPLICAS"] = "2";
  setup.variables["CPAB_DECISION_LOG"] = setup.folder.file("decisions");
  Daemon daemon = setup.start();

  CHECK(setup.reaches(6));
  CHECK(soon([&] {
    return run_program({"test", "-s", setup.folder.file("decisions")}).exit_code == 0;
  }));
}

TEST_CASE("configuration: an unknown key is warned of and changes nothing",
          "[end_to_end][contract-12]") {
  Setup setup;
  setup.config["maxReplica"] = "2";
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  CHECK_THAT(daemon.log(), Catch::Contains("WARN  unknown key \"maxReplica\""));
  CHECK_THAT(daemon.log(), Catch::Contains("did you mean maxReplicas?"));
}

TEST_CASE("configuration: an API that the environment turns off by accident is warned of",
          "[end_to_end][contract-10]") {
  Setup setup;
  setup.variables["apiConfig"] = R"({"port":0})";
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  CHECK_THAT(daemon.log(), Catch::Contains("API disabled, skipping starting the API"));
  CHECK_THAT(daemon.log(), Catch::Contains("WARN "));
  CHECK_THAT(daemon.log(), Catch::Contains("apiConfig"));
}

TEST_CASE("validate: shows what a configuration amounts to, where it comes from, and no secret",
          "[end_to_end]") {
  Setup setup;
  setup.config["evaluate"] =
      "{type: http, timeout: 100, http: {method: POST, url: "
      "'http://me:pass-word@host/x?key=query-key', "
      "headers: {Authorization: Bearer the-token}, successCodes: [200], parameterMode: body}}";
  const std::string file = setup.write_config();

  const Outcome outcome = run_cpab({"validate", file}, {{"minReplicas", "2"}});

  CHECK(outcome.exit_code == 0);
  CHECK(outcome.err.empty());
  CHECK_THAT(outcome.out, Catch::Contains("interval: 50  # " + file + ":3\n"));
  CHECK_THAT(outcome.out, Catch::Contains("minReplicas: 2  # environment variable minReplicas\n"));
  CHECK_THAT(outcome.out, Catch::Contains("maxReplicas: 10  # default\n"));
  for (const char* secret : {"pass-word", "query-key", "the-token"}) {
    CHECK(outcome.out.find(secret) == std::string::npos);
  }
  const Outcome again =
      run_cpab({"validate"}, {{"configPath", setup.folder.write("again.yaml", outcome.out)}});
  CHECK(again.exit_code == 0);  // what it prints is a configuration, too
}

TEST_CASE("validate: refuses what the daemon would refuse, and unknown keys", "[end_to_end]") {
  Setup setup;
  setup.config["intervall"] = "5";

  const Outcome unknown = run_cpab({"validate", setup.write_config()});
  CHECK(unknown.exit_code == 2);
  CHECK(unknown.out.empty());
  CHECK_THAT(unknown.err, Catch::Contains("unknown key \"intervall\"") &&
                              Catch::Contains("did you mean interval?"));

  setup.config["runMode"] = "sometimes";
  const Outcome wrong = run_cpab({"validate", setup.write_config()});
  CHECK(wrong.exit_code == 2);
  CHECK_THAT(wrong.err, Catch::Contains("unknown run mode: sometimes") &&
                            Catch::Contains("unknown key \"intervall\""));

  CHECK(run_cpab({"validate", "/nonexistent"}).exit_code == 2);
}
