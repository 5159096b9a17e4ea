#include "cpab/simulation/json_path.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("json path: the paths of printer columns", "[simulation]") {
  const auto document = Json::parse(R"({
      "spec": {"replicas": 3, "a.b": "dot", "list": [{"n": 1}, {"n": 2}]},
      "status": {"conditions": [{"type": "A", "status": "x"}, {"type": "Ready", "status": "y"}]}})");
  const auto found = [&](const char* path) {
    std::string text;
    for (const auto& value : find_path(document, path)) text += value.text() + " ";
    return text;
  };

  CHECK(found(".spec.replicas") == "3 ");
  CHECK(found(".spec['a.b']") == "\"dot\" ");
  CHECK(found(".spec.a\\.b") == "\"dot\" ");
  CHECK(found(".spec.list[1].n") == "2 ");
  CHECK(found(".spec.list[-1].n") == "2 ");
  CHECK(found(".spec.list[*].n") == "1 2 ");
  CHECK(found(R"(.status.conditions[?(@.type=="Ready")].status)") == "\"y\" ");
  CHECK(found(R"(.status.conditions[?(@.type=='B')].status)") == "");
  for (const char* nowhere : {"", "spec", ".nope.deeper", ".spec.list[7]", ".spec.list[x]",
                              ".spec[", ".spec.replicas.x", ".status.conditions[?(type)]"}) {
    CAPTURE(nowhere);
    CHECK(found(nowhere) == "");
  }
}
