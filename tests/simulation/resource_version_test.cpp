#include <catch2/catch.hpp>

#include "tests/simulation/api_fixture.h"

using namespace cpab;

namespace {

const std::string maps = "/api/v1/namespaces/default/configmaps";

void make(ApiFixture& api, const std::string& name) {
  api.send("POST", maps, R"({"metadata":{"name":")" + name + R"("}})");
}

/// The version of a list, and the names in it.
std::string listed(ApiFixture& api, const std::string& query) {
  const auto response = api.get(maps + query);
  if (response.status != 200) return outcome(response);
  std::string text;
  for (const auto& item : Json::parse(response.body).elements_at("/items")) {
    text += item.string_at("/metadata/name");
  }
  return text;
}

std::uint64_t version(ApiFixture& api) {
  return std::stoull(api.get_json(maps).string_at("/metadata/resourceVersion"));
}

}  // namespace

TEST_CASE("resource version: lists of now, of then, and of no later than now", "[simulation]") {
  ApiFixture api;
  make(api, "a");
  make(api, "b");
  const auto then = std::to_string(version(api));
  make(api, "c");
  api.send("DELETE", maps + "/a");
  const auto now = version(api);

  CHECK(listed(api, "") == "bc");
  CHECK(listed(api, "?resourceVersion=0") == "bc");
  CHECK(listed(api, "?resourceVersion=" + then) == "bc");
  CHECK(listed(api, "?resourceVersion=" + then + "&resourceVersionMatch=NotOlderThan") == "bc");
  CHECK(listed(api, "?resourceVersion=" + then + "&resourceVersionMatch=Exact") == "ab");
  CHECK(listed(api, "?resourceVersion=" + then + "&limit=1") == "a");
  CHECK(api.get_json(maps + "?resourceVersionMatch=Exact&resourceVersion=" + then)
            .string_at("/metadata/resourceVersion") == then);
  const std::string future =
      "504 Timeout: Timeout: Too large resource version: 99999, current: " + std::to_string(now);
  CHECK(listed(api, "?resourceVersion=99999") == future);
  CHECK(outcome(api.get(maps + "/b?resourceVersion=99999")) == future);
  CHECK(outcome(api.get(maps + "/b?resourceVersion=0")) == "200");
}

TEST_CASE("resource version: options that make no sense are refused", "[simulation]") {
  ApiFixture api;
  const std::string invalid =
      "422 Invalid: ListOptions.meta.k8s.io \"\" is invalid: "
      "resourceVersionMatch: ";

  CHECK(listed(api, "?resourceVersionMatch=Exact") ==
        invalid +
            "Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided");
  CHECK(listed(api, "?resourceVersion=0&resourceVersionMatch=Exact") ==
        invalid +
            "Forbidden: resourceVersionMatch \"Exact\" is forbidden for resourceVersion "
            "\"0\"");
  CHECK(listed(api, "?resourceVersion=1&resourceVersionMatch=Roughly") ==
        invalid + "Unsupported value: \"Roughly\": supported values: \"Exact\", \"NotOlderThan\"");
  CHECK(listed(api, "?resourceVersion=x").substr(0, 3) == "400");
}

TEST_CASE("resource version: all pages of a list show the same moment", "[simulation]") {
  ApiFixture api;
  for (const char* name : {"a", "b", "c", "d"}) make(api, name);
  const auto first = api.get_json(maps + "?limit=2");
  api.send("DELETE", maps + "/c");
  make(api, "e");

  const auto second =
      api.get_json(maps + "?limit=5&continue=" + first.string_at("/metadata/continue"));

  CHECK(second.string_at("/items/0/metadata/name") == "c");
  CHECK(second.string_at("/items/1/metadata/name") == "d");
  CHECK(second.elements_at("/items").size() == 2);
  CHECK(second.string_at("/metadata/resourceVersion") ==
        first.string_at("/metadata/resourceVersion"));
}

TEST_CASE("resource version: what lies too far back is gone", "[simulation]") {
  ManualClock clock;
  SimulatedCluster cluster(clock, {.history_length = 5});
  const auto send = [&](const std::string& method, const std::string& target,
                        const std::string& body = "") {
    return serve_api(cluster, ServerRequest{method, target, {}, body, {}});
  };
  for (const char* name : {"a", "b", "c"}) {
    send("POST", maps, Json().set("/metadata/name", name).text());
  }
  const auto page = Json::parse(send("GET", maps + "?limit=1").body);
  const auto then = page.string_at("/metadata/resourceVersion");
  for (int i = 0; i < 9; ++i) {
    send("POST", maps, R"({"metadata":{"generateName":"x-"}})");
  }

  CHECK(outcome(send("GET", maps + "?resourceVersionMatch=Exact&resourceVersion=" + then)) ==
        "410 Expired: The resourceVersion for the provided list is too old.");
  CHECK(outcome(send("GET", maps + "?continue=" + page.string_at("/metadata/continue")))
            .substr(0, 11) == "410 Expired");
  CHECK(outcome(send("GET", maps + "?resourceVersion=" + then)) == "200");
}
