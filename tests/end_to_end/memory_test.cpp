#include <sys/resource.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <thread>

#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

/// The limit of the container in docker/kubernetes/autoscaler.yaml.
constexpr std::size_t container_mib = 256;

/// What is left of it for the programs that the daemon runs.
constexpr std::size_t user_logic_mib = 64;

/// Sanitizers take memory of their own, and terabytes of addresses.
bool can_be_measured() {
#ifdef CPAB_SANITIZED
  WARN("skipped: a sanitizer needs more memory than what is tested here");
  return false;
#else
  return true;
#endif
}

/// A line of /proc/PID/status, in MiB.
std::size_t memory_of(pid_t pid, const std::string& name) {
  std::ifstream status("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(name + ":")) return std::stoul(line.substr(name.size() + 1)) >> 10;
  }
  return 0;
}

/// Prints that many bytes of `x`, or of zero.
std::string printing(std::size_t bytes, bool zero = false) {
  return "head -c " + std::to_string(bytes) + " /dev/zero" + (zero ? "" : " | tr '\\0' x");
}

/// A daemon whose timer does not run, with so many pods.
struct Hungry : Setup {
  Hungry(std::int32_t pods, const std::string& metric) {
    cluster.scale_by_hand(shop, pods);
    config["runMode"] = pods > 1 ? "per-pod" : "per-resource";
    config["interval"] = never;
    config["maxReplicas"] = "5000";
    config["metric"] = shell(metric);
  }

  /// Runs a cycle, which there has to be no memory for. Returns what it says.
  static std::string failed_run(Daemon& daemon) {
    const HttpResponse answer = daemon.post("/api/v1/evaluation?explain=true");
    CHECK(answer.status == 503);
    const nlohmann::json record = member(answer.body, "decision");
    REQUIRE(record.at("failure").is_object());
    CHECK(record.at("failure").at("reason") == "memory");
    CHECK(record.at("action") == "failed");
    return record.at("failure").at("message");
  }

  /// Checks that the daemon has kept to its share and gives it back, and that it ends in time.
  void check_is_well(Daemon& daemon, std::int32_t pods) {
    const pid_t pid = daemon.program().pid();
    CAPTURE(memory_of(pid, "VmHWM"));
    CHECK(memory_of(pid, "VmHWM") < container_mib - user_logic_mib);
    CHECK(soon([&] { return memory_of(pid, "RssAnon") < 16; }));
    CHECK(daemon.get("/healthz").status == 200);
    CHECK(replicas() == pods);
    const TimePoint asked = clock.now();
    CHECK(daemon.stop() == 0);
    CHECK(clock.now() - asked < std::chrono::seconds(3));
  }
};

/// The highest address space that the daemon may have, from now on.
void limit_addresses(pid_t pid, std::size_t mib) {
  const rlimit limit{mib << 20, RLIM_INFINITY};
  REQUIRE(::prlimit(pid, RLIMIT_AS, &limit, nullptr) == 0);
}

}  // namespace

TEST_CASE("memory: a cycle of many large metrics fails, and the daemon stays small",
          "[end_to_end]") {
  if (!can_be_measured()) return;
  struct Row {
    std::int32_t pods;
    std::size_t bytes;
    const char* concurrency;
  };
  const auto row = GENERATE(values<Row>({{60, 15'000'000, "1"},
                                         {60, 15'000'000, "16"},
                                         {1000, 1'500'000, "4"},
                                         {20, 5'000'000, "1"}}));
  CAPTURE(row.pods, row.bytes, row.concurrency);
  Hungry setup(row.pods, printing(row.bytes));
  setup.config["metricConcurrency"] = row.concurrency;
  Daemon daemon = setup.start();

  const std::string message = Hungry::failed_run(daemon);

  CHECK_THAT(message,
             Catch::StartsWith("failed to gather metrics: what this cycle keeps in memory"));
  CHECK_THAT(message, Catch::Contains("is more than maxCycleBytes (64.0 MiB); the largest of ") &&
                          Catch::Contains("the metric of pod shop-"));
  setup.check_is_well(daemon, row.pods);
}

TEST_CASE("memory: a metric that grows sixfold as JSON fails its cycle", "[end_to_end]") {
  if (!can_be_measured()) return;
  Hungry setup(1, printing(16u << 20, true));
  Daemon daemon = setup.start();

  CHECK_THAT(Hungry::failed_run(daemon),
             Catch::Contains("96.0 MiB more for the input of evaluate"));
  CHECK(daemon.get("/api/v1/metrics").status == 503);
  setup.check_is_well(daemon, 1);
}

TEST_CASE("memory: dry runs at once share what they take, and the timer has its own",
          "[end_to_end]") {
  if (!can_be_measured()) return;
  Hungry setup(1, printing(16u << 20));
  setup.config["interval"] = "200";
  setup.config["evaluate"] = setup.shell("cat > /dev/null; echo '{\"hold\": true}'");
  Daemon daemon = setup.start();
  const std::uint16_t port = daemon.api_port();
  std::atomic<int> answered{0};
  std::atomic<int> refused{0};
  {
    std::vector<std::jthread> callers;
    for (int i = 0; i < 8; ++i) {
      callers.emplace_back([&] {
        CurlHttpClient client({}, setup.clock);
        HttpRequest request;
        request.method = "POST";
        request.url = "http://127.0.0.1:" + std::to_string(port) +
                      "/api/v1/evaluation?dry_run=true&explain=true";
        request.budget.deadline = setup.clock.now() + patience;
        const int status = client.send(request).status;
        if (status == 200) ++answered;
        if (status == 503) ++refused;
      });
    }
  }

  CHECK(answered + refused == 8);
  CHECK(answered > 0);
  for (const nlohmann::json& record : decisions(daemon)) CHECK(record.at("failure").is_null());
  setup.check_is_well(daemon, 1);
}

TEST_CASE("memory: no memory of the system fails the cycle, and the rest goes on", "[end_to_end]") {
  if (!can_be_measured()) return;
  Hungry setup(1, printing(16u << 20));
  Daemon daemon = setup.start();
  CHECK(daemon.get("/healthz").status == 200);  // with all threads that it takes
  const pid_t pid = daemon.program().pid();
  const std::size_t room_mib = GENERATE(as<std::size_t>(), 2, 12, 20, 28);
  CAPTURE(room_mib);

  limit_addresses(pid, memory_of(pid, "VmSize") + room_mib);
  CHECK_THAT(Hungry::failed_run(daemon), Catch::Contains("the system gives cpab no more memory"));
  CHECK(daemon.get("/api/v1/metrics").status == 503);
  CHECK(daemon.get("/api/v1/decisions/last").status == 200);
  CHECK(daemon.get("/healthz").status == 200);

  limit_addresses(pid, 4096);
  CHECK(daemon.post("/api/v1/evaluation").status == 200);
  CHECK(setup.reaches(3));
  setup.check_is_well(daemon, 3);
}

TEST_CASE("memory: with 300 MB of addresses a metric of 16 MB is no trouble", "[end_to_end]") {
  if (!can_be_measured()) return;
  Hungry setup(1, printing(16'000'000));
  Daemon daemon = setup.start();
  daemon.api_port();
  limit_addresses(daemon.program().pid(), 300);

  CHECK(daemon.post("/api/v1/evaluation").status == 200);
  CHECK(setup.reaches(3));
  setup.check_is_well(daemon, 3);
}
