#include "cpab/simulation/patch.h"

#include <catch2/catch.hpp>

#include "cpab/simulation/api_error.h"

using namespace cpab;

namespace {

std::string patched(PatchType type, const std::string& document, const std::string& patch) {
  return apply_patch(Json::parse(document), type, patch).text();
}

std::string json_patched(const std::string& document, const std::string& patch) {
  try {
    return patched(PatchType::json, document, patch);
  } catch (const ApiError& error) {
    return std::to_string(error.code);
  }
}

}  // namespace

TEST_CASE("patch: JSON patch operations", "[simulation]") {
  CHECK(json_patched(R"({"a":1})", R"([{"op":"replace","path":"/a","value":2}])") == R"({"a":2})");
  CHECK(json_patched(R"({"a":1})", R"([{"op":"add","path":"/b","value":{"c":2}}])") ==
        R"({"a":1,"b":{"c":2}})");
  CHECK(json_patched(R"({"a":1,"b":2})", R"([{"op":"remove","path":"/a"}])") == R"({"b":2})");
  CHECK(json_patched(R"({"a":[1,3]})", R"([{"op":"add","path":"/a/1","value":2}])") ==
        R"({"a":[1,2,3]})");
  CHECK(json_patched(R"({"a":1})", R"([{"op":"remove","path":"/x"}])") == "422");
  CHECK(json_patched(R"({"a":1})", R"([{"op":"replace","path":"/x/y","value":1}])") == "422");
  CHECK(json_patched(R"({"a":1})", R"([{"op":"jump","path":"/a"}])") == "422");
  CHECK(json_patched(R"({"a":1})", R"([{"path":"/a"}])") == "422");
}

TEST_CASE("patch: replace makes a member that is not there, as the API server does",
          "[simulation]") {
  CHECK(json_patched(R"({"spec":{}})", R"([{"op":"replace","path":"/spec/replicas","value":3}])") ==
        R"({"spec":{"replicas":3}})");
}

TEST_CASE("patch: test compares, and an absent member equals null", "[simulation]") {
  const auto test = [](const std::string& document, const std::string& value) {
    return json_patched(document, R"([{"op":"test","path":"/spec/replicas","value":)" + value +
                                      R"(},{"op":"add","path":"/spec/replicas","value":9}])");
  };

  CHECK(test(R"({"spec":{"replicas":3}})", "3") == R"({"spec":{"replicas":9}})");
  CHECK(test(R"({"spec":{"replicas":3}})", "4") == "422");
  CHECK(test(R"({"spec":{"replicas":3}})", "null") == "422");
  CHECK(test(R"({"spec":{}})", "null") == R"({"spec":{"replicas":9}})");
  CHECK(test(R"({"spec":{}})", "0") == "422");
}

TEST_CASE("patch: merge patch", "[simulation]") {
  CHECK(patched(PatchType::merge, R"({"a":{"b":1,"c":2},"l":[1]})",
                R"({"a":{"b":null,"d":3},"l":[2,3]})") == R"({"a":{"c":2,"d":3},"l":[2,3]})");
}

TEST_CASE("patch: strategic merge joins lists whose elements have keys", "[simulation]") {
  const auto merged = [](const std::string& document, const std::string& patch) {
    return patched(PatchType::strategic, document, patch);
  };
  const std::string containers =
      R"({"containers":[{"name":"a","image":"1","x":1},{"name":"b"}],"args":[1]})";

  CHECK(merged(containers, R"({"$setElementOrder/containers":[{"name":"a"}],
                               "containers":[{"name":"a","image":"2"}],"args":[2]})") ==
        R"({"containers":[{"name":"a","image":"2","x":1},{"name":"b"}],"args":[2]})");
  CHECK(merged(containers, R"({"containers":[{"name":"n"},{"name":"a","$patch":"delete"}],
                               "args":null})") == R"({"containers":[{"name":"b"},{"name":"n"}]})");
  CHECK(merged(R"({"ports":[{"containerPort":80,"name":"http"}]})",
               R"({"ports":[{"containerPort":80,"hostPort":8080},{"containerPort":81}]})") ==
        R"({"ports":[{"containerPort":80,"name":"http","hostPort":8080},{"containerPort":81}]})");
}

TEST_CASE("patch: strategic merge obeys the directives of kubectl", "[simulation]") {
  const auto merged = [](const std::string& document, const std::string& patch) {
    return patched(PatchType::strategic, document, patch);
  };

  CHECK(merged(R"({"a":{"x":1,"y":2}})", R"({"a":{"$patch":"replace","z":3}})") ==
        R"({"a":{"z":3}})");
  CHECK(merged(R"({"a":{"x":1},"b":2})", R"({"a":{"$patch":"delete"}})") == R"({"b":2})");
  CHECK(merged(R"({"s":{"type":"R","rollingUpdate":{}}})",
               R"({"s":{"$retainKeys":["type"],"type":"Recreate"}})") ==
        R"({"s":{"type":"Recreate"}})");
  CHECK(merged(R"({"finalizers":["a","b"]})", R"({"finalizers":["b","c"]})") ==
        R"({"finalizers":["a","b","c"]})");
  CHECK(merged(R"({"finalizers":["a","b"]})", R"({"$deleteFromPrimitiveList/finalizers":["a"]})") ==
        R"({"finalizers":["b"]})");
}

TEST_CASE("patch: what is no patch is refused", "[simulation]") {
  CHECK_THROWS_AS(patched(PatchType::json, "{}", "{}"), JsonError);
  CHECK_THROWS_AS(patched(PatchType::merge, "{}", "[]"), JsonError);
  CHECK_THROWS_AS(patched(PatchType::strategic, "{}", "nonsense"), JsonError);
}
