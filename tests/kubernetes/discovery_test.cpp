#include "cpab/kubernetes/discovery.h"

#include <catch2/catch.hpp>

#include "tests/kubernetes/api_server_script.h"

namespace cpab {
namespace {

using std::chrono::seconds;
using Lines = std::vector<std::string>;

const ApiResource deployment{{"apps", "v1"}, "Deployment", "deployments", true};

constexpr const char* groups = R"({"kind":"APIGroupList","groups":[
  {"name":"apps","versions":[{"groupVersion":"apps/v1","version":"v1"}],
   "preferredVersion":{"groupVersion":"apps/v1","version":"v1"}},
  {"name":"x.io","versions":[{"version":"v1alpha1"},{"version":"v1"},{"version":"v1beta1"}],
   "preferredVersion":{"version":"v1"}}]})";

std::string resources(const std::string& plural, const std::string& kind) {
  return R"({"kind":"APIResourceList","resources":[{"name":")" + plural +
         R"(","namespaced":true,"kind":")" + kind + R"("}]})";
}

TEST_CASE("Discovery: finds a kind by one list, and remembers it", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(apps_line, 200, apps_resources);

  CHECK(api.discovery.resource("apps/v1", "Deployment", api.minute()) == deployment);
  CHECK(api.discovery.resource("apps/v1", "deployment", api.minute()) == deployment);
  CHECK(api.discovery.resource("apps/v1", "StatefulSet", api.minute()).plural == "statefulsets");
  CHECK(api.http.lines() == Lines{apps_line});
}

TEST_CASE("Discovery: the core group has its own path", "[kubernetes]") {
  ApiServerScript api;
  api.http.on("GET /api/v1?timeout=32s", 200,
              resources("replicationcontrollers", "ReplicationController"));

  CHECK(api.discovery.resource("v1", "ReplicationController", api.minute()) ==
        ApiResource{{"", "v1"}, "ReplicationController", "replicationcontrollers", true});
}

TEST_CASE("Discovery: what there is not gets the reference's words", "[kubernetes][contract-62]") {
  ApiServerScript api;
  api.http.on(apps_line, 200, apps_resources);
  const auto check = [&](const std::string& version, const std::string& kind,
                         const std::string& message) {
    CAPTURE(version, kind);
    CHECK_THROWS_WITH(api.discovery.resource(version, kind, api.minute()), message);
  };
  check("apps/v1", "Widget", R"(no matches for kind "Widget" in version "apps/v1")");
  check("apps/v1", "deployments", R"(no matches for kind "deployments" in version "apps/v1")");
  check("apps/v1", "DEPLOYMENT", R"(no matches for kind "DEPLOYMENT" in version "apps/v1")");
  check("apps/v1", "Scale", R"(no matches for kind "Scale" in version "apps/v1")");
  check("apps/v1beta1", "Deployment",
        R"(no matches for kind "Deployment" in version "apps/v1beta1")");
  check("apps", "Deployment", R"(no matches for kind "Deployment" in version "apps")");
  check("apps/", "Deployment", R"(no matches for kind "Deployment" in version "apps/")");
  check("", "Deployment", R"(no matches for kind "Deployment" in version "")");
  check("invalid/invalid/invalid", "Deployment",
        R"(no matches for kind "Deployment" in version "")");
}

TEST_CASE("Discovery: a kind that appears later is found, without a storm of requests",
          "[kubernetes]") {
  ApiServerScript api;
  const std::string line = "GET /apis/x.io/v1?timeout=32s";
  api.http.on(line, 404, "404 page not found");
  const auto find = [&] { return api.discovery.resource("x.io/v1", "Datum", api.minute()).plural; };

  for (int i = 0; i < 100; ++i) CHECK_THROWS_AS(find(), KubernetesError);
  CHECK(api.http.lines() == Lines{line});

  api.http.forget(line).on(line, 200, resources("data", "Datum"));
  api.clock.advance(std::chrono::milliseconds(1999));
  CHECK_THROWS_AS(find(), KubernetesError);
  api.clock.advance(std::chrono::milliseconds(1));
  CHECK(find() == "data");
  CHECK(api.http.lines() == Lines{line, line});
}

TEST_CASE("Discovery: what is forgotten is read again, but not at once", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(apps_line, 200, apps_resources);
  api.discovery.resource("apps/v1", "Deployment", api.minute());

  api.discovery.forget({"apps", "v1"});
  api.discovery.resource("apps/v1", "Deployment", api.minute());
  CHECK(api.http.requests().size() == 1);

  api.clock.advance(seconds(2));
  api.discovery.forget({"apps", "v1"});
  api.discovery.resource("apps/v1", "Deployment", api.minute());
  CHECK(api.http.requests().size() == 2);
}

TEST_CASE("Discovery: a failure is not remembered", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(apps_line, 403, status_object(403, "forbidden")).on(apps_line, 200, apps_resources);

  CHECK_THROWS_WITH(api.discovery.resource("apps/v1", "Deployment", api.minute()), "forbidden");
  CHECK(api.discovery.resource("apps/v1", "Deployment", api.minute()) == deployment);
}

TEST_CASE("Discovery: knows groups and their versions", "[kubernetes]") {
  ApiServerScript api;
  api.http.on("GET /apis?timeout=32s", 200, groups);

  const auto group = api.discovery.group("x.io", api.minute());

  REQUIRE(group.has_value());
  CHECK(group->preferred_version == "v1");
  CHECK(group->versions == Lines{"v1alpha1", "v1", "v1beta1"});
  CHECK_FALSE(api.discovery.group("none.io", api.minute()).has_value());
  CHECK(api.http.requests().size() == 1);
}

TEST_CASE("Discovery: in a group the preferred version is looked at first", "[kubernetes]") {
  ApiServerScript api;
  api.http.on("GET /apis?timeout=32s", 200, groups)
      .on("GET /apis/x.io/v1?timeout=32s", 200, resources("foos", "Foo"))
      .on("GET /apis/x.io/v1alpha1?timeout=32s", 403, status_object(403, "forbidden"))
      .on("GET /apis/x.io/v1beta1?timeout=32s", 200, resources("bars", "Bar"));

  CHECK(api.discovery.resource_in_group("x.io", "Foo", api.minute()).plural == "foos");
  CHECK(api.http.lines() == Lines{"GET /apis?timeout=32s", "GET /apis/x.io/v1?timeout=32s"});

  // One version being broken does not hide what another has.
  CHECK(api.discovery.resource_in_group("x.io", "Bar", api.minute()).plural == "bars");
  CHECK_THROWS_WITH(api.discovery.resource_in_group("x.io", "Baz", api.minute()), "forbidden");
  CHECK_THROWS_WITH(api.discovery.resource_in_group("none.io", "Foo", api.minute()),
                    R"(no matches for kind "Foo" in group "none.io")");
}

TEST_CASE("Discovery: hostile lists are errors", "[kubernetes]") {
  const std::string body =
      GENERATE(as<std::string>(), "[]", "5", "null", R"({"resources":5})", R"({"resources":[5]})",
               R"({"resources":[{"name":5}]})", R"({"resources":[{"name":"a","kind":{}}]})");
  ApiServerScript api;
  api.http.on(apps_line, 200, body);

  CAPTURE(body);
  CHECK_THROWS_AS(api.discovery.resource("apps/v1", "Deployment", api.minute()), KubernetesError);
  CHECK(api.http.requests().size() == 1);
}

}  // namespace
}  // namespace cpab
