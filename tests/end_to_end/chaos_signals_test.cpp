#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <thread>

#include "tests/end_to_end/chaos.h"

// The daemon is told to stop, killed or paused, and somebody starts it again.

using namespace cpab;

namespace {

/// Where in its life a daemon is interrupted.
class Moment {
 public:
  explicit Moment(std::string name) : name_(std::move(name)) {}

  void prepare(Chaos& chaos) const {
    if (name_ == "start delay") {
      chaos.config["startTime"] = "86400000";
    } else if (name_ == "idle") {
      chaos.config["interval"] = never;
    } else if (is_request()) {
      chaos.config["logVerbosity"] = "2";
      chaos.config["kubernetesTimeout"] = "60000";
      chaos.server.faults().add(
          {.method = method(), .path_contains = "/shop", .latency = std::chrono::minutes{1}});
    } else {
      chaos.config[name_] = chaos.shell(chaos.waiting(name_, "echo '{\"targetReplicas\":3}'"));
    }
  }

  bool has_come(const Chaos& chaos, Daemon& daemon) const {
    if (name_ == "start delay") return daemon.logs("milliseconds before starting autoscaler");
    if (name_ == "idle") return daemon.logs("Starting autoscaler");
    if (is_request()) return daemon.logs("Running stage " + stage());
    return chaos.has_begun(name_);
  }

  /// Whether the patch has been made by then.
  bool after_patch() const { return name_ == "postScale"; }

 private:
  bool is_request() const { return name_ == "GET" || name_ == "PATCH"; }
  std::string method() const { return name_; }
  std::string stage() const { return name_ == "GET" ? "target" : "patch"; }

  std::string name_;
};

std::string any_moment() {
  return GENERATE(as<std::string>(), "start delay", "idle", "GET", "preMetric", "metric",
                  "postMetric", "preEvaluate", "evaluate", "postEvaluate", "preScale", "PATCH",
                  "postScale");
}

/// Interrupts a daemon at each moment; the next one has to scale once, unless it had been done.
void check_interrupted(int signal, int exit_code) {
  const std::string name = any_moment();
  CAPTURE(name);
  const Moment moment(name);
  Chaos chaos;
  const auto peaceful = chaos.config;
  moment.prepare(chaos);
  {
    Daemon daemon = chaos.start();
    REQUIRE(moment.has_come(chaos, daemon));
    daemon.program().signal(signal);
    CHECK(daemon.program().wait() == exit_code);
    CHECK(chaos.replicas() == (moment.after_patch() ? 3 : 1));
  }
  chaos.server.faults().clear();
  chaos.config = peaceful;
  Daemon next = chaos.start();

  CHECK(chaos.reaches(3));
  REQUIRE(has_decided(next, 2));
  CHECK(scalings(next).size() == (moment.after_patch() ? 0 : 1));
  CHECK(chaos.changes() == 1);
}

}  // namespace

TEST_CASE("chaos: SIGTERM at every stage, and restart", "[end_to_end][chaos]") {
  check_interrupted(SIGTERM, 0);
}

TEST_CASE("chaos: SIGKILL at every stage, and restart", "[end_to_end][chaos]") {
  check_interrupted(SIGKILL, 128 + SIGKILL);
}

TEST_CASE("chaos: a patch of a killed daemon that arrives late", "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.config["logVerbosity"] = "2";
  chaos.server.faults().add(
      {.method = "PATCH", .requests = 1, .latency = std::chrono::milliseconds{500}});
  {
    Daemon daemon = chaos.start();
    REQUIRE(daemon.logs("Running stage patch"));
    daemon.program().signal(SIGKILL);
    CHECK(daemon.program().wait() == 128 + SIGKILL);
  }
  chaos.wants(5);
  Daemon next = chaos.start();
  REQUIRE(chaos.reaches(5));

  // It finds another count than it was meant for.
  std::this_thread::sleep_for(std::chrono::milliseconds{600});
  CHECK(chaos.replicas() == 5);
  const auto changes = chaos.changes();
  CHECK((changes == 1 || changes == 2));
}

TEST_CASE("chaos: SIGKILL during postScale, and a restart within a scale-up policy",
          "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.wants(8);
  chaos.config["stateFile"] = chaos.folder.file("state");
  chaos.config["behavior"] =
      "{scaleUp: {stabilizationWindowSeconds: 0, policies: [{type: Pods, value: 2, "
      "periodSeconds: 600}]}}";
  const auto peaceful = chaos.config;
  chaos.config["postScale"] = chaos.shell(chaos.waiting("postScale", ":"));
  {
    Daemon daemon = chaos.start();
    REQUIRE(chaos.has_begun("postScale"));
    daemon.program().signal(SIGKILL);
    CHECK(daemon.program().wait() == 128 + SIGKILL);
  }
  REQUIRE(chaos.replicas() == 3);
  chaos.config = peaceful;
  Daemon next = chaos.start();

  REQUIRE(has_decided(next, 3));
  for (const auto& record : decisions(next)) CHECK(record.at("limitedBy") == "scaleUpLimit");
  CHECK(scalings(next).empty());
  CHECK(chaos.replicas() == 3);
}

TEST_CASE("chaos: a second SIGTERM", "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.config["metric"] =
      chaos.shell("trap '' TERM; setsid sleep 300 & " + chaos.waiting("metric", "sleep 300"));
  Daemon daemon = chaos.start();
  REQUIRE(chaos.has_begun("metric"));

  daemon.program().signal(SIGTERM);
  REQUIRE(daemon.logs("Shutting down..."));
  daemon.program().signal(SIGTERM);

  CHECK(daemon.program().wait() == 0);
  CHECK(daemon.program().survivors().empty());
  CHECK(chaos.changes() == 0);
}

TEST_CASE("chaos: paused for a while, it makes up for nothing", "[end_to_end][chaos]") {
  using Steady = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds interval{200};
  Chaos chaos;
  chaos.config["interval"] = "200";
  chaos.config["kubernetesTimeout"] = "10000";
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const std::size_t before = decisions(daemon).size();

  daemon.program().signal(SIGSTOP);
  std::this_thread::sleep_for(10 * interval);
  const Steady::time_point resumed = Steady::now();
  daemon.program().signal(SIGCONT);
  REQUIRE(has_decided(daemon, before + 5));

  // One cycle that was under way, one for all that was missed, and then one per interval.
  const auto records = decisions(daemon);
  const auto intervals = (Steady::now() - resumed) / interval;
  CHECK(records.size() - before <= static_cast<std::size_t>(intervals) + 3);
  for (const auto& record : records) CHECK(record.at("action") != "failed");
  CHECK(chaos.changes() == 1);
}
