#include "cpab/kubernetes/api_path.h"

#include <catch2/catch.hpp>

#include "cpab/kubernetes/cluster.h"

namespace cpab {
namespace {

TEST_CASE("parse_api_version: takes a group and a version apart", "[kubernetes]") {
  CHECK(parse_api_version("v1") == ApiVersion{"", "v1"});
  CHECK(parse_api_version("apps/v1") == ApiVersion{"apps", "v1"});
  CHECK(parse_api_version("apps") == ApiVersion{"", "apps"});
  CHECK(parse_api_version("") == std::nullopt);
  CHECK(parse_api_version("/") == std::nullopt);
  CHECK(parse_api_version("a/b/c") == std::nullopt);
}

TEST_CASE("to_string: writes a version as it is configured", "[kubernetes]") {
  CHECK(to_string(ApiVersion{"", "v1"}) == "v1");
  CHECK(to_string(ApiVersion{"apps", "v1"}) == "apps/v1");
}

TEST_CASE("percent_encode: leaves only what is safe everywhere", "[kubernetes]") {
  CHECK(percent_encode("aZ0-._~") == "aZ0-._~");
  CHECK(percent_encode("a=1,b in (x,y)&#?/%") == "a%3D1%2Cb%20in%20%28x%2Cy%29%26%23%3F%2F%25");
  CHECK(percent_encode("\xC3\xA4\n") == "%C3%A4%0A");
}

TEST_CASE("object_path: leads to objects of all kinds", "[kubernetes]") {
  const ApiResource deployment{{"apps", "v1"}, "Deployment", "deployments", true};
  const ApiResource controller{{"", "v1"}, "ReplicationController", "replicationcontrollers", true};
  const ApiResource cluster_wide{{"x.io", "v1"}, "Fleet", "fleets", false};

  CHECK(object_path(deployment, "prod", "shop") ==
        "/apis/apps/v1/namespaces/prod/deployments/shop");
  CHECK(object_path(controller, "prod", "shop") ==
        "/api/v1/namespaces/prod/replicationcontrollers/shop");
  CHECK(object_path(cluster_wide, "prod", "a b") == "/apis/x.io/v1/fleets/a%20b");
}

TEST_CASE("object_path: refuses names that are no part of a path", "[kubernetes]") {
  const ApiResource deployment{{"apps", "v1"}, "Deployment", "deployments", true};

  CHECK_THROWS_WITH(object_path(deployment, "prod", ""), "name is required");
  CHECK_THROWS_WITH(object_path(deployment, "prod", "a/b"),
                    "invalid resource name \"a/b\": [may not contain '/']");
  CHECK_THROWS_WITH(object_path(deployment, "prod", "a%b"),
                    "invalid resource name \"a%b\": [may not contain '%']");
  CHECK_THROWS_WITH(object_path(deployment, "prod", ".."),
                    "invalid resource name \"..\": [may not be '..']");
  CHECK_THROWS_WITH(object_path(deployment, "", "shop"), "namespace is required");
}

}  // namespace
}  // namespace cpab
