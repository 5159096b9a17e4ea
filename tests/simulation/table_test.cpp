#include "cpab/simulation/table.h"

#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// The columns and the cells of the rows of a Table.
std::vector<std::string> lines(const ServerResponse& response) {
  const auto table = Json::parse(response.body);
  std::vector<std::string> result(1);
  for (const auto& column : table.elements_at("/columnDefinitions")) {
    result[0] += column.string_at("/name") + " ";
  }
  for (const auto& row : table.elements_at("/rows")) result.push_back(row.at("/cells").text());
  return result;
}

constexpr const char* table_accept =
    "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("table: each type has its usual columns", "[simulation]") {
  ApiFixture api;
  for (const char* kind : {"Deployment", "ReplicationController", "StatefulSet", "Index"}) {
    api.cluster.add_workload({.kind = kind, .name = std::string("x"), .replicas = 2});
  }
  api.settle();
  const auto show = [&](const std::string& target) { return lines(api.get(target, table_accept)); };

  CHECK(show(deployments) ==
        Lines{"Name Ready Up-to-date Available Age Selector ", R"(["x","2/2",2,2,"60s","app=x"])"});
  CHECK(show("/api/v1/namespaces/default/replicationcontrollers") ==
        Lines{"Name Desired Current Ready Age Selector ", R"(["x",2,2,2,"60s","app=x"])"});
  CHECK(show("/apis/apps/v1/namespaces/default/statefulsets") ==
        Lines{"Name Ready Age ", R"(["x","2/2","60s"])"});
  CHECK(show("/apis/demo.cpab.dev/v1/namespaces/default/indices") ==
        Lines{"Name Desired Current Ready Age Selector ", R"(["x",2,2,2,"60s","app=x"])"});
  CHECK(show("/api/v1/namespaces") == Lines{"Name Status Age ", R"(["default","Active","60s"])"});
  CHECK(show("/api/v1/namespaces/default/configmaps") == Lines{"Name Data Age "});
  CHECK(show("/api/v1/namespaces/default/pods/x-1") ==
        Lines{"Name Ready Status Restarts Age IP Node ",
              R"(["x-1","1/1","Running",0,"60s",")" +
                  api.get_json("/api/v1/namespaces/default/pods/x-1").string_at("/status/podIP") +
                  R"(",")" +
                  api.get_json("/api/v1/namespaces/default/pods/x-1").string_at("/spec/nodeName") +
                  R"("])"});
}

TEST_CASE("table: the status of a pod is what kubectl users expect", "[simulation]") {
  ApiFixture api;
  api.cluster.add_workload({.kind = "StatefulSet"});
  const auto cells = [&] {
    const auto table =
        Json::parse(api.get("/api/v1/namespaces/default/pods/web-0", table_accept).body);
    return table.string_at("/rows/0/cells/1") + " " + table.string_at("/rows/0/cells/2");
  };

  CHECK(cells() == "0/1 ContainerCreating");
  api.clock.advance(1s);
  CHECK(cells() == "0/1 Running");
  api.clock.advance(1s);
  CHECK(cells() == "1/1 Running");
  api.send("DELETE", "/api/v1/namespaces/default/pods/web-0");
  CHECK(cells() == "1/1 Terminating");
}

TEST_CASE("table: rows carry as much of the object as is asked for", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment();
  const auto row = [&](const std::string& query) {
    return Json::parse(api.get(std::string(deployments) + query, table_accept).body).at("/rows/0");
  };

  CHECK(row("").string_at("/object/kind") == "PartialObjectMetadata");
  CHECK(row("").string_at("/object/metadata/name") == "web");
  CHECK(row("?includeObject=Object").string_at("/object/kind") == "Deployment");
  CHECK_FALSE(row("?includeObject=None").contains("/object"));
}

TEST_CASE("table: ages are short", "[simulation]") {
  struct Row {
    std::chrono::seconds time;
    std::string text;
  };
  const auto row = GENERATE(values<Row>({
      {0s, "0s"},
      {119s, "119s"},
      {120s, "2m"},
      {150s, "2m30s"},
      {11min, "11m"},
      {179min, "179m"},
      {3h, "3h"},
      {3h + 5min, "3h5m"},
      {47h, "47h"},
      {50h, "2d2h"},
      {48h, "2d"},
      {24h * 30, "30d"},
  }));
  CHECK(human_duration(row.time) == row.text);
}
