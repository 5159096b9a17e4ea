#include "cpab/simulation/rest_api.h"

#include <catch2/catch.hpp>
#include <set>

#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

/// Names of `GET target`, in order.
std::vector<std::string> names(ApiFixture& api, const std::string& target) {
  std::vector<std::string> result;
  for (const auto& item : api.get_json(target).elements_at("/items")) {
    result.push_back(item.string_at("/metadata/name"));
  }
  return result;
}

}  // namespace

TEST_CASE("rest api: classic discovery", "[simulation]") {
  ApiFixture api;

  CHECK(api.get_json("/api").at("/versions").text() == R"(["v1"])");
  std::set<std::string> groups;
  for (const auto& group : api.get_json("/apis").elements_at("/groups")) {
    groups.insert(group.string_at("/preferredVersion/groupVersion"));
  }
  CHECK(groups == std::set<std::string>{"apiextensions.k8s.io/v1", "apps/v1", "autoscaling/v2",
                                        "coordination.k8s.io/v1", "custom.metrics.k8s.io/v1beta2",
                                        "demo.cpab.dev/v1", "events.k8s.io/v1",
                                        "external.metrics.k8s.io/v1beta1", "metrics.k8s.io/v1beta1",
                                        "policy/v1", "rbac.authorization.k8s.io/v1"});
  CHECK(api.get_json("/apis/apps").string_at("/preferredVersion/version") == "v1");
  const auto list = api.get_json("/apis/demo.cpab.dev/v1");
  CHECK(list.string_at("/groupVersion") == "demo.cpab.dev/v1");
  CHECK(list.at("/resources/0").text() ==
        R"({"name":"indices","singularName":"index","namespaced":true,"kind":"Index",)"
        R"("verbs":["create","delete","deletecollection","get","list","patch","update","watch"],)"
        R"("shortNames":["idx"],"categories":["all"]})");
  CHECK(list.at("/resources/1").text() ==
        R"({"name":"indices/scale","singularName":"","namespaced":true,"group":"autoscaling",)"
        R"("version":"v1","kind":"Scale","verbs":["get","patch","update"]})");
  CHECK(api.get_json("/version").string_at("/gitVersion") == "v1.32.0-simulated");
}

TEST_CASE("rest api: aggregated discovery for those who ask", "[simulation]") {
  ApiFixture api;
  const std::string accept =
      "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
      "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList";

  const auto response = api.get("/apis", accept);

  CHECK(header(response.headers, "Content-Type") ==
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
  const auto apps = Json::parse(response.body).at("/items/0");
  CHECK(apps.string_at("/metadata/name") == "apps");
  const auto deployments_entry = apps.at("/versions/0/resources/1");
  CHECK(deployments_entry.string_at("/resource") == "deployments");
  CHECK(deployments_entry.string_at("/responseKind/kind") == "Deployment");
  CHECK(deployments_entry.string_at("/subresources/0/responseKind/kind") == "Scale");
  CHECK(Json::parse(api.get("/api", accept).body).string_at("/items/0/versions/0/version") == "v1");
}

TEST_CASE("rest api: unknown paths are no Status", "[simulation]") {
  ApiFixture api;
  for (const char* path : {"/nope", "/apis/nope", "/apis/nope/v1", "/api/v2", "/apis/apps/v1/nope",
                           "/apis/apps/v1/namespaces/default/nope/x", "/openapi/v3/nope"}) {
    CAPTURE(path);
    const auto response = api.get(path);
    CHECK(response.status == 404);
    CHECK(response.body == "404 page not found\n");
  }
}

TEST_CASE("rest api: an object comes with its kind, items of a list without", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment();
  api.cluster.add_workload({.kind = "Index"});

  const auto object = api.get_json(web);
  CHECK(object.string_at("/kind") == "Deployment");
  CHECK(object.string_at("/apiVersion") == "apps/v1");
  const auto list = api.get_json(deployments);
  CHECK(list.string_at("/kind") == "DeploymentList");
  CHECK(list.string_at("/apiVersion") == "apps/v1");
  CHECK_FALSE(list.at("/items/0").contains("/kind"));
  CHECK(list.string_at("/items/0/metadata/uid") == object.string_at("/metadata/uid"));
  const auto custom = api.get_json("/apis/demo.cpab.dev/v1/namespaces/default/indices");
  CHECK(custom.string_at("/items/0/kind") == "Index");
}

TEST_CASE("rest api: the scale of a workload", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 2});
  api.settle();
  const auto object = api.get_json(web);

  const auto scale = api.get(web_scale);

  CHECK(scale.body == R"({"kind":"Scale","apiVersion":"autoscaling/v1","metadata":{"name":"web",)"
                      R"("namespace":"default","uid":")" +
                          object.string_at("/metadata/uid") + R"(","resourceVersion":")" +
                          object.string_at("/metadata/resourceVersion") +
                          R"(","creationTimestamp":"2026-01-01T00:00:00Z"},"spec":{"replicas":2},)"
                          R"("status":{"replicas":2,"selector":"app=web"}})"
                          "\n");
}

TEST_CASE("rest api: replicas are left out of a scale at zero", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment();
  api.cluster.scale_by_hand(target, 0);
  api.settle();

  CHECK(api.get_json(web_scale).at("/spec").text() == "{}");
  CHECK(api.get_json(web_scale).at("/status").text() == R"({"replicas":0,"selector":"app=web"})");
}

TEST_CASE("rest api: what is not there is refused in the words of Kubernetes", "[simulation]") {
  ApiFixture api;
  api.send("POST", "/apis/apps/v1/namespaces/default/daemonsets", R"({"metadata":{"name":"d"}})");

  CHECK(api.get(web).body ==
        R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
        R"("message":"deployments.apps \"web\" not found","reason":"NotFound",)"
        R"("details":{"name":"web","group":"apps","kind":"deployments"},"code":404})"
        "\n");
  CHECK(outcome(api.get("/api/v1/namespaces/default/pods/p")) ==
        "404 NotFound: pods \"p\" not found");
  CHECK(api.get("/apis/apps/v1/namespaces/default/daemonsets/d/scale").body ==
        R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",)"
        R"("message":"the server could not find the requested resource","reason":"NotFound",)"
        R"("details":{},"code":404})"
        "\n");
  CHECK(outcome(api.send("POST", web)) ==
        "405 MethodNotAllowed: the server does not allow this method on the requested resource");
}

TEST_CASE("rest api: lists are filtered by namespace, labels and fields", "[simulation]") {
  ApiFixture api;
  for (const char* name : {"c", "a", "b"}) {
    api.cluster.add_deployment(
        {.name = name, .labels = {{"tier", name == std::string("b") ? "x" : "y"}}});
  }
  api.cluster.add_deployment({.namespace_name = "other", .name = "a"});

  using Names = std::vector<std::string>;
  const std::string list = deployments;
  CHECK(names(api, list) == Names{"a", "b", "c"});
  CHECK(names(api, "/apis/apps/v1/deployments") == Names{"a", "b", "c", "a"});
  CHECK(names(api, list + "?labelSelector=tier%3Dy") == Names{"a", "c"});
  CHECK(names(api, list + "?labelSelector=tier+in+(x,z),app!%3Da") == Names{"b"});
  CHECK(names(api, list + "?fieldSelector=metadata.name%3Dc") == Names{"c"});
  CHECK(outcome(api.get(list + "?labelSelector=a(b")) ==
        "400 BadRequest: unable to parse requirement: a(b");
}

TEST_CASE("rest api: long lists come in pages", "[simulation]") {
  ApiFixture api;
  for (const char* name : {"a", "b", "c", "d", "e"}) api.cluster.add_deployment({.name = name});
  const std::string list = deployments;

  std::vector<std::string> seen;
  std::vector<std::int64_t> remaining;
  std::string next;
  do {
    const auto page = api.get_json(list + "?limit=2&continue=" + next);
    for (const auto& item : page.elements_at("/items")) {
      seen.push_back(item.string_at("/metadata/name"));
    }
    remaining.push_back(page.integer_at("/metadata/remainingItemCount").value_or(0));
    next = page.string_at("/metadata/continue");
  } while (!next.empty());

  CHECK(seen == std::vector<std::string>{"a", "b", "c", "d", "e"});
  CHECK(remaining == std::vector<std::int64_t>{3, 1, 0});
  CHECK(outcome(api.get(list + "?limit=2&continue=zz")) ==
        "400 BadRequest: continue key is not valid: zz");
  CHECK(outcome(api.get(list + "?limit=x")) ==
        "400 BadRequest: invalid value of the query parameter limit: x");
}

TEST_CASE("rest api: every built-in type is kept, shown in a table, and deleted", "[simulation]") {
  ApiFixture api;
  for (const auto* type : builtin_types()) {
    CAPTURE(type->qualified_plural());
    if (type->kind == "CustomResourceDefinition") continue;  // has to make sense
    const auto list = (type->group.empty() ? "/api/" : "/apis/") + type->api_version() + "/" +
                      (type->namespaced ? "namespaces/default/" : "") + type->plural;

    CHECK(api.send("POST", list, R"({"metadata":{"name":"it"}})").status == 201);
    CHECK(api.get_json(list + "/it").string_at("/kind") == type->kind);
    const auto table = Json::parse(
        api.get(list + "?fieldSelector=metadata.name%3Dit", "application/json;as=Table").body);
    CHECK(table.elements_at("/rows").size() == 1);
    CHECK(api.send("DELETE", list + "/it", R"({"gracePeriodSeconds":0})").status == 200);
    CHECK(api.get(list + "/it").status == 404);
  }
}

TEST_CASE("rest api: events are the same in both of their groups", "[simulation]") {
  ApiFixture api;
  api.send("POST", "/apis/events.k8s.io/v1/namespaces/default/events",
           R"({"metadata":{"name":"e"},"involvedObject":{"kind":"Pod","name":"p"}})");
  const std::string core = "/api/v1/namespaces/default/events";

  CHECK(api.get_json(core + "/e").string_at("/apiVersion") == "v1");
  CHECK(names(api, core + "?fieldSelector=involvedObject.name%3Dp,involvedObject.kind!%3DNode") ==
        std::vector<std::string>{"e"});
  CHECK(names(api, core + "?fieldSelector=involvedObject.name%3Dq").empty());
}

TEST_CASE("rest api: the text of a Secret is kept as data", "[simulation]") {
  ApiFixture api;
  const std::string secrets = "/api/v1/namespaces/default/secrets";

  const auto secret =
      Json::parse(api.send("POST", secrets,
                           R"({"metadata":{"name":"s"},"stringData":{"a":"x","b":"xy","c":"xyz"}})")
                      .body);

  CHECK(secret.at("/data").text() == R"({"a":"eA==","b":"eHk=","c":"eHl6"})");
  CHECK_FALSE(secret.contains("/stringData"));
  CHECK(secret.string_at("/type") == "Opaque");
}

TEST_CASE("rest api: bodies may be YAML", "[simulation]") {
  ApiFixture api;

  const auto response =
      api.send("POST", "/api/v1/namespaces/default/configmaps",
               "metadata: {name: m}\ndata: {a: 'b'}\n", {{"Content-Type", "application/yaml"}});

  CHECK(response.status == 201);
  CHECK(Json::parse(response.body).string_at("/data/a") == "b");
}
