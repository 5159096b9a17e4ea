#include "cpab/kubernetes/rest_cluster.h"

#include <catch2/catch.hpp>

#include "tests/kubernetes/api_server_script.h"

namespace cpab {
namespace {

using std::chrono::seconds;
using Lines = std::vector<std::string>;

const ScaleTarget web{"apps/v1", "Deployment", "web", "prod"};
const std::string path = "/apis/apps/v1/namespaces/prod/deployments/web";
const std::string target_line = "GET " + path;
const std::string scale_line = "GET " + path + "/scale";
const std::string patch_line = "PATCH " + path + "/scale";

std::string deployment_json() {
  return R"({"kind":"Deployment","apiVersion":"apps/v1","metadata":{"name":"web","uid":"u1"},)"
         R"("spec":{"replicas":3}})";
}

std::string scale_json(const std::string& replicas, const std::string& name = "web") {
  return R"({"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":")" + name +
         R"(","uid":"u1"},"spec":{)" + (replicas.empty() ? "" : R"("replicas":)" + replicas) +
         R"(},"status":{"replicas":3,"selector":"app=web"}})"
         "\n";
}

const Scale three{"web", "u1", 3, 3, "app=web"};

/// A scripted API server that serves deployments.
struct DeploymentScript : ApiServerScript {
  DeploymentScript() { http.on(apps_line, 200, apps_resources); }

  Lines lines_after_discovery() const {
    Lines lines = http.lines();
    lines.erase(lines.begin());
    return lines;
  }
};

TEST_CASE("RestCluster: a steady cycle costs two requests", "[kubernetes]") {
  DeploymentScript api;
  api.http.on(target_line, 200, deployment_json() + "\n").on(scale_line, 200, scale_json("3"));

  for (int cycle = 0; cycle < 2; ++cycle) {
    CHECK(api.cluster.target(web, api.minute()) == Resource{"web", "u1", deployment_json()});
    CHECK(api.cluster.scale(web, api.minute()) == three);
  }

  CHECK(api.http.lines() == Lines{apps_line, target_line, scale_line, target_line, scale_line});
}

TEST_CASE("RestCluster: target and scale of other kinds", "[kubernetes]") {
  ApiServerScript api;
  const std::string plural = "replicationcontrollers";
  api.http
      .on("GET /api/v1?timeout=32s", 200,
          R"({"resources":[{"name":"replicationcontrollers","namespaced":true,)"
          R"("kind":"ReplicationController"}]})")
      .on("GET /api/v1/namespaces/prod/replicationcontrollers/rc", 200,
          R"({"metadata":{"name":"rc"}})")
      .on("GET /api/v1/namespaces/prod/replicationcontrollers/rc/scale", 200,
          scale_json("1", "rc"));
  const ScaleTarget rc{"v1", "replicationcontroller", "rc", "prod"};

  CHECK(api.cluster.target(rc, api.minute()).json ==
        R"({"apiVersion":"v1","kind":"ReplicationController","metadata":{"name":"rc"}})");
  CHECK(api.cluster.scale(rc, api.minute()).spec_replicas == 1);
}

TEST_CASE("RestCluster: a custom resource with an odd plural is scaled in its own version",
          "[kubernetes][contract-62]") {
  ApiServerScript api;
  const ScaleTarget target{"x.io/v1alpha1", "Datum", "d", "prod"};
  const std::string object = "/apis/x.io/v1alpha1/namespaces/prod/data/d";
  api.http
      .on("GET /apis/x.io/v1alpha1?timeout=32s", 200,
          R"({"resources":[{"name":"data","singularName":"datum","namespaced":true,)"
          R"("kind":"Datum"}]})")
      .on("GET " + object, 200, R"({"metadata":{"name":"d"}})")
      .on("GET " + object + "/scale", 200, scale_json("3", "d"))
      .on("PATCH " + object + "/scale", 200, scale_json("4", "d"));

  api.cluster.target(target, api.minute());
  const Scale observed = api.cluster.scale(target, api.minute());
  CHECK(api.cluster.set_replicas(target, observed, 4, api.minute()).spec_replicas == 4);
}

TEST_CASE("RestCluster: names are checked after the kind, as in the reference",
          "[kubernetes][contract-62]") {
  DeploymentScript api;
  ScaleTarget target = web;
  target.name = "";
  CHECK_THROWS_WITH(api.cluster.target(target, api.minute()), "name is required");
  CHECK_THROWS_WITH(api.cluster.scale(target, api.minute()), "name is required");
  target.kind = "Nothing";
  CHECK_THROWS_WITH(api.cluster.target(target, api.minute()),
                    R"(no matches for kind "Nothing" in version "apps/v1")");
  target = {"apps/v1/x", "Deployment", "web", "prod"};
  CHECK_THROWS_WITH(api.cluster.target(target, api.minute()),
                    R"(no matches for kind "Deployment" in version "")");
}

TEST_CASE("RestCluster: the API server's words when something is not there", "[kubernetes]") {
  DeploymentScript api;
  api.http.on(target_line, 404, status_object(404, "deployments.apps \\\"web\\\" not found", "web"))
      .on(scale_line, 404, status_object(404, "the server could not find the requested resource"));

  CHECK_THROWS_WITH(api.cluster.target(web, api.minute()), "deployments.apps \"web\" not found");
  CHECK_THROWS_WITH(api.cluster.scale(web, api.minute()),
                    "the server could not find the requested resource: kind Deployment of apps/v1 "
                    "has no scale subresource; in a CustomResourceDefinition it is declared under "
                    "versions[].subresources.scale");
  CHECK(api.lines_after_discovery() == Lines{target_line, scale_line});
}

TEST_CASE("RestCluster: a kind that was removed is missed, and found when it is back",
          "[kubernetes]") {
  DeploymentScript api;
  api.http.on(target_line, 200, deployment_json());
  api.cluster.target(web, api.minute());

  api.clock.advance(seconds(5));
  api.http.forget(target_line).forget(apps_line);
  CHECK_THROWS_WITH(api.cluster.target(web, api.minute()),
                    R"(no matches for kind "Deployment" in version "apps/v1")");

  api.clock.advance(seconds(5));
  api.http
      .on(apps_line, 200,
          R"({"resources":[{"name":"deploys","namespaced":true,"kind":"Deployment"}]})")
      .on("GET /apis/apps/v1/namespaces/prod/deploys/web", 200, deployment_json());
  CHECK(api.cluster.target(web, api.minute()).name == "web");
}

TEST_CASE("RestCluster: a kind that was renamed is found within the same call", "[kubernetes]") {
  DeploymentScript api;
  api.http.on(target_line, 200, deployment_json());
  api.cluster.target(web, api.minute());

  api.clock.advance(seconds(5));
  api.http.forget(target_line)
      .forget(apps_line)
      .on(apps_line, 200,
          R"({"resources":[{"name":"deploys","namespaced":true,"kind":"Deployment"}]})")
      .on("GET /apis/apps/v1/namespaces/prod/deploys/web", 200, deployment_json());
  CHECK(api.cluster.target(web, api.minute()).name == "web");
}

TEST_CASE("RestCluster: the patch is the reference's with a test in front",
          "[kubernetes][contract-60]") {
  DeploymentScript api;
  api.http.on(patch_line, 200, scale_json("5"));

  CHECK(api.cluster.set_replicas(web, three, 5, api.minute()) ==
        Scale{"web", "u1", 5, 3, "app=web"});

  REQUIRE(api.lines_after_discovery() == Lines{patch_line});
  const HttpRequest request = api.http.requests().back();
  CHECK(request.body == R"([{"op":"test","path":"/metadata/uid","value":"u1"},)"
                        R"({"op":"test","path":"/spec/replicas","value":3},)"
                        R"({"op":"replace","path":"/spec/replicas","value":5}])");
  CHECK(header(request.headers, "Content-Type") == "application/json-patch+json");
}

TEST_CASE("RestCluster: a count of 0 that was left out is tested as null", "[kubernetes]") {
  DeploymentScript api;
  api.http.on(patch_line, 200, scale_json("3"));
  Scale observed = three;

  observed.uid.clear();  // an old server that does not say
  observed.spec_replicas.reset();
  api.cluster.set_replicas(web, observed, 3, api.minute());
  CHECK(api.http.requests().back().body ==
        R"([{"op":"test","path":"/spec/replicas","value":null},)"
        R"({"op":"replace","path":"/spec/replicas","value":3}])");

  observed.spec_replicas = 0;
  api.cluster.set_replicas(web, observed, 3, api.minute());
  CHECK(api.http.requests().back().body ==
        R"([{"op":"test","path":"/spec/replicas","value":0},)"
        R"({"op":"replace","path":"/spec/replicas","value":3}])");
}

TEST_CASE("RestCluster: a scale of another object is not taken", "[kubernetes]") {
  DeploymentScript api;
  const std::string asked =
      "asked for the scale of Deployment web in namespace prod, the API "
      "server answered with the scale of Deployment ";
  SECTION("of another name") {
    api.http.on(scale_line, 200, scale_json("3", "other"));
    CHECK_THROWS_WITH(api.cluster.scale(web, api.minute()), asked + "other in namespace prod");
  }
  SECTION("of another namespace") {
    std::string scale = scale_json("3");
    scale.insert(scale.find(R"("uid")"), R"("namespace":"test",)");
    api.http.on(scale_line, 200, scale);
    CHECK_THROWS_WITH(api.cluster.scale(web, api.minute()), asked + "web in namespace test");
  }
  SECTION("after a patch") {
    api.http.on(patch_line, 200, scale_json("5", "other"));
    CHECK_THROWS_WITH(api.cluster.set_replicas(web, three, 5, api.minute()),
                      asked + "other in namespace prod");
  }
  SECTION("one that does not say is") {
    api.http.on(scale_line, 200, scale_json("3", ""));
    CHECK(api.cluster.scale(web, api.minute()).spec_replicas == 3);
  }
}

TEST_CASE("RestCluster: a target of another type or name is not taken", "[kubernetes]") {
  DeploymentScript api;
  const auto [json, words] = GENERATE(table<std::string, std::string>({
      {R"({"kind":"Widget","apiVersion":"apps/v1","metadata":{"name":"web"}})",
       "a Deployment of apps/v1, the API server answered with a Widget of apps/v1"},
      {R"({"apiVersion":"x.io/v1","metadata":{"name":"web"}})",
       "a Deployment of apps/v1, the API server answered with a Deployment of x.io/v1"},
      {R"({"metadata":{"name":"other"}})",
       "the API server answered with Deployment other in namespace prod"},
      {R"({"metadata":{"name":"web","namespace":"test"}})",
       "the API server answered with Deployment web in namespace test"},
  }));
  api.http.on(target_line, 200, json);

  CHECK_THROWS_WITH(api.cluster.target(web, api.minute()),
                    "asked for Deployment web in namespace prod, " + words);
}

TEST_CASE("RestCluster: a count somebody else changed is not overwritten", "[kubernetes]") {
  DeploymentScript api;
  const int status = GENERATE(422, 409);
  api.http.on(patch_line, status, status_object(status, "test failed"))
      .on(scale_line, 200, scale_json("7"));

  try {
    api.cluster.set_replicas(web, three, 5, api.minute());
    FAIL("no error");
  } catch (const ReplicasChangedError& error) {
    CHECK(error.seen == 7);
    CHECK(std::string(error.what()) ==
          "Deployment web in namespace prod has 7 replicas now, not the 3 the decision was based "
          "on; nothing was written");
  }
  CHECK(api.lines_after_discovery() == Lines{patch_line, scale_line});
}

TEST_CASE("RestCluster: even the wanted count is a change when we did not write it",
          "[kubernetes]") {
  DeploymentScript api;
  api.http.on(patch_line, 422, status_object(422, "test failed"))
      .on(scale_line, 200, scale_json("5"));

  CHECK_THROWS_AS(api.cluster.set_replicas(web, three, 5, api.minute()), ReplicasChangedError);
}

TEST_CASE("RestCluster: a patch whose answer was lost is recognised as applied", "[kubernetes]") {
  DeploymentScript api;
  SECTION("the connection broke") { api.http.on(patch_line, HttpFailure::truncated); }
  SECTION("the answer never came") { api.http.on(patch_line, HttpFailure::timeout); }
  SECTION("the server stumbled") { api.http.on(patch_line, 500, "boom"); }
  SECTION("the answer was garbage") { api.http.on(patch_line, 200, "<html>"); }
  api.http.on(patch_line, 422, status_object(422, "test failed"))
      .on(scale_line, 200, scale_json("5"));

  CHECK(api.cluster.set_replicas(web, three, 5, api.minute()).spec_replicas == 5);
  CHECK(api.lines_after_discovery() == Lines{patch_line, patch_line, scale_line});
}

TEST_CASE("RestCluster: a lost patch that somebody overwrote is a change", "[kubernetes]") {
  DeploymentScript api;
  api.http.on(patch_line, HttpFailure::truncated)
      .on(patch_line, 422, status_object(422, "test failed"))
      .on(scale_line, 200, scale_json("8"));

  CHECK_THROWS_AS(api.cluster.set_replicas(web, three, 5, api.minute()), ReplicasChangedError);
}

TEST_CASE("RestCluster: a patch that was sent twice behind our back is recognised as applied",
          "[kubernetes]") {
  DeploymentScript api;
  api.http.on(patch_line, [](const HttpRequest&) {
    return HttpResponse{422, {}, status_object(422, "test failed"), true};
  });
  api.http.on(scale_line, 200, scale_json("5"));

  CHECK(api.cluster.set_replicas(web, three, 5, api.minute()).spec_replicas == 5);
  CHECK(api.lines_after_discovery() == Lines{patch_line, scale_line});
}

TEST_CASE("RestCluster: a new object of the same name is not scaled for the old one",
          "[kubernetes]") {
  DeploymentScript api;
  Scale observed = three;
  observed.uid = "u0";
  api.http.on(patch_line, 422, status_object(422, "test failed"))
      .on(scale_line, 200, scale_json(GENERATE("3", "5", "7")));

  CHECK_THROWS_WITH(api.cluster.set_replicas(web, observed, 5, api.minute()),
                    "Deployment web in namespace prod was deleted and made again since it was "
                    "read; nothing was written");
}

TEST_CASE("RestCluster: a refusal with the count unchanged is the server's", "[kubernetes]") {
  DeploymentScript api;
  api.http.on(patch_line, 422, status_object(422, "denied by a webhook"))
      .on(scale_line, 200, scale_json("3"));

  CHECK_THROWS_WITH(api.cluster.set_replicas(web, three, 5, api.minute()), "denied by a webhook");
}

TEST_CASE("RestCluster: a refusal that cannot be looked into is the server's", "[kubernetes]") {
  DeploymentScript api;
  api.http.on(patch_line, 409, status_object(409, "conflict"))
      .on(scale_line, 403, status_object(403, "forbidden"));

  CHECK_THROWS_WITH(api.cluster.set_replicas(web, three, 5, api.minute()), "conflict");
}

TEST_CASE("RestCluster: a forbidden patch is not repeated", "[kubernetes][contract-60]") {
  DeploymentScript api;
  api.http.on(patch_line, 403, status_object(403, "deployments.apps \\\"web\\\" is forbidden"));

  CHECK_THROWS_WITH(api.cluster.set_replicas(web, three, 5, api.minute()),
                    "deployments.apps \"web\" is forbidden");
  CHECK(api.lines_after_discovery() == Lines{patch_line});
}

TEST_CASE("RestCluster: the answer of a patch has to be a scale", "[kubernetes]") {
  DeploymentScript api;
  api.http.on(patch_line, 200, R"({"kind":"Deployment","apiVersion":"apps/v1"})");

  CHECK_THROWS_WITH(api.cluster.set_replicas(web, three, 5, api.minute()),
                    Catch::StartsWith("received an object from a /scale endpoint which was not "
                                      "convertible to autoscaling Scale: "));
}

const std::string pods_line =
    "GET /api/v1/namespaces/prod/pods?labelSelector=app%3Dweb%2Ctier%20in%20%28a%2Cb%29&limit=500";
const std::string selector = "app=web,tier in (a,b)";

std::string pod_list(const Lines& names, const std::string& next = "") {
  std::string items;
  for (const std::string& name : names) {
    items += (items.empty() ? "" : ",") + (R"({"metadata":{"name":")" + name + R"("}})");
  }
  return R"({"kind":"PodList","metadata":{"continue":")" + next + R"("},"items":[)" + items + "]}";
}

Lines names_of(const std::vector<Resource>& pods) {
  Lines names;
  for (const Resource& pod : pods) names.push_back(pod.name);
  return names;
}

TEST_CASE("RestCluster: pods come with their type, in the server's order", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(pods_line, 200, pod_list({"b", "a"}));

  const std::vector<Resource> expected = {
      {"b", "", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"b"}})"},
      {"a", "", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}})"}};
  CHECK(api.cluster.pods("prod", selector, api.minute()) == expected);
  CHECK(api.http.lines() == Lines{pods_line});
}

TEST_CASE("RestCluster: no pods", "[kubernetes]") {
  const std::string body =
      GENERATE(as<std::string>(), R"({"items":[]})", R"({"items":null})", "{}");
  ApiServerScript api;
  api.http.on(pods_line, 200, body);

  CHECK(api.cluster.pods("prod", selector, api.minute()).empty());
}

TEST_CASE("RestCluster: pods are listed page by page", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(pods_line, 200, pod_list({"a", "b"}, "x/y="))
      .on(pods_line + "&continue=x%2Fy%3D", 503, "")
      .on(pods_line + "&continue=x%2Fy%3D", 200, pod_list({"c"}, "z"))
      .on(pods_line + "&continue=z", 200, pod_list({"d"}));

  SECTION("as objects") {
    CHECK(names_of(api.cluster.pods("prod", selector, api.minute())) == Lines{"a", "b", "c", "d"});
  }
  SECTION("as facts") {
    Lines names;
    for (const PodFacts& pod : api.cluster.pod_facts("prod", selector, api.minute())) {
      names.push_back(pod.name);
    }
    CHECK(names == Lines{"a", "b", "c", "d"});
  }
}

TEST_CASE("RestCluster: a page that has expired restarts the list, once", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(pods_line, 200, pod_list({"a"}, "old")).on(pods_line, 200, pod_list({"b"}, "new"));
  api.http.on(pods_line + "&continue=old", 410, status_object(410, "too old"));

  SECTION("and then it works") {
    api.http.on(pods_line + "&continue=new", 200, pod_list({"c"}));
    CHECK(names_of(api.cluster.pods("prod", selector, api.minute())) == Lines{"b", "c"});
  }
  SECTION("and then it does not") {
    api.http.on(pods_line + "&continue=new", 410, status_object(410, "too old again"));
    CHECK_THROWS_WITH(api.cluster.pods("prod", selector, api.minute()), "too old again");
  }
  CHECK(api.http.requests().size() == 4);
}

TEST_CASE("RestCluster: an empty selector never means every pod", "[kubernetes]") {
  ApiServerScript api;

  CHECK_THROWS_WITH(api.cluster.pods("prod", "", api.minute()),
                    "the selector is empty, which would mean every pod of namespace prod; give "
                    "the target's scale a selector");
  CHECK(api.http.requests().empty());
}

TEST_CASE("RestCluster: hostile lists of pods are errors", "[kubernetes]") {
  const std::string body = GENERATE(
      as<std::string>(), "[]", "5", R"({"items":5})", R"({"items":[5]})", R"({"items":[{}]})",
      R"({"items":[{"metadata":{"name":["a"]}}]})", R"({"metadata":{"continue":5},"items":[]})",
      "{\"items\":[" + std::string(100'000, '['), std::string("\x00\x01\xFE", 3), "");
  ApiServerScript api;
  api.http.on(pods_line, 200, body);

  CAPTURE(body.substr(0, 100));
  CHECK_THROWS_AS(api.cluster.pods("prod", selector, api.minute()), KubernetesError);
  api.http.on(pods_line, 200, body);
  CHECK_THROWS_AS(api.cluster.pod_facts("prod", selector, api.minute()), KubernetesError);
}

TEST_CASE("RestCluster: a list that never ends is an error", "[kubernetes]") {
  ApiServerScript api;
  api.http.on(pods_line, 200, pod_list({"a"}, "x"))
      .on(pods_line + "&continue=x", 200, pod_list({"a"}, "x"));

  CHECK_THROWS_WITH(api.cluster.pods("prod", selector, api.minute()),
                    "the list of pods does not end: the same page follows itself");
}

TEST_CASE("RestCluster: hostile targets are errors", "[kubernetes]") {
  const std::string body =
      GENERATE(as<std::string>(), "[]", "null", "{}", R"({"metadata":[]})",
               R"({"metadata":{"name":null}})", std::string(1000, '{'), "\xFF", "");
  DeploymentScript api;
  api.http.on(target_line, 200, body);

  CAPTURE(body);
  CHECK_THROWS_AS(api.cluster.target(web, api.minute()), KubernetesError);
}

}  // namespace
}  // namespace cpab
