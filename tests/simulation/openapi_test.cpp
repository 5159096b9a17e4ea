#include "cpab/simulation/openapi_documents.h"

#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;

TEST_CASE("openapi: version 3 says which writes validate fields", "[simulation]") {
  ApiFixture api;

  CHECK(api.get_json("/openapi/v3").string_at("/paths/apis~1apps~1v1/serverRelativeURL") ==
        "/openapi/v3/apis/apps/v1");
  const auto patch = api.get_json("/openapi/v3/apis/apps/v1")
                         .at("/paths/~1apis~1apps~1v1~1namespaces~1{namespace}~1deployments~1"
                             "{name}/patch");
  CHECK(patch.string_at("/x-kubernetes-group-version-kind/kind") == "Deployment");
  CHECK(patch.string_at("/parameters/2/name") == "fieldValidation");
  CHECK(api.get_json("/openapi/v3/apis/demo.cpab.dev/v1").contains("/paths"));
  CHECK(api.get("/openapi/v3/apis/nope/v1").status == 404);
}

TEST_CASE("openapi: version 2 is there in both forms", "[simulation]") {
  ApiFixture api;

  CHECK(api.get_json("/openapi/v2").string_at("/swagger") == "2.0");
  const auto binary =
      api.get("/openapi/v2", "application/com.github.proto-openapi.spec.v2@v1.0+protobuf");
  CHECK(header(binary.headers, "Content-Type") ==
        "application/com.github.proto-openapi.spec.v2.v1.0+protobuf");
  CHECK(
      binary.body.starts_with("\n\x03"
                              "2.0\x12"));
  CHECK_THAT(binary.body, Catch::Contains("/apis/apps/v1/namespaces/{namespace}/deployments"));
}
