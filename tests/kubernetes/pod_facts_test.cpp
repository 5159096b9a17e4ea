#include "cpab/kubernetes/pod_facts.h"

#include <catch2/catch.hpp>

#include "cpab/kubernetes/cluster.h"

namespace cpab {
namespace {

TEST_CASE("parse_pod: reads what the metrics need", "[kubernetes]") {
  const PodFacts pod = parse_pod(R"({"metadata":{"name":"a","deletionTimestamp":null},"spec":{
    "initContainers":[{"name":"init","resources":{"requests":{"cpu":1}}},
                      {"name":"mesh","restartPolicy":"Always"}],
    "resources":{"requests":{"cpu":"1"},"limits":{"cpu":"2"}},"overhead":{"memory":"1k"},
    "containers":[{"name":"main","resources":{"requests":{"cpu":"200m","memory":"1Mi"}}},
                  {"name":"side","resources":{}},{"name":"bare"}]},
    "status":{"phase":"Running","startTime":"2024-01-01T00:00:00Z","conditions":[
      {"type":"PodScheduled","status":"True"},
      {"type":"Ready","status":"False","lastTransitionTime":"2024-01-01T00:00:05Z"}]}})");

  const auto start = parse_instant("2024-01-01T00:00:00Z");
  const auto change = parse_instant("2024-01-01T00:00:05Z");
  const PodFacts expected{
      "a",
      "Running",
      false,
      start,
      ReadyCondition{"False", *change},
      {{"main", {{"cpu", 200}, {"memory", 1'048'576'000}}}, {"side", {}}, {"bare", {}}},
      {{{"init", {{"cpu", 1000}}}, false}, {{"mesh", {}}, true}},
      {{"cpu", 1000}},
      {{"memory", 1'000'000}}};
  CHECK(pod == expected);
}

TEST_CASE("parse_pod: everything may be absent", "[kubernetes]") {
  CHECK(parse_pod("{}") == PodFacts{});
  CHECK(parse_pod(R"({"metadata":{},"spec":null,"status":{"conditions":null}})") == PodFacts{});
  CHECK(parse_pod(R"({"metadata":{"deletionTimestamp":"2024-01-01T00:00:00Z"}})").deleted);
  CHECK(parse_pod(R"({"status":{"conditions":[{"type":"Ready","status":"True"}]}})").ready ==
        ReadyCondition{"True", Instant()});
}

TEST_CASE("parse_pod: wrong types are errors", "[kubernetes]") {
  for (const char* json :
       {"[]", R"({"metadata":5})", R"({"metadata":{"name":5}})", R"({"spec":{"containers":{}}})",
        R"({"spec":{"containers":[5]}})", R"({"spec":{"initContainers":[5]}})",
        R"({"spec":{"overhead":[]}})", R"({"spec":{"resources":{"requests":{"cpu":"x"}}}})",
        R"({"status":{"startTime":"yesterday"}})", R"({"status":{"phase":[]}})",
        R"({"status":{"conditions":["Ready"]}})",
        R"({"spec":{"containers":[{"resources":{"requests":{"cpu":"lots"}}}]}})"}) {
    CAPTURE(json);
    CHECK_THROWS_AS(parse_pod(json), KubernetesError);
  }
}

}  // namespace
}  // namespace cpab
