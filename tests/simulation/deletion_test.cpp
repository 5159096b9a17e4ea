#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

const std::string maps = "/api/v1/namespaces/default/configmaps";
const std::string replica_sets = "/apis/apps/v1/namespaces/default/replicasets";

}  // namespace

TEST_CASE("deletion: an object with finalizers stays until the last of them is gone",
          "[simulation]") {
  ApiFixture api;
  api.send("POST", maps, R"({"metadata":{"name":"m","finalizers":["a/x","a/y"]}})");

  const auto answer = Json::parse(api.send("DELETE", maps + "/m").body);
  CHECK(answer.string_at("/metadata/deletionTimestamp") == "2026-01-01T00:00:00Z");
  CHECK(answer.integer_at("/metadata/deletionGracePeriodSeconds") == 0);
  const auto version = answer.string_at("/metadata/resourceVersion");
  CHECK(outcome(api.send("DELETE", maps + "/m")) == "200");
  CHECK(api.get_json(maps + "/m").string_at("/metadata/resourceVersion") == version);

  api.patch(maps + "/m", "merge", R"({"metadata":{"finalizers":["a/y"]}})");
  CHECK(api.get(maps + "/m").status == 200);
  api.patch(maps + "/m", "merge", R"({"metadata":{"finalizers":null,"deletionTimestamp":null}})");
  CHECK(api.get(maps + "/m").status == 404);
}

TEST_CASE("deletion: a pod with finalizers stays beyond its grace", "[simulation]") {
  ApiFixture api;
  api.cluster.add_workload({.kind = "StatefulSet"});
  api.settle();
  const std::string pod = "/api/v1/namespaces/default/pods/web-0";
  api.patch(pod, "merge", R"({"metadata":{"finalizers":["a/x"]}})");

  api.send("DELETE", pod);
  api.settle();
  CHECK(api.get_json(pod).contains("/metadata/deletionTimestamp"));

  api.patch(pod, "merge", R"({"metadata":{"finalizers":[]}})");
  api.settle();
  CHECK_FALSE(api.get_json(pod).contains("/metadata/deletionTimestamp"));  // the next one
}

TEST_CASE("deletion: in the foreground, what is owned goes first", "[simulation]") {
  ApiFixture api;
  api.cluster.add_deployment({.replicas = 2});
  api.settle();

  api.send("DELETE", web, R"({"propagationPolicy":"Foreground"})");
  CHECK(api.get_json(web).at("/metadata/finalizers").text() == R"(["foregroundDeletion"])");
  CHECK(api.get_json(replica_sets).elements_at("/items").size() == 1);
  CHECK(api.get_json("/api/v1/pods").string_at("/items/0/metadata/deletionTimestamp") != "");

  api.settle();
  CHECK(api.get(web).status == 404);
  CHECK(api.get_json(replica_sets).elements_at("/items").empty());
  CHECK(api.get_json("/api/v1/pods").elements_at("/items").empty());
}

TEST_CASE("deletion: orphans stay, by body or by query", "[simulation]") {
  const std::string query = GENERATE("?propagationPolicy=Orphan", "?orphanDependents=true");
  CAPTURE(query);
  ApiFixture api;
  api.cluster.add_deployment();
  api.settle();

  CHECK(outcome(api.send("DELETE", web + query)) == "200");
  api.settle();

  CHECK(api.get(web).status == 404);
  const auto set = api.get_json(replica_sets).at("/items/0");
  CHECK_FALSE(set.contains("/metadata/ownerReferences"));
  CHECK(api.get_json("/api/v1/pods").elements_at("/items").size() == 1);
}

TEST_CASE("deletion: preconditions have to hold", "[simulation]") {
  ApiFixture api;
  const auto made = Json::parse(api.send("POST", maps, R"({"metadata":{"name":"m"}})").body);
  const auto uid = made.string_at("/metadata/uid");
  const auto version = made.string_at("/metadata/resourceVersion");
  const auto remove = [&](const std::string& field, const std::string& value) {
    return outcome(
        api.send("DELETE", maps + "/m", Json().set("/preconditions/" + field, value).text()));
  };
  const std::string refused =
      "409 Conflict: Operation cannot be fulfilled on configmaps \"m\": Precondition failed: ";

  CHECK(remove("uid", "other") ==
        refused + "UID in precondition: other, UID in object meta: " + uid);
  CHECK(remove("resourceVersion", "1") ==
        refused + "ResourceVersion in precondition: 1, ResourceVersion in object meta: " + version);
  CHECK(remove("resourceVersion", version) == "200");
}

TEST_CASE("deletion: a dry run changes nothing, nor does any other", "[simulation]") {
  ApiFixture api;
  const auto target = api.cluster.add_deployment({.replicas = 2});
  api.settle();
  const auto before = api.get("/apis/apps/v1/deployments").body;
  const std::string dry = "?dryRun=All";

  CHECK(outcome(api.send("POST", maps + dry, R"({"metadata":{"name":"m"}})")) == "201");
  CHECK(api.get(maps + "/m").status == 404);
  const auto shown = Json::parse(api.patch(web + dry, "merge", R"({"spec":{"replicas":9}})").body);
  CHECK(shown.integer_at("/spec/replicas") == 9);
  CHECK(Json::parse(api.patch(web_scale + dry, "merge", R"({"spec":{"replicas":8}})").body)
            .integer_at("/spec/replicas") == 8);
  CHECK(outcome(api.send("DELETE", web + dry)) == "200");
  CHECK(outcome(api.send("DELETE", web, R"({"dryRun":["All"]})")) == "200");
  CHECK(outcome(api.send("POST", maps + "?dryRun=Some", "{}")).substr(0, 3) == "422");
  api.settle();

  CHECK(api.get("/apis/apps/v1/deployments").body == before);
  CHECK(api.cluster.view(target) == WorkloadView{2, 2, 2});
}
