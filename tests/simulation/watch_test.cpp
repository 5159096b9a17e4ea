#include "cpab/simulation/watch.h"

#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

/// `ADDED web Deployment` for each event of the next piece.
std::vector<std::string> events(const BodyStream& stream) {
  std::vector<std::string> result;
  const std::string text = stream().value_or("(end)\n");
  for (std::size_t start = 0; start < text.size();) {
    const auto end = text.find('\n', start);
    const auto line = text.substr(start, end - start);
    start = end + 1;
    if (line.front() != '{') return {line};
    const auto event = Json::parse(line);
    result.push_back(event.string_at("/type") + " " + event.string_at("/object/metadata/name") +
                     " " + event.string_at("/object/kind"));
  }
  return result;
}

using Events = std::vector<std::string>;

}  // namespace

TEST_CASE("watch: first what is there, then each change", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment();
  api.settle();
  const auto stream = api.get(std::string(deployments) + "?watch=true").stream;
  REQUIRE(stream);

  CHECK(events(stream) == Events{"ADDED web Deployment"});
  CHECK(events(stream) == Events{});
  api.cluster.merge_patch(target, R"({"metadata":{"labels":{"x":"y"}}})");
  CHECK(events(stream) == Events{"MODIFIED web Deployment"});
  api.cluster.remove(target);
  CHECK(events(stream) == Events{"DELETED web Deployment"});
}

TEST_CASE("watch: from a version on, and only what is asked for", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.name = "a"});
  api.settle();
  const auto version = api.get_json(deployments).string_at("/metadata/resourceVersion");
  const auto stream =
      api.get(std::string(deployments) + "?watch=1&fieldSelector=metadata.name%3Db" +
              "&resourceVersion=" + version)
          .stream;

  CHECK(events(stream) == Events{});
  api.cluster.add_deployment({.name = "b"});
  api.cluster.add_deployment({.name = "c"});
  CHECK(events(stream).at(0) == "ADDED b Deployment");
}

TEST_CASE("watch: tables for kubectl", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment();
  const auto stream = api.get(std::string(deployments) + "?watch=true",
                              "application/json;as=Table;v=v1;g=meta.k8s.io")
                          .stream;

  const auto event = Json::parse(stream().value());
  CHECK(event.string_at("/object/kind") == "Table");
  CHECK(event.string_at("/object/rows/0/cells/0") == "web");
}

TEST_CASE("watch: a version that is forgotten is an error event, and the end", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock, {.history_length = 3});
  const auto watch_from = [&](const std::string& version) {
    const auto target = std::string(deployments) + "?watch=true&resourceVersion=" + version;
    return serve_api(cluster, ServerRequest{"GET", target, {}, "", {}}).stream;
  };
  cluster.add_deployment();
  const auto begun_in_time = watch_from("1003");
  cluster.add_deployment({.name = "other", .replicas = 5});
  cluster.view({"apps/v1", "Deployment", "other", "default"});

  for (const auto& stream : {watch_from("1003"), begun_in_time}) {
    const auto event = Json::parse(stream().value());
    CHECK(event.string_at("/type") == "ERROR");
    CHECK(event.integer_at("/object/code") == 410);
    CHECK(event.string_at("/object/reason") == "Expired");
    CHECK(event.string_at("/object/message").starts_with("too old resource version: 1003 ("));
    CHECK(events(stream) == Events{"(end)"});
  }
}

TEST_CASE("watch: objects come and go as they begin and cease to match", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment();
  const auto label = [&](const std::string& value) {
    api.cluster.merge_patch(target, R"({"metadata":{"labels":{"tier":)" + value + "}}}");
  };
  const auto stream =
      api.get(std::string(deployments) + "?watch=true&labelSelector=tier%3Dfront").stream;

  CHECK(events(stream) == Events{});
  label(R"("front")");
  CHECK(events(stream) == Events{"ADDED web Deployment"});
  api.cluster.merge_patch(target, R"({"metadata":{"labels":{"x":"y"}}})");
  CHECK(events(stream) == Events{"MODIFIED web Deployment"});
  label("null");
  CHECK(events(stream) == Events{"DELETED web Deployment"});
  api.cluster.remove(target);
  CHECK(events(stream) == Events{});
}

TEST_CASE("watch: bookmarks come from time to time, and at the end", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock, {.watch_bookmark_interval = Duration(0)});
  const auto watch = [&](const std::string& query) {
    const auto target = std::string(deployments) + "?watch=true" + query;
    return serve_api(cluster, ServerRequest{"GET", target, {}, "", {}}).stream;
  };

  const auto bookmark =
      Json::parse(watch("&allowWatchBookmarks=true&resourceVersion=1002")().value());
  CHECK(bookmark.string_at("/type") == "BOOKMARK");
  CHECK(bookmark.at("/object").text() ==
        R"({"kind":"Deployment","apiVersion":"apps/v1","metadata":{"resourceVersion":"1002",)"
        R"("creationTimestamp":null}})");
  CHECK(watch("&resourceVersion=1002")().value().empty());

  const auto ending = watch("&allowWatchBookmarks=true&resourceVersion=1002&timeoutSeconds=0");
  CHECK(Json::parse(ending().value()).string_at("/type") == "BOOKMARK");
  CHECK_FALSE(ending());
}

TEST_CASE("watch: the end of what is there can be marked", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment();
  const std::string query =
      "?watch=true&sendInitialEvents=true&allowWatchBookmarks=true"
      "&resourceVersionMatch=NotOlderThan";
  const auto text = api.get(std::string(deployments) + query).stream().value();

  const auto second = Json::parse(text.substr(text.find('\n') + 1));
  CHECK(second.string_at("/type") == "BOOKMARK");
  CHECK(second.string_at("/object/metadata/annotations/k8s.io~1initial-events-end") == "true");
}

TEST_CASE("watch: ends after the time the client gives it", "[simulation]") {
  ApiFixture api;
  const auto stream = api.get(std::string(deployments) + "?watch=true&timeoutSeconds=0").stream;
  CHECK(events(stream) == Events{"(end)"});
}
