#include "cpab/simulation/field_validation.h"

#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

std::vector<std::string> problems(const char* kind, const std::string& text) {
  return field_problems(type_of_kind(kind), Json::parse(text), text);
}

using Problems = std::vector<std::string>;

}  // namespace

TEST_CASE("field validation: unknown and duplicate fields are found", "[simulation]") {
  CHECK(problems("Deployment", R"({"apiVersion":"apps/v1","kind":"Deployment",
                                   "metadata":{"name":"n"},"spec":{"replicas":1},"status":{}})")
            .empty());
  CHECK(problems("Deployment", R"({"metadata":{"lables":{}},"spec":{"replica":1},"specs":{}})") ==
        Problems{"unknown field \"metadata.lables\"", "unknown field \"specs\"",
                 "unknown field \"spec.replica\""});
  CHECK(problems("ConfigMap", R"({"data":{"a":"1","a":"2"},"spec":{}})") ==
        Problems{"duplicate field \"a\"", "unknown field \"spec\""});
  CHECK(problems("Deployment", R"({"spec":{"$retainKeys":["x"]}})").empty());
}

TEST_CASE("field validation: strict refuses, warn warns, ignore ignores", "[simulation]") {
  ApiFixture api;
  const std::string body = R"({"metadata":{"name":"n"},"spec":{"replica":1}})";
  const std::string path = std::string(deployments) + "?fieldValidation=";

  CHECK(outcome(api.send("POST", path + "Strict", body)) ==
        "400 BadRequest: Deployment in version \"v1\" cannot be handled as a Deployment: strict "
        "decoding error: unknown field \"spec.replica\"");
  CHECK(api.get(std::string(deployments) + "/n").status == 404);
  const auto warned = api.send("POST", path + "Warn", body);
  CHECK(warned.status == 201);
  CHECK(header(warned.headers, "Warning") == R"(299 - "unknown field \"spec.replica\"")");
  const auto ignored =
      api.send("PUT", std::string(deployments) + "/n?fieldValidation=Ignore", body);
  CHECK(ignored.status == 200);
  CHECK(header(ignored.headers, "Warning").empty());
}
