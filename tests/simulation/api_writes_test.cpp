#include <catch2/catch.hpp>

#include "cpab/model/instant.h"
#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

constexpr const char* minimal = R"({"kind":"Deployment","apiVersion":"apps/v1",
    "metadata":{"name":"new","labels":{"a":"b"}},
    "spec":{"selector":{"matchLabels":{"app":"new"}},
            "template":{"metadata":{"labels":{"app":"new"}},
                        "spec":{"containers":[{"name":"c","image":"i"}]}}}})";

const std::string created = std::string(deployments) + "/new";

std::string replace_op(int value) {
  return R"([{"op":"replace","path":"/spec/replicas","value":)" + std::to_string(value) + "}]";
}

}  // namespace

TEST_CASE("api writes: a created object gets defaults, identity and pods", "[simulation]") {
  ApiFixture api;

  const auto response = api.send("POST", deployments, minimal);
  CHECK(response.status == 201);
  const auto answer = Json::parse(response.body);
  CHECK(answer.integer_at("/spec/replicas") == 1);
  CHECK(answer.string_at("/spec/strategy/type") == "RollingUpdate");
  CHECK(answer.integer_at("/metadata/generation") == 1);
  CHECK(answer.string_at("/metadata/namespace") == "default");
  CHECK(answer.string_at("/metadata/uid").size() == 36);

  api.settle();
  CHECK(api.get_json(created).integer_at("/status/readyReplicas") == 1);
}

TEST_CASE("api writes: what cannot be created is refused", "[simulation]") {
  ApiFixture api;
  api.send("POST", deployments, minimal);

  CHECK(outcome(api.send("POST", deployments, minimal)) ==
        "409 AlreadyExists: deployments.apps \"new\" already exists");
  CHECK(outcome(api.send("POST", "/apis/apps/v1/namespaces/nope/deployments", minimal)) ==
        "404 NotFound: namespaces \"nope\" not found");
  CHECK(outcome(api.send("POST", deployments, "nonsense")).substr(0, 15) == "400 BadRequest:");
  CHECK(outcome(api.send("POST", deployments, "[]")) ==
        "400 BadRequest: the body of the request is not a JSON object");
  CHECK(outcome(api.send("POST", deployments, R"({"metadata":{}})")) ==
        "422 Invalid: Deployment.apps \"\" is invalid: metadata.name: Required value: name or "
        "generateName is required");
  CHECK(outcome(
            api.send("POST", deployments, R"({"metadata":{"name":"n"},"spec":{"replicas":-1}})")) ==
        "422 Invalid: Deployment.apps \"n\" is invalid: spec.replicas: Invalid value: -1: must be "
        "greater than or equal to 0");
  CHECK(outcome(api.send("POST", deployments, "k8s",
                         {{"Content-Type", "application/vnd.kubernetes.protobuf"}})) ==
        "415 UnsupportedMediaType: the simulated API server takes JSON and YAML only, not "
        "application/vnd.kubernetes.protobuf; with kubectl, use `create -f` or `apply`");
}

TEST_CASE("api writes: the answer to a new scale does not show its effect yet", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 3});
  api.settle();

  const auto response = api.patch(web_scale, "json", replace_op(5));

  CHECK(response.status == 200);
  const auto scale = Json::parse(response.body);
  CHECK(scale.string_at("/kind") == "Scale");
  CHECK(scale.at("/spec").text() == R"({"replicas":5})");
  CHECK(scale.at("/status").text() == R"({"replicas":3,"selector":"app=web"})");
  CHECK(api.get_json(web_scale).integer_at("/status/replicas") == 5);
  CHECK(api.get_json(web).integer_at("/metadata/generation") == 2);
}

TEST_CASE("api writes: a scale can be put and patched in every way", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment({.replicas = 3});
  const auto wanted = [&] { return api.cluster.view(target).wanted; };

  api.patch(web_scale, "merge", R"({"spec":{"replicas":4}})");
  CHECK(wanted() == 4);
  api.patch(web_scale, "strategic-merge", R"({"spec":{"replicas":0}})");
  CHECK(wanted() == 0);
  api.patch(web_scale, "json", replace_op(2));  // the member is not there, at zero
  CHECK(wanted() == 2);
  const auto scale = api.get_json(web_scale).set("/spec/replicas", 6);
  CHECK(outcome(api.send("PUT", web_scale, scale.text())) == "200");
  CHECK(wanted() == 6);
}

TEST_CASE("api writes: a failed test refuses the whole patch", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment({.replicas = 3});
  const auto patch = [&](const std::string& expected) {
    return outcome(api.patch(web_scale, "json",
                             R"([{"op":"test","path":"/spec/replicas","value":)" + expected +
                                 R"(},{"op":"replace","path":"/spec/replicas","value":0}])"));
  };

  CHECK(patch("2") ==
        "422 Invalid: the server rejected our request due to an error in our request");
  CHECK(patch("null").substr(0, 3) == "422");
  CHECK(api.cluster.view(target).wanted == 3);
  CHECK(patch("3") == "200");
  CHECK(patch("null") == "200");
}

TEST_CASE("api writes: a stale version is a conflict", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment();
  api.settle();
  auto object = api.get_json(web);
  auto scale = api.get_json(web_scale).set("/spec/replicas", 2);
  const std::string conflict =
      "409 Conflict: Operation cannot be fulfilled on deployments.apps \"web\": the object has "
      "been modified; please apply your changes to the latest version and try again";

  CHECK(outcome(api.send("PUT", web, object.set("/metadata/labels/x", "1").text())) == "200");

  CHECK(outcome(api.send("PUT", web, object.text())) == conflict);
  CHECK(outcome(api.send("PUT", web_scale, scale.text())) == conflict);
  CHECK(outcome(api.patch(web, "merge", R"({"metadata":{"resourceVersion":"1"}})")) == conflict);
  CHECK(outcome(api.send("PUT", web, object.erase("/metadata/resourceVersion").text())) == "200");
}

TEST_CASE("api writes: clients cannot change identity and status by the way", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment();
  api.settle();
  const auto before = api.get_json(web);

  const auto response = api.patch(web, "merge",
                                  R"({"metadata":{"creationTimestamp":null,"generation":9,
                                      "annotations":{"a":"b"}},"status":{"replicas":77}})");

  auto expected = before;
  const auto after = Json::parse(response.body);
  expected.set("/metadata/annotations/a", "b");
  expected.set("/metadata/resourceVersion", after.string_at("/metadata/resourceVersion"));
  CHECK(after == expected);
  CHECK(after.string_at("/metadata/resourceVersion") !=
        before.string_at("/metadata/resourceVersion"));
}

TEST_CASE("api writes: the status has an address of its own", "[simulation]") {
  ApiFixture api;
  api.cluster.add_workload({.kind = "StatefulSet"});
  api.settle();
  const std::string pod = "/api/v1/namespaces/default/pods/web-0";

  api.patch(pod + "/status", "merge",
            R"({"metadata":{"labels":{"x":"y"}},"status":{"reason":"r"}})");

  CHECK(api.get_json(pod).string_at("/status/reason") == "r");
  CHECK_FALSE(api.get_json(pod).contains("/metadata/labels/x"));
}

TEST_CASE("api writes: a change that changes nothing has no new version", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 3});
  api.settle();
  const auto before = api.get(web).body;

  CHECK(outcome(api.patch(web_scale, "json", replace_op(3))) == "200");

  CHECK(api.get(web).body == before);
}

TEST_CASE("api writes: wrong counts and patches are refused", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment();
  api.cluster.add_workload({.kind = "Index"});

  CHECK(outcome(api.patch(web_scale, "json", replace_op(-1))) ==
        "422 Invalid: Scale.autoscaling \"web\" is invalid: spec.replicas: Invalid value: -1: must "
        "be greater than or equal to 0");
  CHECK(outcome(api.patch(web_scale, "merge", R"({"spec":{"replicas":"2"}})")) ==
        "400 BadRequest: spec.replicas of a Scale must be an integer");
  CHECK(outcome(api.patch(web_scale, "json", "{")).substr(0, 38) ==
        "400 BadRequest: error decoding patch: ");
  CHECK(outcome(api.patch(web_scale, "unheard-of", "{}")).substr(0, 24) ==
        "415 UnsupportedMediaType");
  CHECK(outcome(api.patch("/apis/demo.cpab.dev/v1/namespaces/default/indices/web",
                          "strategic-merge", "{}"))
            .substr(0, 24) == "415 UnsupportedMediaType");
}

TEST_CASE("api writes: deleting answers with a Status, or with what takes time to go",
          "[simulation]") {
  ApiFixture api;
  api.cluster.add_workload({.kind = "StatefulSet"});
  api.settle();
  const std::string set = "/apis/apps/v1/namespaces/default/statefulsets/web";
  const std::string pod = "/api/v1/namespaces/default/pods/web-0";
  const auto uid = api.get_json(set).string_at("/metadata/uid");

  const auto going = Json::parse(api.send("DELETE", pod).body);
  CHECK(going.string_at("/kind") == "Pod");
  CHECK(going.string_at("/metadata/deletionTimestamp") == "2026-01-01T00:01:30Z");

  CHECK(api.send("DELETE", set).body ==
        R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":)"
        R"({"name":"web","group":"apps","kind":"statefulsets","uid":")" +
            uid + "\"}}\n");
  CHECK(outcome(api.send("DELETE", set)) == "404 NotFound: statefulsets.apps \"web\" not found");

  CHECK(outcome(api.send("DELETE", pod, R"({"gracePeriodSeconds":0})")) == "200");
  CHECK(outcome(api.get(pod)) == "404 NotFound: pods \"web-0\" not found");
}

TEST_CASE("api writes: a whole collection can be deleted", "[simulation]") {
  ApiFixture api;
  for (const char* name : {"a", "b", "c"}) api.cluster.add_deployment({.name = name});

  api.send("DELETE", std::string(deployments) + "?labelSelector=app+in+(a,b)");

  const auto left = api.get_json(deployments).elements_at("/items");
  REQUIRE(left.size() == 1);
  CHECK(left[0].string_at("/metadata/name") == "c");
}

TEST_CASE("pod life: a pod that nobody owns has its times, too", "[simulation]") {
  ApiFixture api;
  REQUIRE(api.send("POST", "/api/v1/namespaces/default/pods",
                   R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"bare"},)"
                   R"("spec":{"containers":[{"name":"c","image":"i"}]}})")
              .status == 201);
  api.settle();

  const auto pod = api.get_json("/api/v1/namespaces/default/pods/bare");
  CHECK(pod.string_at("/status/phase") == "Running");
  CHECK(parse_instant(pod.string_at("/status/startTime")));
  CHECK(pod.elements_at("/status/conditions").size() == 4);
  for (const auto& condition : pod.elements_at("/status/conditions")) {
    CHECK(condition.string_at("/status") == "True");
    CHECK(parse_instant(condition.string_at("/lastTransitionTime")));
  }
}

TEST_CASE("api writes: other types are simply kept", "[simulation]") {
  ApiFixture api;
  const std::string events = "/api/v1/namespaces/default/events";

  const auto event = Json::parse(
      api.send("POST", events, R"({"metadata":{"generateName":"web."},"reason":"Scaled"})").body);

  const auto name = event.string_at("/metadata/name");
  CHECK(name.size() == 9);
  CHECK(api.get_json(events + "/" + name).string_at("/reason") == "Scaled");
}

TEST_CASE("api writes: a body that nests too deep is refused, not walked over", "[simulation]") {
  ApiFixture api;
  std::string deep = R"({"kind":"Deployment","metadata":{"name":"deep"},"spec":)";
  for (int i = 0; i < 20'000; ++i) deep += R"({"a":)";
  deep += '1' + std::string(20'001, '}');

  CHECK(outcome(api.send("POST", deployments, deep)) ==
        "400 BadRequest: the body of the request is not JSON: nested more than 500 levels deep");
  CHECK(outcome(api.send("POST", deployments, R"({"a":")" + std::string(9'999, '[') + R"("})"))
            .find("levels") == std::string::npos);
}
