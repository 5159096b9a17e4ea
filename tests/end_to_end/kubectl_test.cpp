#include <catch2/catch.hpp>

#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

/// Runs the real kubectl against the simulated cluster.
class Kubectl {
 public:
  explicit Kubectl(Setup& setup) : setup_(setup) {}

  bool is_there() {
    try {
      if (run_program({"kubectl", "version", "--client"}, setup_.variables).exit_code == 0)
        return true;
    } catch (const std::runtime_error&) {
    }
    WARN("skipped: there is no kubectl here");
    return false;
  }

  Outcome operator()(std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"kubectl", "--server", setup_.server.url()});
    return run_program(arguments, setup_.variables);
  }

 private:
  Setup& setup_;
};

}  // namespace

TEST_CASE("kubectl: shows what the daemon does", "[end_to_end]") {
  Setup setup;
  Kubectl kubectl(setup);
  if (!kubectl.is_there()) return;
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));

  const Outcome deployment = kubectl({"get", "deployment", "shop", "--no-headers"});
  CHECK(deployment.exit_code == 0);
  CHECK_THAT(deployment.out, Catch::Matches("shop +3/3 +3 +3 +[0-9]+s\n"));
  const Outcome pods = kubectl({"get", "pods", "-l", "app=shop", "-o", "name"});
  CHECK(std::count(pods.out.begin(), pods.out.end(), '\n') == 3);
}

TEST_CASE("kubectl: scaling by hand between cycles is undone by the next", "[end_to_end]") {
  Setup setup;
  Kubectl kubectl(setup);
  if (!kubectl.is_there()) return;
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));

  const Outcome scaled = kubectl({"scale", "deployment/shop", "--replicas=8"});

  CHECK(scaled.out == "deployment.apps/shop scaled\n");
  CHECK(setup.reaches(3));
  CHECK(daemon.logs("scaled 8 -> 3: evaluation asked for 3"));
}

TEST_CASE("kubectl: scaling by hand during a cycle is respected by it", "[end_to_end]") {
  Setup setup;
  Kubectl kubectl(setup);
  if (!kubectl.is_there()) return;
  setup.config["metric"] = setup.shell(setup.waiting("metric", "echo 7"));
  Daemon daemon = setup.start();
  REQUIRE(setup.has_begun("metric"));

  CHECK(kubectl({"scale", "deployment/shop", "--replicas=8"}).exit_code == 0);
  setup.let_go("metric");

  CHECK(daemon.logs("somebody else changed the replicas from 1 to 8 meanwhile"));
  CHECK(decisions(daemon).at(0).at("action") == "held");
  CHECK(setup.reaches(3));
}

TEST_CASE("kubectl: scaling to 0 switches the autoscaler off, and up again on", "[end_to_end]") {
  Setup setup;
  Kubectl kubectl(setup);
  if (!kubectl.is_there()) return;
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));

  CHECK(kubectl({"scale", "deployment/shop", "--replicas=0"}).exit_code == 0);
  REQUIRE(soon([&] { return decisions(daemon).back().at("action") == "disabled"; }));
  CHECK(setup.replicas() == 0);
  CHECK(kubectl({"scale", "deployment/shop", "--replicas=1"}).exit_code == 0);

  CHECK(setup.reaches(3));
}

TEST_CASE("kubectl: describe shows the Events of the daemon", "[end_to_end]") {
  Setup setup;
  Kubectl kubectl(setup);
  if (!kubectl.is_there()) return;
  setup.config["events"] = "true";
  setup.config["evaluate"] = setup.shell(R"(echo '{"targetReplicas":3,"reason":"queue is long"}')");
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));

  Outcome described;
  soon([&] {
    described = kubectl({"describe", "deployment", "shop"});
    return described.out.find("SuccessfulRescale") != std::string::npos;
  });

  CHECK_THAT(described.out,
             Catch::Matches("[^]*Normal +SuccessfulRescale +\\S+ +cpab +New size: 3; reason: "
                            "queue is long\n[^]*"));
}

TEST_CASE("events: forbidden ones are no trouble, and few requests", "[end_to_end]") {
  Setup setup;
  setup.config["events"] = "true";
  setup.config["evaluate"] = setup.shell("exit 1");
  setup.server.faults().add({.method = "POST", .path_contains = "/events", .status = 403});
  Daemon daemon = setup.start();

  REQUIRE(has_decided(daemon, 5));

  CHECK(soon([&] { return count_requests(setup.server, "POST", "/events") == 1; }));
  CHECK(daemon.get("/healthz").status == 200);
  CHECK(daemon.stop() == 0);
  CHECK(count_requests(setup.server, "POST", "/events") == 1);
}
