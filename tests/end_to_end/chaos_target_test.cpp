#include <catch2/catch.hpp>
#include <future>
#include <set>

#include "tests/end_to_end/chaos.h"

// Somebody else does something to the target, or keeps us from doing it.

using namespace cpab;

namespace {

constexpr const char* with_scale =
    "{scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}";

/// A kind that is not there yet.
std::string definition_of_fleet(const std::string& subresources) {
  return "apiVersion: apiextensions.k8s.io/v1\n"
         "kind: CustomResourceDefinition\n"
         "metadata: {name: fleets.ships.example}\n"
         "spec:\n"
         "  group: ships.example\n"
         "  scope: Namespaced\n"
         "  names: {kind: Fleet, plural: fleets, singular: fleet}\n"
         "  versions:\n"
         "  - name: v1\n"
         "    served: true\n"
         "    storage: true\n"
         "    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: "
         "true}}\n"
         "    subresources: " +
         subresources + "\n";
}

constexpr const char* fleet =
    "{apiVersion: ships.example/v1, kind: Fleet, metadata: {name: books}, spec: {replicas: 1}}";

const Symptom no_such_kind{"target",
                           R"(no matches for kind "Fleet" in version "ships.example/v1")"};

void use_fleet(Chaos& chaos) {
  chaos.shop = {"ships.example/v1", "Fleet", "books", "default"};
  chaos.config["scaleTargetRef"] = "{apiVersion: ships.example/v1, kind: Fleet, name: books}";
}

void add_shop(Chaos& chaos, std::int32_t replicas) {
  WorkloadOptions options;
  options.name = "shop";
  options.replicas = replicas;
  chaos.cluster.add_deployment(options);
}

/// The target is an Index, which is a custom resource.
void use_index(Chaos& chaos) {
  WorkloadOptions options;
  options.kind = "Index";
  options.name = "books";
  chaos.shop = chaos.cluster.add_workload(options);
  chaos.config["scaleTargetRef"] = "{apiVersion: demo.cpab.dev/v1, kind: Index, name: books}";
}

/// A run over the API, which is held up in its metric stage until let_go().
struct HeldRun {
  explicit HeldRun(Chaos& chaos) : setup(chaos), daemon(start()) {
    daemon.api_port();
    answer = std::async(std::launch::async, [this] { return daemon.post("/api/v1/evaluation"); });
    REQUIRE(chaos.has_begun("metric"));
  }

  Daemon start() const {
    setup.config["interval"] = never;
    setup.config["metric"] = setup.shell(setup.waiting("metric", "echo 7"));
    return setup.start();
  }

  /// Lets it end: its decision record.
  nlohmann::json record() {
    setup.let_go("metric");
    answer.get();
    return decisions(daemon).back();
  }

  Chaos& setup;
  Daemon daemon;
  std::future<HttpResponse> answer;
};

void check_refused_patch(int status) {
  const std::string words = "told to answer " + std::to_string(status);
  check_survives({.method = "PATCH", .status = status}, {"patch", words});
}

void check_refused_read(int status) {
  const std::string words = "told to answer " + std::to_string(status);
  check_survives({.method = "GET", .path_contains = "/deployments/", .status = status},
                 {"target", words});
}

/// What the metrics of a record are about.
std::set<std::string> measured(const nlohmann::json& record) {
  std::set<std::string> names;
  for (const auto& metric : record.at("metrics").at("values")) names.insert(metric.at("resource"));
  return names;
}

std::set<std::string> pods_of(Chaos& chaos, const std::string& selector) {
  std::set<std::string> names;
  for (const Resource& pod : chaos.cluster.pods("default", selector, {})) names.insert(pod.name);
  return names;
}

}  // namespace

TEST_CASE("chaos: a target that is deleted and made again", "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.config["downscaleStabilization"] = "300";
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const std::size_t before = decisions(daemon).size();

  chaos.cluster.remove(chaos.shop);
  const Symptom symptom{"target", "deployments.apps \"shop\" not found"};
  REQUIRE(soon([&] { return shows(daemon, before, symptom); }));
  REQUIRE(has_failed(daemon, before, 2));
  CHECK(count_requests(chaos.server, "PATCH", "/scale") == 1);

  // What was recommended for the old one, three, does not hold the new one up.
  chaos.wants(2);
  add_shop(chaos, 1);
  CHECK(chaos.reaches(2));
  REQUIRE(soon([&] { return scalings(daemon).size() == 2; }));
  CHECK(scalings(daemon).back() == "scaled 1 -> 2: evaluation asked for 2");
  CHECK(chaos.changes() == 1);
}

TEST_CASE("chaos: a target that is replaced between two cycles", "[end_to_end][chaos]") {
  Chaos chaos;
  chaos.config["interval"] = never;
  chaos.config["downscaleStabilization"] = "300";
  Daemon daemon = chaos.start();
  REQUIRE(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");

  chaos.cluster.remove(chaos.shop);
  add_shop(chaos, 5);
  chaos.wants(4);

  // The stabilization of the new one begins with its own count, five.
  daemon.post("/api/v1/evaluation");
  CHECK(decisions(daemon).back().at("limitedBy") == "stabilization");
  CHECK(chaos.replicas() == 5);
  CHECK(chaos.changes() == 0);
}

TEST_CASE("chaos: a target that is replaced during a cycle is not scaled by it",
          "[end_to_end][chaos]") {
  Chaos chaos;
  HeldRun run(chaos);

  chaos.cluster.remove(chaos.shop);
  add_shop(chaos, 1);
  const auto record = run.record();

  CHECK(record.at("action") == "failed");
  CHECK(record.at("failure").at("stage") == "patch");
  CHECK_THAT(record.at("message").get<std::string>(),
             Catch::Contains("Deployment shop in namespace default was deleted and made again"));
  CHECK(chaos.replicas() == 1);
  CHECK(chaos.changes() == 0);
  CHECK(run.daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
  CHECK(chaos.replicas() == 3);
}

TEST_CASE("chaos: a target that is deleted during a cycle", "[end_to_end][chaos]") {
  Chaos chaos;
  HeldRun run(chaos);

  chaos.cluster.remove(chaos.shop);
  const auto record = run.record();

  CHECK(record.at("action") == "failed");
  CHECK(record.at("failure").at("stage") == "patch");
  CHECK_THAT(record.at("message").get<std::string>(),
             Catch::Contains("deployments.apps \"shop\" not found"));
}

TEST_CASE("chaos: replicas changed by somebody else during a cycle", "[end_to_end][chaos]") {
  // To what we do not want, to what we want, and to nothing.
  const std::int32_t theirs = GENERATE(8, 3, 0);
  Chaos chaos;
  HeldRun run(chaos);

  chaos.cluster.scale_by_hand(chaos.shop, theirs);
  const auto record = run.record();

  CHECK(record.at("action") == "held");
  CHECK(record.at("limitedBy") == "conflict");
  CHECK(record.at("message") == "wanted 3, keeping " + std::to_string(theirs) +
                                    ": somebody else changed the replicas from 1 to " +
                                    std::to_string(theirs) + " meanwhile");
  CHECK(chaos.replicas() == theirs);
  CHECK(chaos.changes() == 1);

  // The next cycle knows what they did; nothing means: leave it alone.
  run.daemon.post("/api/v1/evaluation");
  CHECK(chaos.replicas() == (theirs == 0 ? 0 : 3));
}

TEST_CASE("chaos: a target that is scaled to nothing and back", "[end_to_end][chaos]") {
  Chaos chaos;
  Daemon daemon = chaos.start();
  chaos.settle(daemon);

  chaos.cluster.scale_by_hand(chaos.shop, 0);
  REQUIRE(soon([&] { return decisions(daemon).back().at("action") == "disabled"; }));
  const std::size_t disabled = decisions(daemon).size();
  REQUIRE(has_decided(daemon, disabled + 2));
  CHECK(chaos.replicas() == 0);
  CHECK(chaos.changes() == 2);

  chaos.cluster.scale_by_hand(chaos.shop, 1);
  CHECK(chaos.reaches(3));
  CHECK(chaos.changes() == 4);
}

TEST_CASE("chaos: a custom resource without spec.replicas is left alone", "[end_to_end][chaos]") {
  Chaos chaos;
  use_index(chaos);
  Daemon daemon = chaos.start();
  chaos.settle(daemon);

  chaos.cluster.merge_patch(chaos.shop, R"({"spec":{"replicas":null}})");
  REQUIRE(soon([&] { return decisions(daemon).back().at("action") == "disabled"; }));
  const std::size_t disabled = decisions(daemon).size();
  REQUIRE(has_decided(daemon, disabled + 2));
  CHECK(chaos.changes() == 2);
  CHECK(count_requests(chaos.server, "PATCH", "/scale") == 1);

  chaos.cluster.merge_patch(chaos.shop, R"({"spec":{"replicas":2}})");
  CHECK(chaos.reaches(3));
}

TEST_CASE("chaos: a selector that changes", "[end_to_end][chaos]") {
  Chaos chaos;
  use_index(chaos);
  WorkloadOptions others;
  others.name = "papers";
  others.replicas = 2;
  chaos.cluster.add_deployment(others);
  chaos.config["runMode"] = "per-pod";
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const auto books = pods_of(chaos, "app=books");
  REQUIRE(books.size() == 3);
  REQUIRE(soon([&] { return measured(decisions(daemon).back()) == books; }));

  chaos.cluster.merge_patch(chaos.shop,
                            R"({"spec":{"selector":{"matchLabels":{"app":"papers"}}}})");

  const auto papers = pods_of(chaos, "app=papers");
  REQUIRE(papers.size() == 2);
  REQUIRE(soon([&] { return measured(decisions(daemon).back()) == papers; }));
  for (const auto& record : decisions(daemon)) {
    CHECK(record.at("action") != "failed");
    CHECK((record.at("action") == "scaled" || measured(record) == books ||
           measured(record) == papers));
  }
  CHECK(chaos.replicas() == 3);
  CHECK(count_requests(chaos.server, "PATCH", "/scale") == 1);
}

TEST_CASE("chaos: 403 for reading", "[end_to_end][chaos]") { check_refused_read(403); }

TEST_CASE("chaos: 404 for reading", "[end_to_end][chaos]") { check_refused_read(404); }

TEST_CASE("chaos: 403 for the patch", "[end_to_end][chaos]") { check_refused_patch(403); }

TEST_CASE("chaos: 404 for the patch", "[end_to_end][chaos]") { check_refused_patch(404); }

TEST_CASE("chaos: 409 for the patch", "[end_to_end][chaos]") { check_refused_patch(409); }

TEST_CASE("chaos: admission refuses the patch", "[end_to_end][chaos]") {
  check_refused_patch(GENERATE(400, 422));
}

TEST_CASE("chaos: a kind that is missing and then installed", "[end_to_end][chaos]") {
  Chaos chaos;
  use_fleet(chaos);
  Daemon daemon = chaos.start();
  REQUIRE(has_failed(daemon, 0, 3));
  CHECK(shows(daemon, 0, no_such_kind));
  CHECK(chaos.server.requests().total() < decisions(daemon).size());  // a miss is believed a while

  chaos.cluster.apply_manifest(definition_of_fleet(with_scale));
  chaos.cluster.apply_manifest(fleet);

  CHECK(chaos.reaches(3));
  CHECK(chaos.changes() == 1);
}

TEST_CASE("chaos: a kind without scale, which then gets one", "[end_to_end][chaos]") {
  Chaos chaos;
  use_fleet(chaos);
  chaos.cluster.apply_manifest(definition_of_fleet("{}"));
  chaos.cluster.apply_manifest(fleet);
  Daemon daemon = chaos.start();
  REQUIRE(has_failed(daemon, 0, 3));
  CHECK(shows(daemon, 0,
              {"scale",
               "kind Fleet of ships.example/v1 has no scale subresource; in a "
               "CustomResourceDefinition it is declared under"}));
  CHECK(chaos.changes() == 0);

  chaos.cluster.apply_manifest(definition_of_fleet(with_scale));

  CHECK(chaos.reaches(3));
  CHECK(chaos.changes() == 1);
}

TEST_CASE("chaos: a kind that is removed and then back", "[end_to_end][chaos]") {
  Chaos chaos;
  use_fleet(chaos);
  chaos.cluster.apply_manifest(definition_of_fleet(with_scale));
  chaos.cluster.apply_manifest(fleet);
  Daemon daemon = chaos.start();
  chaos.settle(daemon);
  const std::size_t before = decisions(daemon).size();

  chaos.cluster.remove(
      {"apiextensions.k8s.io/v1", "CustomResourceDefinition", "fleets.ships.example", ""});
  REQUIRE(soon([&] { return shows(daemon, before, no_such_kind); }));
  chaos.wants(5);
  chaos.cluster.apply_manifest(definition_of_fleet(with_scale));
  chaos.cluster.apply_manifest(fleet);

  CHECK(chaos.reaches(5));
  CHECK(daemon.logs("scaled 1 -> 5: evaluation asked for 5"));
  CHECK(chaos.changes() == 1);
}
