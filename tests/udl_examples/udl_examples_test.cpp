#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>

#include "tests/udl_examples/example_run.h"

using namespace cpab;

namespace {

void label_web(ExampleRun& run, const std::string& value) {
  run.cluster().merge_patch(run.web(),
                            R"({"metadata":{"labels":{"wanted-replicas":)" + value + "}}}");
}

/// Puts so many jobs into the queue folder.
void fill_queue(const std::string& folder, int jobs) {
  std::filesystem::create_directories(folder);
  for (int job = 0; job < jobs; ++job) std::ofstream(folder + "/job" + std::to_string(job)) << "";
}

/// The port a service says it listens on.
std::string port_of(Program& service) {
  const std::string words = "listening on port ";
  REQUIRE(soon([&] { return service.err().find('\n') != std::string::npos; }));
  const std::string text = service.err();
  const std::size_t at = text.find(words);
  REQUIRE(at != std::string::npos);
  return text.substr(at + words.size(), text.find('\n') - at - words.size());
}

}  // namespace

TEST_CASE("udl-examples: every config is valid as it stands", "[udl_examples]") {
  for (const char* example : {"shell", "python-per-resource", "python-per-pod-http", "go", "hpa"}) {
    // In their folder, where the relative paths of their scripts begin.
    const Outcome outcome =
        run_program({"/bin/sh", "-c", R"(cd "$1" && exec "$0" validate config.yaml)", CPAB_BINARY,
                     example_folder(example)});
    INFO(example << "\n" << outcome.err);
    CHECK(outcome.exit_code == 0);
    CHECK(outcome.err.empty());
  }
}

TEST_CASE("udl-examples: shell scales with the files in a folder", "[udl_examples]") {
  ExampleRun run("shell");
  const std::string queue = run.file("queue");
  fill_queue(queue, 12);

  run.start({{"QUEUE_FOLDER", queue}});

  CHECK(run.scales_to(3));
  CHECK(run.logs("scaled 1 -> 3: evaluation asked for 3 (12 jobs wait)"));
  std::filesystem::rename(queue, queue + "-gone");  // at once: no half-empty queue is counted
  CHECK(run.logs("failed to gather metrics: exit status"));
  CHECK(run.replicas() == 3);
}

TEST_CASE("udl-examples: python-per-resource obeys a label, or keeps what is there",
          "[udl_examples]") {
  ExampleRun run("python-per-resource");
  label_web(run, R"("4")");

  run.start();

  CHECK(run.scales_to(4));
  label_web(run, R"("25")");
  CHECK(run.logs("wanted 25, scaled 4 -> 10: maxReplicas is 10 (label wanted-replicas)"));
  label_web(run, "null");
  CHECK(run.logs("keeping 10: evaluation asked to hold (no label wanted-replicas)"));
  label_web(run, R"("many")");
  CHECK(run.logs("the label wanted-replicas is 'many', not a whole number"));
  CHECK(run.replicas() == 10);
}

TEST_CASE("udl-examples: python-per-pod-http asks every pod through its service",
          "[udl_examples]") {
  ExampleRun run("python-per-pod-http");
  run.set_load(230);
  const auto service = start_in(run.folder(), {"python3", "service.py"},
                                {{"PORT", "0"}, {"POD_URL", run.pod_load_url()}});
  run.replace_in_config(":8900", ":" + port_of(*service));

  run.start();

  CHECK(run.scales_to(5));
  CHECK(run.logs("keeping 5: evaluation asked for 5 (load 230 on 5 pods)"));
  run.set_load(90);
  CHECK(run.scales_to(2));
}

TEST_CASE("udl-examples: python-per-pod-http scales nothing when a pod does not answer",
          "[udl_examples]") {
  ExampleRun run("python-per-pod-http");
  const auto service = start_in(run.folder(), {"python3", "service.py"},
                                {{"PORT", "0"}, {"POD_URL", "http://127.0.0.1:1/{name}"}});
  run.replace_in_config(":8900", ":" + port_of(*service));

  run.start();

  CHECK(run.logs("HTTP request failed, status: [500], response: '{\"error\": \"URLError: "));
  CHECK(run.replicas() == 1);
}

TEST_CASE("udl-examples: hpa follows the metric that asks for most", "[udl_examples]") {
  ExampleRun run("hpa");
  run.set_load(20);  // 200 millicores where 100 are requested: 200 % and not 50 %
  run.cluster().set_metric({"default", "", "", "queue"}, {{}, "4"});

  run.start({{"cpuInitializationPeriod", "0"}});

  CHECK(run.scales_to(4));
  CHECK(run.logs("cpu resource utilization (percentage of request) above target"));
  run.cluster().set_metric({"default", "", "", "queue"}, {{}, "75"});
  CHECK(run.scales_to(8));
  CHECK(run.logs("external metric queue"));
}

TEST_CASE("udl-examples: go holds while the load is close to what the replicas take",
          "[udl_examples]") {
  if (!is_installed("go")) return;
  ExampleRun run("go");
  const auto build = start_in(run.folder(), {"go", "build", "-o", run.file("logic"), "."},
                              {{"GOCACHE", CPAB_GO_CACHE}, {"GOPROXY", "off"}});
  INFO(build->err());
  REQUIRE(build->wait() == 0);
  run.start_in_folder(std::filesystem::path(run.file("logic")).parent_path());
  run.set_load(230);

  run.start({{"METRIC_URL", run.deployment_load_url()}});

  CHECK(run.scales_to(5));
  run.set_load(265);
  CHECK(run.logs("keeping 5: evaluation asked to hold (load 265, 50 a pod: close enough)"));
  run.set_load(300);
  CHECK(run.scales_to(6));
}
