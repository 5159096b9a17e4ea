#include <catch2/catch.hpp>
#include <future>

#include "cpab/io/file.h"
#include "tests/end_to_end/connections.h"
#include "tests/end_to_end/setup.h"

using namespace cpab;

namespace {

/// Requests since the last call, discovery left out.
RequestLog::Counters take_requests(Setup& setup) {
  RequestLog::Counters result;
  for (const auto& [request, count] : setup.server.requests().counters()) {
    if (request.second.find("/namespaces/") != std::string::npos) result[request] = count;
  }
  setup.server.requests().clear();
  return result;
}

constexpr const char* deployment_path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}";
constexpr const char* scale_path = "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale";
constexpr const char* pods_path = "/api/v1/namespaces/{namespace}/pods";

}  // namespace

TEST_CASE("scaling: per-resource shell scripts take the target to the wanted count and keep it",
          "[end_to_end]") {
  Setup setup;
  setup.config["metric"] = setup.shell("cat");
  // Whole or not at all: the daemon may end while a cycle is under way.
  const std::string input_file = setup.folder.file("evaluate.input");
  setup.config["evaluate"] = setup.shell("cat > " + input_file + ".new; mv " + input_file +
                                         ".new " + input_file + R"(; echo '{"targetReplicas":3}')");
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));
  REQUIRE(has_decided(daemon, 3));

  const auto records = decisions(daemon);
  CHECK(records[0].at("message") == "scaled 1 -> 3: evaluation asked for 3");
  CHECK(records[1].at("action") == "unchanged");
  CHECK(daemon.stop() == 0);
  CHECK(setup.replicas() == 3);

  const std::string input = read_file(input_file);
  CHECK(member(input, "runType") == "scaler");
  CHECK(member(input, "resource").at("kind") == "Deployment");
  CHECK(member(member(input, "metrics").at(0).at("value"), "resource").at("metadata").at("name") ==
        "shop");
}

TEST_CASE("scaling: per-pod scripts get each pod of the target in the order of the pod list",
          "[end_to_end]") {
  Setup setup;
  WorkloadOptions other;
  other.name = "other";
  setup.cluster.add_deployment(other);
  setup.cluster.scale_by_hand(setup.shop, 2);
  setup.config["runMode"] = "per-pod";
  setup.config["interval"] = never;
  setup.config["metric"] = setup.shell(R"sh(sed 's/.*"podIP":"\([^"]*\)".*/\1/')sh");
  setup.config["evaluate"] = setup.shell("cat > " + setup.folder.file("evaluate.input") +
                                         R"(; echo '{"targetReplicas":3}')");
  Daemon daemon = setup.start();

  const HttpResponse answer = daemon.get("/api/v1/metrics");

  REQUIRE(answer.status == 200);
  const auto metrics = nlohmann::json::parse(answer.body);
  const auto pods = setup.cluster.pods("default", "app=shop", {});
  REQUIRE(pods.size() == 2);
  REQUIRE(metrics.size() == 2);
  for (std::size_t i = 0; i < pods.size(); ++i) {
    CHECK(metrics[i].at("resource") == pods[i].name);
    const auto status = member(pods[i].json, "status");
    CHECK(metrics[i].at("value") == status.at("podIP"));
  }
  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
  CHECK(setup.replicas() == 3);
  CHECK(member(read_file(setup.folder.file("evaluate.input")), "metrics") == metrics);
}

TEST_CASE("scaling: http methods are called as shell methods are", "[end_to_end]") {
  Setup setup;
  std::promise<std::string> metric_input;
  const auto service =
      start_http_server({}, [&, first = true](const ServerRequest& request) mutable {
        ServerResponse response;
        if (request.path() == "/metric" && std::exchange(first, false)) {
          metric_input.set_value(request.body);
        }
        response.body =
            request.path() == "/metric" ? "9" : R"({"targetReplicas":4,"reason":"busy"})";
        return response;
      });
  const std::string url = "http://127.0.0.1:" + std::to_string(service->port());
  setup.config["metric"] = Setup::http(url + "/metric");
  setup.config["evaluate"] = Setup::http(url + "/evaluate");
  Daemon daemon = setup.start();

  CHECK(setup.reaches(4));

  CHECK(member(metric_input.get_future().get(), "runType") == "scaler");
  REQUIRE(has_decided(daemon, 1));
  CHECK(decisions(daemon)[0].at("message") == "scaled 1 -> 4: evaluation asked for 4 (busy)");
}

TEST_CASE("scaling: a cycle costs two requests, three when it scales, and one for the pods",
          "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  const bool per_pod = GENERATE(false, true);
  if (per_pod) setup.config["runMode"] = "per-pod";
  const auto earlier = connections_to(setup.server.port());
  Daemon daemon = setup.start();
  RequestLog::Counters steady = {{{"GET", deployment_path}, 1}, {{"GET", scale_path}, 1}};
  if (per_pod) steady[{"GET", pods_path}] = 1;
  RequestLog::Counters scaling = steady;
  scaling[{"PATCH", scale_path}] = 1;

  REQUIRE(daemon.post("/api/v1/evaluation").status == 200);
  CHECK(take_requests(setup) == scaling);
  for (int cycle = 0; cycle < 3; ++cycle) {
    REQUIRE(daemon.post("/api/v1/evaluation").status == 200);
    CHECK(setup.server.requests().total() == steady.size());  // no discovery any more
    CHECK(take_requests(setup) == steady);
  }

  CHECK(connections_to(setup.server.port()).size() == earlier.size() + 1);
}

TEST_CASE("scaling: timer cycles ask no more than their two requests, on one connection",
          "[end_to_end]") {
  Setup setup;
  const auto earlier = connections_to(setup.server.port());
  Daemon daemon = setup.start();

  REQUIRE(has_decided(daemon, 8));
  CHECK(connections_to(setup.server.port()).size() == earlier.size() + 1);
  CHECK(daemon.stop() == 0);

  const auto requests = take_requests(setup);
  const std::size_t cycles = requests.at({"GET", deployment_path});
  CHECK(cycles >= 8);
  CHECK(cycles - requests.at({"GET", scale_path}) <= 1);  // the last one may have been cut short
  CHECK(requests.at({"PATCH", scale_path}) == 1);
  CHECK(requests.size() == 3);
}

TEST_CASE("scaling: the patch depends on the count that was read", "[end_to_end][contract-60]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["metric"] = setup.shell(setup.waiting("metric", "echo 7"));
  Daemon daemon = setup.start();
  const std::uint16_t port = daemon.api_port();
  REQUIRE(port != 0);
  auto answer = std::async(std::launch::async, [&] { return daemon.post("/api/v1/evaluation"); });
  REQUIRE(setup.has_begun("metric"));

  setup.cluster.scale_by_hand(setup.shop, 5);
  setup.let_go("metric");

  CHECK(answer.get().body == R"({"targetReplicas":5})");
  CHECK(setup.replicas() == 5);
  const auto record = decisions(daemon).at(0);
  CHECK(record.at("action") == "held");
  CHECK(record.at("limitedBy") == "conflict");
  CHECK(record.at("message") ==
        "wanted 3, keeping 5: somebody else changed the replicas from 1 to 5 meanwhile");
  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
  CHECK(setup.replicas() == 3);
}

TEST_CASE("scaling: an answer that is no plain replica count never scales",
          "[end_to_end][contract-48]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["evaluate"] = setup.shell("cat " + setup.folder.file("answer"));
  Daemon daemon = setup.start();

  for (const std::string answer :
       {"", "7", "{}", "null", "no idea", R"({"targetReplicas":-1})", R"({"targetReplicas":2.5})",
        R"({"targetReplicas":null})", R"({"targetReplicas":"7"})",
        R"({"targetReplicas":2147483648})", R"({"targetReplicas":7} and more)",
        R"({"targetReplicas":7,"targetReplicas":8})", "\xef\xbb\xbf{\"targetReplicas\":7}",
        R"({"targetReplicas":7)", R"([{"targetReplicas":7}])"}) {
    INFO("answer: " << answer);
    setup.folder.write("answer", answer);
    const HttpResponse response = daemon.post("/api/v1/evaluation");
    CHECK(response.status == 500);
    CHECK_THAT(member(response.body, "message").get<std::string>(),
               Catch::StartsWith("failed to parse JSON evaluation, got '" +
                                 (answer[0] == '\xef' ? std::string() : answer)));
  }
  CHECK(setup.replicas() == 1);
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 0);

  setup.folder.write("answer", "\n { \"TargetReplicas\": 3.0, \"other\": [] }\n");
  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
  setup.folder.write("answer", R"({"hold":true})");
  CHECK(daemon.post("/api/v1/evaluation").body == R"({"targetReplicas":3})");
  CHECK(setup.replicas() == 3);
}

TEST_CASE("scaling: every kind with a scale subresource is scaled, whatever its plural",
          "[end_to_end][contract-56][contract-62]") {
  const auto [api_version, kind, written, plural] =
      GENERATE(table<std::string, std::string, std::string, std::string>(
          {{"apps/v1", "StatefulSet", "StatefulSet", "statefulsets"},
           {"v1", "ReplicationController", "replicationcontroller", "replicationcontrollers"},
           {"demo.cpab.dev/v1", "Index", "Index", "indices"}}));
  Setup setup;
  WorkloadOptions options;
  options.kind = kind;
  options.name = "books";
  setup.shop = setup.cluster.add_workload(options);
  setup.config["scaleTargetRef"] =
      "{apiVersion: " + api_version + ", kind: " + written + ", name: books}";
  setup.config["runMode"] = "per-pod";
  Daemon daemon = setup.start();

  CHECK(setup.reaches(3));

  CHECK(count_requests(setup.server, "PATCH", "/" + plural + "/books/scale") == 1);
}

TEST_CASE("scaling: a scale without selector never means every pod of the namespace",
          "[end_to_end]") {
  Setup setup;
  WorkloadOptions options;
  options.kind = "Index";
  options.name = "books";
  options.publishes_selector = false;
  setup.cluster.add_workload(options);
  setup.config["scaleTargetRef"] = "{apiVersion: demo.cpab.dev/v1, kind: Index, name: books}";
  setup.config["interval"] = never;
  setup.config["runMode"] = "per-pod";
  Daemon daemon = setup.start();

  const HttpResponse answer = daemon.get("/api/v1/metrics");

  CHECK(answer.status == 500);
  CHECK_THAT(member(answer.body, "message").get<std::string>(), Catch::Contains("selector"));
  CHECK(setup.server.requests().counters().count({"GET", pods_path}) == 0);
}

TEST_CASE("scaling: a target that is deleted and made again is scaled again", "[end_to_end]") {
  Setup setup;
  Daemon daemon = setup.start();
  REQUIRE(setup.reaches(3));

  setup.cluster.remove(setup.shop);
  REQUIRE(
      daemon.logs("Error while autoscaling: failed to get managed resource: deployments.apps "
                  "\"shop\" not found"));
  WorkloadOptions again;
  again.name = "shop";
  setup.cluster.add_deployment(again);

  CHECK(setup.reaches(3));
}

TEST_CASE("scaling: with a stabilization window the first cycle does not scale down",
          "[end_to_end]") {
  Setup setup;
  setup.cluster.scale_by_hand(setup.shop, 7);
  setup.config["downscaleStabilization"] = "300";
  Daemon daemon = setup.start();

  REQUIRE(has_decided(daemon, 2));

  CHECK(setup.replicas() == 7);
  CHECK_THAT(decisions(daemon)[0].at("message").get<std::string>(),
             Catch::StartsWith("wanted 3, keeping 7: scale-down stabilization holds 7 until "));
}

TEST_CASE("scaling: metrics of the cluster reach the metric method", "[end_to_end]") {
  Setup setup;
  setup.config["interval"] = never;
  setup.config["metric"] = setup.shell("cat");
  setup.config["kubernetesMetricSpecs"] =
      "[{type: Resource, resource: {name: memory, target: {type: AverageValue, averageValue: 1}}}]";
  setup.config["requireKubernetesMetrics"] = "true";
  Daemon daemon = setup.start();

  const HttpResponse answer = daemon.get("/api/v1/metrics");

  REQUIRE(answer.status == 200);
  const auto value = nlohmann::json::parse(answer.body).at(0).at("value").get<std::string>();
  CHECK(member(value, "kubernetesMetrics").at(0).at("spec").at("resource").at("name") == "memory");
  CHECK(member(value, "kubernetesMetrics").at(0).at("current_replicas") == 1);
}

TEST_CASE("scaling: in shadow mode somebody else scales, and nothing is patched", "[end_to_end]") {
  Setup setup;
  setup.config["metric"] = setup.shell("cat");
  setup.config["evaluate"] = setup.shell(R"(echo '{"targetReplicas":3}')");
  setup.variables["CPAB_MODE"] = "shadow";
  Daemon daemon = setup.start();
  REQUIRE(has_decided(daemon, 2));
  setup.cluster.scale_by_hand(setup.shop, 5);
  REQUIRE(has_decided(daemon, 5));

  CHECK(decisions(daemon)[0].at("message") == "shadow: would scale 1 -> 3: evaluation asked for 3");
  const auto last = decisions(daemon).back();
  CHECK(last.at("message") == "shadow: would scale 5 -> 3: evaluation asked for 3");
  CHECK(last.at("action") == "shadow");
  CHECK(setup.replicas() == 5);
  CHECK(count_requests(setup.server, "PATCH", "/scale") == 0);

  CHECK(daemon.call("PUT", "/api/v1/mode", R"({"mode":"active"})").status == 200);
  CHECK(setup.reaches(3));
}
