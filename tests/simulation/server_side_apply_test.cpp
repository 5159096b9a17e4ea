#include <catch2/catch.hpp>
#include <set>

#include "cpab/simulation/field_ownership.h"
#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

std::string configuration(const std::string& spec) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n" + spec;
}

const std::string selector = "  selector: {matchLabels: {app: web}}\n";
const std::string containers =
    "  template:\n    metadata: {labels: {app: web}}\n    spec:\n      containers:\n";
const std::string main_container = "      - {name: main, image: shop}\n";

struct ApplyFixture : ApiFixture {
  ServerResponse apply(const std::string& manager, const std::string& text,
                       const std::string& more = "", const std::string& place = web) {
    return send("PATCH", place + "?fieldManager=" + manager + more, text,
                {{"Content-Type", "application/apply-patch+yaml"}});
  }

  /// `manager operation subresource` of each owner, and its fields.
  std::map<std::string, std::string> owners(const std::string& place = web) {
    std::map<std::string, std::string> result;
    for (const auto& entry : get_json(place).elements_at("/metadata/managedFields")) {
      result[entry.string_at("/manager") + " " + entry.string_at("/operation") + " " +
             entry.string_at("/subresource")] = entry.at("/fieldsV1").text();
    }
    return result;
  }
};

using Owners = std::map<std::string, std::string>;

}  // namespace

TEST_CASE("server-side apply: makes the object, and the applier owns what it said",
          "[simulation]") {
  ApplyFixture api;

  const auto made =
      api.apply("me", configuration("  replicas: 2\n" + selector + containers + main_container));

  CHECK(made.status == 201);
  CHECK(Json::parse(made.body).integer_at("/spec/revisionHistoryLimit") == 10);
  CHECK(api.owners() ==
        Owners{{"me Apply ",
                R"({"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":)"
                R"({"f:labels":{"f:app":{}}},"f:spec":{"f:containers":{"k:{\"name\":\"main\"}":)"
                R"({"f:image":{},"f:name":{},".":{}}}}}}})"}});
  api.settle();
  CHECK(api.apply("me", configuration("  replicas: 2\n" + selector + containers + main_container))
            .status == 200);
  CHECK(api.cluster.view({"apps/v1", "Deployment", "web", "default"}) == WorkloadView{2, 2, 2});
}

TEST_CASE("server-side apply: the same again changes nothing", "[simulation]") {
  ApplyFixture api;
  const auto text = configuration("  replicas: 2\n" + selector + containers + main_container);
  api.apply("me", text);
  api.settle();
  const auto before = api.get(web).body;

  api.clock.advance(std::chrono::minutes(1));
  api.apply("me", text);

  CHECK(api.get(web).body == before);
}

TEST_CASE("server-side apply: another order of members starts no rollout", "[simulation]") {
  ApplyFixture api;
  api.apply("me", configuration(selector + containers + "      - {name: main, image: shop}\n"));
  api.settle();

  api.apply("you", configuration(selector + containers + "      - {image: shop, name: main}\n"),
            "&force=true");
  api.settle();

  const auto sets = api.get_json("/apis/apps/v1/namespaces/default/replicasets");
  CHECK(sets.elements_at("/items").size() == 1);
}

TEST_CASE("server-side apply: a field of somebody else is a conflict, unless forced",
          "[simulation]") {
  ApplyFixture api;
  const auto text = configuration("  replicas: 2\n" + selector + containers + main_container);
  api.apply("me", text);
  api.patch(web_scale + std::string("?fieldManager=scaler"), "merge", R"({"spec":{"replicas":5}})");
  CHECK(api.owners().at("scaler Update scale") == R"({"f:spec":{"f:replicas":{}}})");
  CHECK_THAT(api.owners().at("me Apply "), !Catch::Contains("f:replicas"));

  const auto refused = api.apply("me", text);
  CHECK(outcome(refused) ==
        "409 Conflict: Apply failed with 1 conflict: conflict with \"scaler\" with subresource "
        "\"scale\" using apps/v1: .spec.replicas");
  CHECK(Json::parse(refused.body).at("/details/causes/0").text() ==
        R"({"reason":"FieldManagerConflict","message":"conflict with \"scaler\" with subresource )"
        R"(\"scale\" using apps/v1","field":".spec.replicas"})");
  CHECK(api.get_json(web).integer_at("/spec/replicas") == 5);

  CHECK(outcome(api.apply("me", text, "&force=true")) == "200");
  CHECK(api.get_json(web).integer_at("/spec/replicas") == 2);
  CHECK_FALSE(api.owners().contains("scaler Update scale"));
}

TEST_CASE("server-side apply: appliers who agree share a field, and it stays when one goes",
          "[simulation]") {
  ApplyFixture api;
  const auto text = configuration("  replicas: 2\n" + selector + containers + main_container);
  api.apply("me", text);
  CHECK(outcome(api.apply("you", configuration("  replicas: 2\n  paused: false\n"))) == "200");

  CHECK(outcome(api.apply("me", configuration(selector + containers + main_container))) == "200");
  CHECK(api.get_json(web).integer_at("/spec/replicas") == 2);
  CHECK(outcome(api.apply("you", configuration("  {}\n"))) == "200");
  CHECK(api.get_json(web).integer_at("/spec/replicas") == std::nullopt);
  CHECK_FALSE(api.get_json(web).contains("/spec/paused"));
  CHECK(outcome(api.apply("third", configuration("  replicas: 3\n"))) == "200");
}

TEST_CASE("server-side apply: elements of lists are known by their keys", "[simulation]") {
  ApplyFixture api;
  const auto side =
      "      - {name: side, image: s, env: [{name: A, value: '1'}, {name: B, value: "
      "'2'}]}\n";
  api.apply("me", configuration(selector + containers + main_container));
  CHECK(outcome(api.apply("you", configuration(containers + std::string(side)))) == "200");

  auto list = api.get_json(web).at("/spec/template/spec/containers");
  CHECK(list.string_at("/0/name") == "main");
  CHECK(list.string_at("/1/env/1/value") == "2");

  CHECK(outcome(api.apply(
            "you", configuration(containers + "      - {name: side, image: s, env: [{name: B, "
                                              "value: '3'}]}\n"))) == "200");
  list = api.get_json(web).at("/spec/template/spec/containers");
  CHECK(list.at("/1/env").text() == R"([{"name":"B","value":"3"}])");

  CHECK(outcome(api.apply("you", configuration("  {}\n"))) == "200");
  CHECK(api.get_json(web).elements_at("/spec/template/spec/containers").size() == 1);
  CHECK(outcome(
            api.apply("you", configuration(containers + "      - {name: main, image: other}\n"))) ==
        "409 Conflict: Apply failed with 1 conflict: conflict with \"me\": "
        ".spec.template.spec.containers[name=\"main\"].image");
}

TEST_CASE("server-side apply: what nobody kept track of belongs to before-first-apply",
          "[simulation]") {
  ApplyFixture api;
  api.cluster.add_deployment({.replicas = 3});
  api.settle();

  CHECK(outcome(api.apply("me", configuration("  replicas: 4\n"))) ==
        "409 Conflict: Apply failed with 1 conflict: conflict with \"before-first-apply\" using "
        "apps/v1: .spec.replicas");
  CHECK(outcome(api.apply("me", configuration("  replicas: 3\n"))) == "200");
  CHECK(api.owners().size() == 2);
}

TEST_CASE("server-side apply: other writers own what they change", "[simulation]") {
  ApplyFixture api;
  const std::string maps = "/api/v1/namespaces/default/configmaps";
  api.send("POST", maps, R"({"metadata":{"name":"m"},"data":{"a":"1","b":"2"}})",
           {{"User-Agent", "maker/1.0 (linux)"}});

  api.patch(maps + "/m?fieldManager=patcher", "merge", R"({"data":{"a":"9","c":"3"}})");
  CHECK(api.owners(maps + "/m") ==
        Owners{{"maker Update ", R"({"f:data":{"f:b":{}}})"},
               {"patcher Update ", R"({"f:data":{"f:a":{},"f:c":{}}})"}});
  const auto object = api.get_json(maps + "/m").erase("/data/c").erase("/metadata/managedFields");
  api.send("PUT", maps + "/m?fieldManager=putter", object.text());
  CHECK(api.owners(maps + "/m") == Owners{{"maker Update ", R"({"f:data":{"f:b":{}}})"},
                                          {"patcher Update ", R"({"f:data":{"f:a":{}}})"}});
  api.patch(maps + "/m", "merge", R"({"metadata":{"managedFields":[{}]}})");
  CHECK(api.owners(maps + "/m").empty());
}

TEST_CASE("server-side apply: custom resources have lists of one piece", "[simulation]") {
  ApplyFixture api;
  const std::string index = "/apis/demo.cpab.dev/v1/namespaces/default/indices/i";
  const auto text = [](const std::string& list) {
    return "apiVersion: demo.cpab.dev/v1\nkind: Index\nmetadata: {name: i}\nspec: {env: " + list +
           "}\n";
  };

  CHECK(api.apply("me", text("[{name: A}]"), "", index).status == 201);
  CHECK(outcome(api.apply("you", text("[{name: B}]"), "", index)) ==
        "409 Conflict: Apply failed with 1 conflict: conflict with \"me\": .spec.env");
  CHECK(api.owners(index).at("me Apply ") == R"({"f:spec":{"f:env":{}}})");
}

TEST_CASE("server-side apply: status and scale are applied on their own", "[simulation]") {
  ApplyFixture api;
  api.apply("me", configuration("  replicas: 2\n" + selector + containers + main_container));

  CHECK(outcome(api.apply("me", "spec: {replicas: 7}\n", "&force=true", web_scale)) == "200");
  CHECK(api.get_json(web).integer_at("/spec/replicas") == 7);
  CHECK(api.owners().at("me Apply scale") == R"({"f:spec":{"f:replicas":{}}})");
  const auto status = std::string(web) + "/status";
  CHECK(outcome(api.apply("me", "status: {observedGeneration: 9}\n", "", status)) == "200");
  CHECK(api.owners().at("me Apply status") == R"({"f:status":{"f:observedGeneration":{}}})");
}

TEST_CASE("server-side apply: what cannot be applied is refused", "[simulation]") {
  ApplyFixture api;
  const auto apply = [&](const std::string& text) { return outcome(api.apply("me", text)); };

  CHECK(outcome(api.send("PATCH", web, configuration(selector),
                         {{"Content-Type", "application/apply-patch+yaml"}})) ==
        "422 Invalid: PatchOptions.meta.k8s.io \"\" is invalid: fieldManager: Required value: is "
        "required for apply patch");
  CHECK(apply("[]").substr(0, 15) == "400 BadRequest:");
  CHECK(apply("a: [").substr(0, 15) == "400 BadRequest:");
  CHECK(apply("metadata: {managedFields: [{manager: x}]}\n") ==
        "400 BadRequest: metadata.managedFields must be nil");
  CHECK(apply("metadata: {resourceVersion: '1'}\nspec: {}\n").substr(0, 3) == "201");
  CHECK(apply("metadata: {resourceVersion: '1'}\nspec: {}\n").substr(0, 12) == "409 Conflict");
}
