#include <fcntl.h>
#include <sys/stat.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <future>
#include <thread>

#include "cpab/io/unique_fd.h"

#include "tests/end_to_end/setup.h"
#include "tests/fakes/raw_http_client.h"

using namespace cpab;

namespace {

/// Sends the signal and expects what is promised: exit code 0 within three seconds (and some for a
/// busy machine), no need for the emergency exit, and no process left.
void check_shutdown(Daemon& daemon, int signal = SIGTERM) {
  using Steady = std::chrono::steady_clock;
  constexpr std::chrono::seconds promised{3};
  constexpr std::chrono::seconds busy_machine{2};

  const Steady::time_point told = Steady::now();
  daemon.program().signal(signal);

  CHECK(daemon.program().wait() == 0);
  CHECK(Steady::now() - told < promised + busy_machine);
  CHECK(daemon.program().survivors().empty());
  CHECK_THAT(daemon.log(), Catch::Contains("Shutting down..."));
  CHECK(daemon.log().find("Stopping took too long") == std::string::npos);
  CHECK(daemon.log().find(" ERROR ") == std::string::npos);  // obeying is no error
}

/// Begins, and then neither ends nor listens to SIGTERM; nor do its descendants, one of which
/// leaves the group and the session.
std::string stubborn(const Setup& setup, const std::string& name) {
  return "trap '' TERM; setsid sleep 300 & " + setup.waiting(name, "sleep 300");
}

/// An HTTP service that never answers as long as it lives.
class SilentService {
 public:
  SilentService()
      : server_(start_http_server({}, [this](const ServerRequest& request) {
          asked_ = true;
          clock_.wait_until(clock_.now() + std::chrono::minutes{5}, request.stop);
          return ServerResponse{};
        })) {}

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_->port()) + "/"; }
  bool is_asked() const {
    return soon([&] { return asked_.load(); });
  }

 private:
  SystemClock clock_;
  std::atomic<bool> asked_{false};
  std::unique_ptr<HttpServer> server_;
};

}  // namespace

TEST_CASE("shutdown: idle", "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["interval"] = never;
  Daemon daemon = setup.start();
  REQUIRE(daemon.logs("Starting autoscaler"));

  check_shutdown(daemon, GENERATE(SIGTERM, SIGINT, SIGXCPU));
}

TEST_CASE("shutdown: signals without a meaning change nothing", "[end_to_end]") {
  Setup setup;
  setup.config["metric"] = setup.shell(setup.waiting("metric", "echo 7"));
  Daemon daemon = setup.start();
  REQUIRE(setup.has_begun("metric"));
  for (const auto& [signal, name] : {std::pair{SIGUSR1, "SIGUSR1"}, {SIGUSR2, "SIGUSR2"}}) {
    daemon.program().signal(signal);
    CHECK(daemon.logs(std::string("The signal ") + name + " means nothing to cpab"));
  }
  setup.let_go("metric");
  CHECK(setup.reaches(3));

  check_shutdown(daemon);
}

TEST_CASE("shutdown: what a successful call left in the background ends with it", "[end_to_end]") {
  Setup setup;
  setup.config["metric"] =
      setup.shell("(trap '' TERM; setsid sleep 300; sleep 300) >/dev/null 2>&1 & echo 7");
  Daemon daemon = setup.start();
  REQUIRE(daemon.logs("A call of /bin/sh has left a process running in the background: "));
  REQUIRE(setup.reaches(3));

  check_shutdown(daemon);
}

TEST_CASE("shutdown: while it says why it cannot start, and nobody reads that", "[end_to_end]") {
  const TemporaryDirectory folder;
  const std::string path = folder.file("pipe");
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  const UniqueFd reader(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  const UniqueFd full(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
  REQUIRE(::fcntl(reader.value(), F_SETPIPE_SZ, 4096) == 4096);
  REQUIRE(::write(full.value(), std::string(4096, 'x').data(), 4096) == 4096);
  Program daemon({"sh", "-c", "exec " CPAB_BINARY " 2> " + path}, {{"configPath", "/nonexistent"}});
  std::this_thread::sleep_for(std::chrono::seconds{1});
  REQUIRE_FALSE(daemon.ended());

  const auto told = std::chrono::steady_clock::now();
  daemon.signal(SIGTERM);
  CHECK(daemon.wait() == 0);
  CHECK(std::chrono::steady_clock::now() - told < std::chrono::seconds{5});
}

TEST_CASE("shutdown: without an API", "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["apiConfig"] = "{enabled: false}";
  setup.config["metric"] = setup.shell(stubborn(setup, "metric"));
  Daemon daemon = setup.start();
  REQUIRE(setup.has_begun("metric"));

  check_shutdown(daemon);
}

TEST_CASE("shutdown: during the start delay", "[end_to_end][contract-64][contract-66]") {
  Setup setup;
  setup.config["startTime"] = "86400000";
  Daemon daemon = setup.start();
  REQUIRE(daemon.logs("milliseconds before starting autoscaler"));

  check_shutdown(daemon);
  CHECK(daemon.log().find("Starting autoscaler") == std::string::npos);
  CHECK(setup.server.requests().total() == 0);
}

TEST_CASE("shutdown: while user logic runs that does not want to end",
          "[end_to_end][contract-66]") {
  const std::string stage = GENERATE("preMetric", "metric", "evaluate", "preScale");
  Setup setup;
  setup.config[stage] = setup.shell(stubborn(setup, stage));
  Daemon daemon = setup.start();
  REQUIRE(setup.has_begun(stage));

  check_shutdown(daemon, GENERATE(SIGTERM, SIGHUP, SIGQUIT));
  CHECK(setup.replicas() == 1);
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 0);
}

TEST_CASE("shutdown: after the patch, while postScale runs", "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["postScale"] = setup.shell(stubborn(setup, "postScale"));
  Daemon daemon = setup.start();
  REQUIRE(setup.has_begun("postScale"));

  check_shutdown(daemon);
  CHECK(setup.replicas() == 3);
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 1);
}

TEST_CASE("shutdown: user logic that ends well when told to does not lead to a patch",
          "[end_to_end][contract-66]") {
  Setup setup;
  const std::string stage = GENERATE("metric", "evaluate");
  setup.config[stage] = setup.shell("trap 'echo \"{\\\"targetReplicas\\\":3}\"; exit 0' TERM; " +
                                    setup.waiting(stage, "exit 1"));
  Daemon daemon = setup.start();
  REQUIRE(setup.has_begun(stage));

  check_shutdown(daemon);
  CHECK(setup.replicas() == 1);
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 0);
}

TEST_CASE("shutdown: while an http method waits for its answer", "[end_to_end][contract-66]") {
  const SilentService service;
  Setup setup;
  setup.config["metric"] = Setup::http(service.url());
  Daemon daemon = setup.start();
  REQUIRE(service.is_asked());

  check_shutdown(daemon);
}

TEST_CASE("shutdown: while the API server does not answer", "[end_to_end][contract-66]") {
  const auto [method, stage] =
      GENERATE(table<std::string, std::string>({{"GET", "target"}, {"PATCH", "patch"}}));
  Setup setup;
  setup.config["logVerbosity"] = "2";
  setup.server.faults().add({.method = method, .latency = std::chrono::minutes{5}});
  Daemon daemon = setup.start();
  REQUIRE(daemon.logs("Running stage " + stage));

  check_shutdown(daemon);
  CHECK(setup.replicas() == 1);
}

TEST_CASE("shutdown: while the API server has asked to be left alone",
          "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["kubernetesTimeout"] = "600000";
  setup.server.faults().add({.status = 429, .retry_after_seconds = 300});
  Daemon daemon = setup.start();
  REQUIRE(soon([&] { return setup.server.requests().total() > 0; }));

  check_shutdown(daemon);
  CHECK(setup.server.requests().total() == 1);
}

TEST_CASE("shutdown: while a run over the API goes on", "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["metric"] = setup.shell(stubborn(setup, "metric"));
  Daemon daemon = setup.start();
  daemon.api_port();
  auto status = std::async(std::launch::async, [&] {
    try {
      return daemon.post("/api/v1/evaluation").status;
    } catch (const HttpError&) {
      return 0;
    }
  });
  REQUIRE(setup.has_begun("metric"));

  check_shutdown(daemon);
  CHECK(status.get() != 200);
  CHECK(setup.replicas() == 1);
}

TEST_CASE("shutdown: a dry run that ends soon is answered", "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["metric"] = setup.shell(setup.waiting("metric", "echo 7"));
  Daemon daemon = setup.start();
  daemon.api_port();
  auto answer = std::async(std::launch::async,
                           [&] { return daemon.post("/api/v1/evaluation?dry_run=true"); });
  REQUIRE(setup.has_begun("metric"));

  daemon.program().signal(SIGTERM);
  REQUIRE(daemon.logs("Shutting down..."));
  setup.let_go("metric");

  CHECK(answer.get().body == R"({"targetReplicas":3})");
  CHECK(daemon.program().wait() == 0);
}

TEST_CASE("shutdown: further signals do not make it leave anything behind",
          "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["metric"] = setup.shell(stubborn(setup, "metric"));
  Daemon daemon = setup.start();
  REQUIRE(setup.has_begun("metric"));

  daemon.program().signal(SIGINT);
  REQUIRE(daemon.logs("Shutting down..."));
  daemon.program().signal(SIGINT);

  check_shutdown(daemon);
  CHECK(setup.replicas() == 1);
}

TEST_CASE("shutdown: with a large answer in hand that nobody takes", "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["maxOutputBytes"] = "1000000000";
  setup.config["maxCycleBytes"] = "10000000000";
  setup.config["metric"] = setup.shell("head -c 16000000 /dev/zero | tr '\\0' x");
  Daemon daemon = setup.start();
  RawHttpClient silent(daemon.api_port());
  silent.send("GET /api/v1/metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(silent.wait_for("200 OK"));

  check_shutdown(daemon);
}

TEST_CASE("shutdown: while an answer is being made that takes long", "[end_to_end][contract-66]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["maxOutputBytes"] = "1000000000";
  setup.config["maxCycleBytes"] = "10000000000";
  setup.config["metric"] =
      setup.shell("head -c 400000000 /dev/zero; : > " + setup.folder.file("printed"));
  Daemon daemon = setup.start();
  RawHttpClient waits(daemon.api_port());
  waits.send("GET /api/v1/metrics HTTP/1.1\r\nHost: a\r\n\r\n");
  REQUIRE(soon([&] { return std::filesystem::exists(setup.folder.file("printed")); }));

  const auto told = std::chrono::steady_clock::now();
  CHECK(daemon.stop() == 0);
  CHECK(std::chrono::steady_clock::now() - told < std::chrono::seconds(5));  // 3, on a busy machine
  CHECK(daemon.program().survivors().empty());
}
