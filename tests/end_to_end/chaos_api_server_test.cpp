#include <algorithm>
#include <catch2/catch.hpp>
#include <thread>

#include "tests/end_to_end/chaos.h"

// The API server misbehaves, and then it does not any more.

using namespace cpab;

namespace {

/// The API server is down, as far as the network shows it.
void check_outage(const Symptom& symptom, void (TcpProxy::*begin)()) {
  Chaos chaos;
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  check_survives(
      chaos, daemon, symptom, [&] { (chaos.proxy.*begin)(); }, [&] { chaos.proxy.heal(); });
}

std::size_t count_lines(const Daemon& daemon, const std::string& text) {
  const auto lines = daemon.log_lines();
  return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const auto& line) {
    return line.find(text) != std::string::npos;
  }));
}

/// Lets one cycle scale to five while this happens to its patch, and another one follow.
std::vector<nlohmann::json> records_of_lost_patch(Chaos& chaos, Fault fault) {
  chaos.config["interval"] = never;
  Daemon daemon = chaos.start();
  REQUIRE(daemon.post("/api/v1/evaluation").status == 200);
  chaos.wants(5);
  fault.method = "PATCH";
  fault.requests = 1;
  chaos.server.faults().add(fault);

  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":5})");
  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":5})");
  CHECK(chaos.replicas() == 5);
  CHECK(chaos.changes() == 2);
  return decisions(daemon);
}

void check_lost_patch(const Fault& fault) {
  Chaos chaos;
  const auto records = records_of_lost_patch(chaos, fault);
  REQUIRE(records.size() == 3);
  CHECK(records[1].at("action") == "scaled");
  CHECK(records[1].at("message") == "scaled 3 -> 5: evaluation asked for 5");
  CHECK(records[2].at("action") == "unchanged");
}

}  // namespace

TEST_CASE("chaos: an API server slower than the deadline", "[end_to_end][chaos]") {
  check_survives({.latency = std::chrono::minutes{1}}, {"target", "context deadline exceeded"});
}

TEST_CASE("chaos: an API server that is slow but in time", "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.config["kubernetesTimeout"] = "10000";
  chaos.server.faults().add({.latency = std::chrono::milliseconds{150}});
  Daemon daemon = chaos.start();

  CHECK(chaos.reaches(3));
  REQUIRE(has_decided(daemon, 2));
  CHECK_FALSE(shows(daemon, 0, {"target", ""}));
  CHECK(chaos.changes() == 1);
}

TEST_CASE("chaos: 429 with Retry-After", "[end_to_end][chaos]") {
  Chaos chaos;
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const std::size_t before = decisions(daemon).size();
  chaos.server.requests().clear();
  chaos.server.faults().add({.status = 429, .retry_after_seconds = 2});
  REQUIRE(soon([&] { return shows(daemon, before, {"target", "told to answer 429"}); }));
  chaos.wants(5);

  // Until then it is not asked again, and cycles say so.
  const Symptom left_alone{"target", "the API server has asked to be left alone for another "};
  REQUIRE(soon([&] { return shows(daemon, before, left_alone); }));
  REQUIRE(has_failed(daemon, before, 8));
  CHECK(chaos.server.requests().total() < decisions(daemon).size() - before);
  CHECK(chaos.changes() == 1);
  chaos.server.faults().clear();

  CHECK(chaos.reaches(5));
  CHECK(chaos.changes() == 2);
}

TEST_CASE("chaos: 429 without Retry-After", "[end_to_end][chaos]") {
  check_survives({.status = 429}, {"target", "told to answer 429"});
}

TEST_CASE("chaos: 500", "[end_to_end][chaos]") {
  check_survives({.status = 500}, {"target", "told to answer 500"});
}

TEST_CASE("chaos: 502", "[end_to_end][chaos]") {
  check_survives({.status = 502}, {"target", "told to answer 502"});
}

TEST_CASE("chaos: 503", "[end_to_end][chaos]") {
  check_survives({.status = 503}, {"target", "told to answer 503"});
}

TEST_CASE("chaos: 504", "[end_to_end][chaos]") {
  check_survives({.status = 504}, {"target", "told to answer 504"});
}

TEST_CASE("chaos: only the scale cannot be read", "[end_to_end][chaos]") {
  check_survives({.method = "GET", .path_contains = "/scale", .status = 500},
                 {"scale", "told to answer 500"});
}

TEST_CASE("chaos: only the patch fails", "[end_to_end][chaos]") {
  check_survives({.method = "PATCH", .status = 500}, {"patch", "told to answer 500"});
}

TEST_CASE("chaos: an answer that is cut mid-way", "[end_to_end][chaos]") {
  check_survives({.method = "GET", .truncate_after = 40}, {"target", "unexpected EOF"});
}

TEST_CASE("chaos: a scale that is cut mid-way", "[end_to_end][chaos]") {
  check_survives({.method = "GET", .path_contains = "/scale", .truncate_after = 40},
                 {"scale", "unexpected EOF"});
}

TEST_CASE("chaos: garbage", "[end_to_end][chaos]") {
  check_survives({.garbage = true}, {"target", "the answer is not JSON"});
}

TEST_CASE("chaos: a scale that is garbage", "[end_to_end][chaos]") {
  check_survives({.method = "GET", .path_contains = "/scale", .garbage = true},
                 {"scale", "the answer is not JSON"});
}

TEST_CASE("chaos: connections that close without an answer", "[end_to_end][chaos]") {
  check_survives({.drop = true}, {"target", "EOF"});
}

TEST_CASE("chaos: pods that cannot be listed", "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.config["runMode"] = "per-pod";
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  check_survives(
      chaos, daemon, {"pods", "told to answer 500"},
      [&] { chaos.server.faults().add({.path_contains = "/pods", .status = 500}); },
      [&] { chaos.server.faults().clear(); });
}

TEST_CASE("chaos: an API server that refuses connections, and is back", "[end_to_end][chaos]") {
  check_outage({"target", "connection refused"}, &TcpProxy::refuse);
}

TEST_CASE("chaos: an API server that swallows everything, and is back", "[end_to_end][chaos]") {
  check_outage({"target", "context deadline exceeded"}, &TcpProxy::swallow);
}

TEST_CASE("chaos: an API server that is away for half a minute", "[end_to_end][chaos][slow]") {
  Chaos chaos;
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  check_survives(
      chaos, daemon, {"target", "connection refused"},
      [&] {
        chaos.proxy.refuse();
        std::this_thread::sleep_for(std::chrono::seconds{30});
      },
      [&] { chaos.proxy.heal(); });

  // Patient: a cycle tries again for as long as its call may take, with growing pauses.
  const std::size_t failures = count_lines(daemon, "Error while autoscaling");
  CHECK(failures >= 2);
  CHECK(failures <= 310);  // one per interval at the very most
  // Once for each request: the outage may have begun between this one and the next of its cycle.
  const std::string request =
      ": Get \"" + chaos.proxied_url() + "/apis/apps/v1/namespaces/default/deployments/shop\"";
  CHECK(count_lines(daemon, "The API server has trouble, trying again" + request) == 1);
  CHECK(count_lines(daemon, "The API server answers again" + request) == 1);
}

TEST_CASE("chaos: a connection that is half open is replaced within the cycle",
          "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.config["interval"] = never;
  Daemon daemon = chaos.start();
  REQUIRE(daemon.post("/api/v1/evaluation").status == 200);
  chaos.wants(5);
  chaos.server.requests().clear();

  chaos.proxy.freeze();

  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":5})");
  CHECK(chaos.replicas() == 5);
  CHECK(chaos.server.requests().total() == 3);  // two reads and the patch, each heard once
  CHECK(daemon.log().find(" ERROR ") == std::string::npos);
}

TEST_CASE("chaos: a patch whose answer is lost with its connection", "[end_to_end][chaos]") {
  check_lost_patch({.drop = true, .takes_effect = true});
}

TEST_CASE("chaos: a patch whose answer is cut mid-way", "[end_to_end][chaos]") {
  check_lost_patch({.truncate_after = 20});
}

TEST_CASE("chaos: a patch that takes effect and is answered with 500", "[end_to_end][chaos]") {
  check_lost_patch({.status = 500, .takes_effect = true});
}

TEST_CASE("chaos: a patch whose answer is garbage", "[end_to_end][chaos]") {
  check_lost_patch({.garbage = true, .takes_effect = true});
}

TEST_CASE("chaos: a patch whose answers are all lost is not made twice", "[end_to_end][chaos]") {
  Chaos chaos;
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const std::size_t before = decisions(daemon).size();
  chaos.server.faults().add({.method = "PATCH", .drop = true, .takes_effect = true});
  chaos.wants(5);

  REQUIRE(soon([&] { return shows(daemon, before, {"patch", "EOF"}); }));

  REQUIRE(soon([&] { return decisions(daemon).back().at("action") == "unchanged"; }));
  CHECK(decisions(daemon).back().at("currentReplicas") == 5);
  CHECK(chaos.replicas() == 5);
  CHECK(chaos.changes() == 2);
}
