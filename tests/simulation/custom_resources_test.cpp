#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

const std::string definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const std::string definition_path = definitions + "/shops.example.com";
const std::string shops = "/apis/example.com/v1/namespaces/default/shops";

/// Two served versions and one that is not; only v1 can be scaled.
Json shop_definition() {
  return Json::parse(R"({
    "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
    "metadata": {"name": "shops.example.com"},
    "spec": {
      "group": "example.com", "scope": "Namespaced",
      "names": {"kind": "Shop", "plural": "shops", "shortNames": ["sh"]},
      "versions": [
        {"name": "v1beta1", "served": true, "storage": false,
         "schema": {"openAPIV3Schema": {"type": "object"}}},
        {"name": "v1", "served": true, "storage": true,
         "schema": {"openAPIV3Schema": {"type": "object"}},
         "subresources": {"status": {}, "scale": {
           "specReplicasPath": ".spec.size", "statusReplicasPath": ".status.size",
           "labelSelectorPath": ".status.selector"}},
         "additionalPrinterColumns": [
           {"name": "Size", "type": "integer", "jsonPath": ".spec.size"},
           {"name": "Ready", "type": "string",
            "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"},
           {"name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"}]},
        {"name": "v0", "served": false, "storage": false,
         "schema": {"openAPIV3Schema": {"type": "object"}}}]}})");
}

constexpr const char* shop = R"({"apiVersion":"example.com/v1","kind":"Shop",
    "metadata":{"name":"corner"},
    "spec":{"size":2,"selector":{"matchLabels":{"app":"corner"}},
            "template":{"metadata":{"labels":{"app":"corner"}},
                        "spec":{"containers":[{"name":"c","image":"i"}]}}}})";

const ScaleTarget corner{"example.com/v1", "Shop", "corner", "default"};

void define_shops(ApiFixture& api) {
  REQUIRE(api.send("POST", definitions, shop_definition().text()).status == 201);
}

std::string refusal(const Json& definition) {
  ApiFixture api;
  return outcome(api.send("POST", definitions, definition.text()));
}

}  // namespace

TEST_CASE("custom resources: a definition is served at once", "[simulation]") {
  ApiFixture api;
  CHECK(api.get(shops).status == 404);

  define_shops(api);

  CHECK(api.get_json(shops).string_at("/kind") == "ShopList");
  const auto group = api.get_json("/apis/example.com");
  CHECK(group.string_at("/preferredVersion/version") == "v1");
  CHECK(group.elements_at("/versions").size() == 2);
  const auto resources = api.get_json("/apis/example.com/v1");
  CHECK(resources.string_at("/resources/0/shortNames/0") == "sh");
  CHECK(resources.string_at("/resources/0/singularName") == "shop");
  CHECK(resources.string_at("/resources/1/name") == "shops/scale");
  CHECK(api.get_json("/apis/example.com/v1beta1").elements_at("/resources").size() == 1);
  CHECK(api.get("/apis/example.com/v0").status == 404);
  const auto aggregated =
      api.get("/apis", "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
  CHECK_THAT(aggregated.body, Catch::Contains(R"("name":"example.com")"));
}

TEST_CASE("custom resources: the status of a definition says that it is served", "[simulation]") {
  ApiFixture api;
  define_shops(api);

  const auto status = api.get_json(definition_path).at("/status");

  CHECK(status.string_at("/conditions/0/type") == "NamesAccepted");
  CHECK(status.string_at("/conditions/1/type") == "Established");
  CHECK(status.string_at("/conditions/1/status") == "True");
  CHECK(status.string_at("/acceptedNames/listKind") == "ShopList");
  CHECK(status.at("/storedVersions").text() == R"(["v1"])");
}

TEST_CASE("custom resources: the replicas are where the definition says", "[simulation]") {
  ApiFixture api;
  define_shops(api);
  api.send("POST", shops, shop);
  api.settle();

  const auto scale = api.get_json(shops + "/corner/scale");
  CHECK(scale.integer_at("/spec/replicas") == 2);
  CHECK(scale.integer_at("/status/replicas") == 2);
  CHECK(scale.string_at("/status/selector") == "app=corner");

  api.patch(shops + "/corner/scale", "merge", R"({"spec":{"replicas":3}})");
  api.settle();
  const auto object = api.get_json(shops + "/corner");
  CHECK(object.integer_at("/spec/size") == 3);
  CHECK(object.integer_at("/status/size") == 3);
  CHECK(object.integer_at("/metadata/generation") == 2);
  CHECK(api.cluster.pods("default", "app=corner", {}).size() == 3);
  CHECK(api.cluster.scale(corner, {}).spec_replicas == 3);
}

TEST_CASE("custom resources: a selector path that leads to something else is the server's error",
          "[simulation]") {
  const auto [path, message] = GENERATE(table<std::string, std::string>({
      {".spec.selector",
       "map[matchLabels:map[app:corner]] is of the type map[string]interface {}, "
       "expected string"},
      {".spec.size.selector", "2 is of the type int64, expected map[string]interface{}"},
      {".spec.template.spec.containers",
       "[map[image:i name:c]] is of the type []interface {}, expected string"},
  }));
  ApiFixture api;
  auto definition = shop_definition();
  definition.set("/spec/versions/1/subresources/scale/labelSelectorPath", path);
  REQUIRE(api.send("POST", definitions, definition.text()).status == 201);
  REQUIRE(api.send("POST", shops, shop).status == 201);

  const std::string words = path + " accessor error: " + message;
  CHECK(outcome(api.get(shops + "/corner/scale")) == "500 : " + words);
  CHECK_THROWS_WITH(api.cluster.scale(corner, {}), words);
}

TEST_CASE("custom resources: each version shows the same objects as its own", "[simulation]") {
  ApiFixture api;
  define_shops(api);
  api.send("POST", shops, shop);

  const auto old = api.get_json("/apis/example.com/v1beta1/namespaces/default/shops/corner");

  CHECK(old.string_at("/apiVersion") == "example.com/v1beta1");
  CHECK(old.integer_at("/spec/size") == 2);
  CHECK(api.get("/apis/example.com/v1beta1/namespaces/default/shops/corner/scale").status == 404);
  CHECK(outcome(api.send("POST", "/apis/example.com/v1beta1/namespaces/default/shops", shop)) ==
        "400 BadRequest: the API version in the data (example.com/v1) does not match the expected "
        "API version (example.com/v1beta1)");
}

TEST_CASE("custom resources: one without a template is only kept", "[simulation]") {
  ApiFixture api;
  define_shops(api);
  api.send("POST", shops, R"({"metadata":{"name":"plain"},"spec":{"size":4}})");
  api.settle();

  CHECK(api.get_json(shops + "/plain/scale").at("/spec").text() == R"({"replicas":4})");
  CHECK_FALSE(api.get_json(shops + "/plain").contains("/status"));
  api.patch(shops + "/plain/status", "merge", R"({"status":{"size":1}})");
  CHECK(api.get_json(shops + "/plain/scale").integer_at("/status/replicas") == 1);
}

TEST_CASE("custom resources: tables have the columns of the definition", "[simulation]") {
  ApiFixture api;
  define_shops(api);
  api.send("POST", shops, R"({"metadata":{"name":"a"},"spec":{"size":4}})");
  api.patch(shops + "/a/status", "merge",
            R"({"status":{"conditions":[{"type":"Other"},{"type":"Ready","status":"True"}]}})");
  api.send("POST", shops, R"({"metadata":{"name":"b"}})");
  api.clock.advance(std::chrono::minutes(3));
  const std::string table = "application/json;as=Table;v=v1;g=meta.k8s.io";

  const auto shown = Json::parse(api.get(shops, table).body);
  CHECK(shown.string_at("/columnDefinitions/1/name") == "Size");
  CHECK(shown.at("/rows/0/cells").text() == R"(["a",4,"True","3m"])");
  CHECK(shown.at("/rows/1/cells").text() == R"(["b",null,null,"3m"])");
  const auto old =
      Json::parse(api.get("/apis/example.com/v1beta1/namespaces/default/shops", table).body);
  CHECK(old.at("/rows/0/cells").text() == R"(["a","3m"])");
}

TEST_CASE("custom resources: a changed definition changes what is served, not what is kept",
          "[simulation]") {
  ApiFixture api;
  define_shops(api);
  api.send("POST", shops, shop);

  api.patch(definition_path, "json", R"([
      {"op":"replace","path":"/spec/versions/0/served","value":false},
      {"op":"replace","path":"/spec/versions/1/storage","value":false},
      {"op":"replace","path":"/spec/versions/2/storage","value":true},
      {"op":"replace","path":"/spec/versions/2/served","value":true}])");

  CHECK(api.get("/apis/example.com/v1beta1").status == 404);
  CHECK(api.get_json("/apis/example.com/v0/namespaces/default/shops/corner")
            .string_at("/metadata/name") == "corner");
  CHECK(api.get_json(definition_path).at("/status/storedVersions").text() == R"(["v1","v0"])");
}

TEST_CASE("custom resources: objects and pods go with the definition, which may come back",
          "[simulation]") {
  ApiFixture api;
  define_shops(api);
  api.send("POST", shops, shop);
  api.settle();

  CHECK(outcome(api.send("DELETE", definition_path)) == "200");
  CHECK(api.get(shops).status == 404);
  CHECK(api.get(definition_path).status == 404);
  CHECK(api.get("/apis/example.com").status == 404);
  api.settle();
  CHECK(api.cluster.pods("default", "app=corner", {}).empty());
  CHECK_THROWS_WITH(api.cluster.target(corner, {}),
                    Catch::StartsWith("no matches for kind \"Shop\""));

  define_shops(api);
  CHECK(api.get_json(shops).elements_at("/items").empty());
  api.send("POST", shops, shop);
  api.settle();
  CHECK(api.cluster.view(corner) == WorkloadView{2, 2, 2});
}

TEST_CASE("custom resources: a definition waits for objects with finalizers", "[simulation]") {
  ApiFixture api;
  define_shops(api);
  api.send("POST", shops, R"({"metadata":{"name":"kept","finalizers":["example.com/x"]}})");

  api.send("DELETE", definition_path);
  const auto ending = api.get_json(definition_path);
  CHECK(ending.string_at("/status/conditions/2/type") == "Terminating");
  CHECK(api.get_json(shops + "/kept").contains("/metadata/deletionTimestamp"));

  api.patch(shops + "/kept", "merge", R"({"metadata":{"finalizers":null}})");
  CHECK(api.get(definition_path).status == 404);
}

TEST_CASE("custom resources: those of the cluster have no namespace", "[simulation]") {
  ApiFixture api;
  api.send("POST", definitions, shop_definition().set("/spec/scope", "Cluster").text());

  CHECK(outcome(api.send("POST", "/apis/example.com/v1/shops",
                         R"({"metadata":{"name":"one"},"spec":{"size":1}})")) == "201");
  CHECK(api.get_json("/apis/example.com/v1/shops/one/scale").integer_at("/spec/replicas") == 1);
  CHECK(api.get(shops).status == 404);
}

TEST_CASE("custom resources: definitions that cannot be are refused", "[simulation]") {
  const std::string invalid =
      "422 Invalid: CustomResourceDefinition.apiextensions.k8s.io \"shops.example.com\" is "
      "invalid: ";

  CHECK(refusal(shop_definition().set("/spec/names/plural", "stores")) ==
        invalid +
            "metadata.name: Invalid value: \"shops.example.com\": must be "
            "spec.names.plural+\".\"+spec.group");
  CHECK(refusal(shop_definition().set("/spec/versions/1/storage", false)) ==
        invalid +
            "spec.versions: Invalid value: must have exactly one version marked as storage "
            "version");
  CHECK(refusal(shop_definition().set("/spec/scope", "Galaxy")) ==
        invalid +
            "spec.scope: Unsupported value: \"Galaxy\": supported values: \"Cluster\", "
            "\"Namespaced\"");
  CHECK(refusal(shop_definition().erase("/spec/versions/0/schema")) ==
        invalid +
            "spec.versions[v1beta1].schema.openAPIV3Schema: Required value: schemas are "
            "required");
  CHECK(refusal(shop_definition().set("/spec/versions/1/subresources/scale/specReplicasPath",
                                      ".status.size")) ==
        invalid +
            "spec.versions.subresources.scale.specReplicasPath: Invalid value: "
            "\".status.size\": should be a json path under .spec.");
}

TEST_CASE("custom resources: a manifest makes definitions and objects in order", "[simulation]") {
  ApiFixture api;

  api.cluster.apply_manifest(shop_definition().text() + "\n---\n" + shop);
  api.cluster.create(R"({"apiVersion":"example.com/v1","kind":"Shop","metadata":{"name":"b"}})");

  CHECK(api.get_json(shops).elements_at("/items").size() == 2);
  api.cluster.remove(
      {"apiextensions.k8s.io/v1", "CustomResourceDefinition", "shops.example.com", ""});
  CHECK(api.get(shops).status == 404);
  CHECK_THROWS_WITH(api.cluster.apply_manifest(shop), Catch::StartsWith("no matches for kind"));
  CHECK_THROWS_WITH(api.cluster.apply_manifest("a: [b"), Catch::StartsWith("not YAML: "));
}
