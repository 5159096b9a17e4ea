#include "cpab/kubernetes/object_text.h"

#include <catch2/catch.hpp>

#include "cpab/kubernetes/cluster.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

TEST_CASE("resource_of: an object that says what it is travels byte for byte", "[kubernetes]") {
  const std::string text = R"({ "kind":"Foo","apiVersion":"x/v1", "big":12345678901234567890.10,)"
                           R"("metadata":{"uid":"u","name":"n"}, "new":[1e400,"\u00e4"] })";

  CHECK(resource_of(text, "v1", "Pod") == Resource{"n", "u", text});
}

TEST_CASE("resource_of: an item of a list is given its type", "[kubernetes]") {
  CHECK(resource_of(R"({"metadata":{"name":"a"}})", "v1", "Pod") ==
        Resource{"a", "", R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"}})"});
  CHECK(resource_of(R"({"apiVersion":"v2","metadata":{"name":"a"}})", "v1", "Pod").json ==
        R"({"kind":"Pod","apiVersion":"v2","metadata":{"name":"a"}})");
  CHECK(resource_of(R"({"kind":"X","metadata":{"name":"a"}})", "v1", "Pod").json ==
        R"({"apiVersion":"v1","kind":"X","metadata":{"name":"a"}})");
}

TEST_CASE("resource_of: line breaks go", "[kubernetes]") {
  CHECK(resource_of("{\n \"metadata\": {\"name\": \"a b\"}\r\n}", "v1", "Pod").json ==
        R"({"apiVersion":"v1","kind":"Pod","metadata":{"name":"a b"}})");
}

TEST_CASE("resource_of: what is not an object with a name is an error", "[kubernetes]") {
  CHECK_THROWS_WITH(resource_of("[]", "v1", "Pod"), R"(the Pod is "[]", not an object)");
  CHECK_THROWS_WITH(resource_of("{}", "v1", "Pod"), "the Pod has no metadata.name");
  CHECK_THROWS_WITH(resource_of(R"({"metadata":5})", "v1", "Pod"), "the Pod has no metadata.name");
  CHECK_THROWS_WITH(resource_of(R"({"metadata":{"name":5}})", "v1", "Pod"),
                    R"(field 'name' is "5", not a string)");
  CHECK_THROWS_AS(resource_of("{", "v1", "Pod"), JsonError);
}

}  // namespace
}  // namespace cpab
