#include "cpab/simulation/simulated_api_server.h"

#include <catch2/catch.hpp>
#include <chrono>

#include "cpab/io/manual_clock.h"
#include "tests/fakes/raw_http_client.h"
#include "tests/simulation/api_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

struct ServedCluster {
  explicit ServedCluster(const SimulatedApiServerOptions& options = {}) : server(cluster, options) {
    cluster.add_deployment();
  }

  std::string send(const std::string& method, const std::string& target,
                   const std::string& headers = "", const std::string& body = "") {
    RawHttpClient client(server.port());
    client.send(method + " " + target + " HTTP/1.1\r\nHost: x\r\nContent-Length: " +
                std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body);
    return client.read_answer();
  }
  std::string get(const std::string& target, const std::string& headers = "") {
    return send("GET", target, headers);
  }

  ManualClock clock;
  SimulatedCluster cluster{clock};
  SimulatedApiServer server;
};

std::string status_line(const std::string& answer) { return answer.substr(0, answer.find('\r')); }

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

}  // namespace

TEST_CASE("simulated api server: objects are served as JSON", "[simulation]") {
  ServedCluster served;

  const auto answer = served.get(web);

  CHECK(status_line(answer) == "HTTP/1.1 200 OK");
  CHECK(answer.find("\r\nContent-Type: application/json\r\n") != answer.npos);
  CHECK(Json::parse(body_of(answer)).string_at("/metadata/name") == "web");
  CHECK(served.server.url() == "http://127.0.0.1:" + std::to_string(served.server.port()));
}

TEST_CASE("simulated api server: the token is asked for, and may change", "[simulation]") {
  ServedCluster served({.token = "secret"});
  const std::string unauthorized =
      R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
      R"("message":"Unauthorized","reason":"Unauthorized","details":{},"code":401})"
      "\n";

  CHECK(body_of(served.get(web)) == unauthorized);
  CHECK(body_of(served.get(web, "Authorization: Bearer wrong\r\n")) == unauthorized);
  CHECK(status_line(served.get(web, "Authorization: Bearer secret\r\n")) == "HTTP/1.1 200 OK");

  served.server.set_token("other");
  CHECK(status_line(served.get(web, "Authorization: Bearer secret\r\n")) ==
        "HTTP/1.1 401 Unauthorized");
  CHECK(status_line(served.get(web, "Authorization: Bearer other\r\n")) == "HTTP/1.1 200 OK");
  CHECK(status_line(served.get("/simulation/load")) == "HTTP/1.1 200 OK");
}

TEST_CASE("simulated api server: faults spoil answers", "[simulation]") {
  ServedCluster served;
  auto& faults = served.server.faults();
  const auto whole = body_of(served.get(web));

  faults.add({.requests = 1, .status = 429, .retry_after_seconds = 7});
  const auto refused = served.get(web);
  CHECK(status_line(refused) == "HTTP/1.1 429 Too Many Requests");
  CHECK(refused.find("\r\nRetry-After: 7\r\n") != refused.npos);
  CHECK(Json::parse(body_of(refused)).string_at("/reason") == "TooManyRequests");

  faults.add({.requests = 1, .drop = true});
  CHECK(served.get(web) == "");

  faults.add({.requests = 1, .truncate_after = 20});
  CHECK(body_of(served.get(web)) == whole.substr(0, 20));

  faults.add({.requests = 1, .garbage = true});
  CHECK_THROWS_AS(Json::parse(body_of(served.get(web))), JsonError);

  faults.add({.requests = 1, .latency = 50ms});
  const auto start = std::chrono::steady_clock::now();
  CHECK(body_of(served.get(web)) == whole);
  CHECK(std::chrono::steady_clock::now() - start >= 50ms);
}

TEST_CASE("simulated api server: a request may take effect though its answer is lost",
          "[simulation]") {
  ServedCluster served;
  const ScaleTarget target{"apps/v1", "Deployment", "web", "default"};
  const auto patch = [&] {
    return served.send("PATCH", web_scale, "Content-Type: application/merge-patch+json\r\n",
                       R"({"spec":{"replicas":4}})");
  };

  served.server.faults().add({.method = "PATCH", .requests = 1, .drop = true});
  CHECK(patch() == "");
  CHECK(served.cluster.view(target).wanted == 1);
  served.server.faults().add(
      {.method = "PATCH", .requests = 1, .status = 500, .takes_effect = true});
  CHECK(status_line(patch()) == "HTTP/1.1 500 Internal Server Error");
  CHECK(served.cluster.view(target).wanted == 4);
}

TEST_CASE("simulated api server: it knows who asked what", "[simulation]") {
  ServedCluster served;
  served.get(web);
  served.get(std::string(web) + "?x=y");
  served.get("/api/v1/namespaces/default/pods/nope");
  served.get("/simulation/load");

  auto& requests = served.server.requests();
  CHECK(requests.total() == 3);
  CHECK(
      requests.counters() ==
      RequestLog::Counters{{{"GET", "/apis/apps/v1/namespaces/{namespace}/deployments/{name}"}, 2},
                           {{"GET", "/api/v1/namespaces/{namespace}/pods/{name}"}, 1}});
  CHECK(requests.requests().at(2) == LoggedRequest{"GET", "/api/v1/namespaces/default/pods/nope",
                                                   "/api/v1/namespaces/{namespace}/pods/{name}",
                                                   404});
  requests.clear();
  CHECK(requests.total() == 0);
}

TEST_CASE("simulated api server: a watch is told of changes as they happen", "[simulation]") {
  ServedCluster served;
  RawHttpClient client(served.server.port());
  client.send("GET " + std::string(deployments) + "?watch=true HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(client.wait_for(R"({"type":"ADDED")"));

  served.cluster.scale_by_hand({"apps/v1", "Deployment", "web", "default"}, 7);

  CHECK(client.wait_for(R"("spec":{"replicas":7)"));
}

TEST_CASE("simulated api server: a long list arrives whole", "[simulation]") {
  ServedCluster served;
  served.cluster.add_deployment({.name = "big", .replicas = 500});

  const auto list = body_of(served.get("/api/v1/namespaces/default/pods?labelSelector=app%3Dbig"));

  CHECK(Json::parse(list).elements_at("/items").size() == 500);
}

TEST_CASE("simulated api server: a kubeconfig leads to it", "[simulation]") {
  ServedCluster served({.token = "secret"});

  CHECK(served.server.kubeconfig("demo") ==
        "apiVersion: v1\n"
        "kind: Config\n"
        "current-context: simulation\n"
        "contexts: [{name: simulation, context: {cluster: simulation, user: simulation, "
        "namespace: demo}}]\n"
        "clusters: [{name: simulation, cluster: {server: \"" +
            served.server.url() +
            "\"}}]\n"
            "users: [{name: simulation, user: {token: \"secret\"}}]\n");
}

TEST_CASE("simulated api server: another one can take over the cluster and the port",
          "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock);
  cluster.add_deployment();
  auto server = std::make_unique<SimulatedApiServer>(cluster);
  const auto port = server->port();
  const auto status = [&] {
    RawHttpClient client(port);
    client.send("GET " + std::string(web) + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return status_line(client.read_answer());
  };
  CHECK(status() == "HTTP/1.1 200 OK");

  server.reset();
  CHECK_THROWS(status());
  server = std::make_unique<SimulatedApiServer>(cluster, SimulatedApiServerOptions{.port = port});

  CHECK(status() == "HTTP/1.1 200 OK");
}
