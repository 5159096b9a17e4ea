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
  ApiFixture api;
  api.cluster.add_deployment();
  api.cluster.access([](ClusterState& state) {
    auto object = state.objects().find(type_of_kind("Deployment"), "default", "web");
    for (std::int32_t i = 0; i < 4100; ++i) {
      auto document = object->document();
      object = state.update(object, document.set("/metadata/labels/x", std::to_string(i)));
    }
  });
  const auto stream = api.get(std::string(deployments) + "?watch=true&resourceVersion=1001").stream;

  const auto event = Json::parse(stream().value());
  CHECK(event.string_at("/type") == "ERROR");
  CHECK(event.integer_at("/object/code") == 410);
  CHECK(events(stream) == Events{"(end)"});
}

TEST_CASE("watch: ends after the time the client gives it", "[simulation]") {
  ApiFixture api;
  const auto stream = api.get(std::string(deployments) + "?watch=true&timeoutSeconds=0").stream;
  CHECK(events(stream) == Events{"(end)"});
}
