#include "cpab/simulation/resource_path.h"

#include <catch2/catch.hpp>

#include "cpab/simulation/request_log.h"

using namespace cpab;

TEST_CASE("resource path: paths are taken apart", "[simulation]") {
  using Path = ResourcePath;
  CHECK(parse_resource_path("/api/v1") == Path{"", "v1", "", "", "", ""});
  CHECK(parse_resource_path("/api/v1/namespaces") == Path{"", "v1", "", "namespaces", "", ""});
  CHECK(parse_resource_path("/api/v1/namespaces/a") == Path{"", "v1", "", "namespaces", "a", ""});
  CHECK(parse_resource_path("/api/v1/namespaces/a/status") ==
        Path{"", "v1", "", "namespaces", "a", "status"});
  CHECK(parse_resource_path("/api/v1/namespaces/a/pods/b%20c") ==
        Path{"", "v1", "a", "pods", "b c", ""});
  CHECK(parse_resource_path("/apis/apps/v1/deployments") ==
        Path{"apps", "v1", "", "deployments", "", ""});
  CHECK(parse_resource_path("/apis/apps/v1/namespaces/a/deployments/b/scale") ==
        Path{"apps", "v1", "a", "deployments", "b", "scale"});
  CHECK(parse_resource_path("/apis/apps") == std::nullopt);
  CHECK(parse_resource_path("/version") == std::nullopt);
  CHECK(parse_resource_path("/api/v1/namespaces/a/pods/b/c/d") == std::nullopt);
}

TEST_CASE("resource path: query parameters are decoded, the first one counts", "[simulation]") {
  using Parameters = std::map<std::string, std::string>;
  CHECK(query_parameters("") == Parameters{});
  CHECK(query_parameters("a=1&b=x%3Dy+z&c&a=2") ==
        Parameters{{"a", "1"}, {"b", "x=y z"}, {"c", ""}});
}

TEST_CASE("request log: requests are counted by method and kind of path", "[simulation]") {
  CHECK(path_class("/apis/apps/v1/namespaces/a/deployments/b/scale") ==
        "/apis/apps/v1/namespaces/{namespace}/deployments/{name}/scale");
  CHECK(path_class("/api/v1/namespaces/a/pods") == "/api/v1/namespaces/{namespace}/pods");
  CHECK(path_class("/api/v1/pods") == "/api/v1/pods");
  CHECK(path_class("/apis/apps/v1") == "/apis/apps/v1");
  CHECK(path_class("/version") == "/version");
}
