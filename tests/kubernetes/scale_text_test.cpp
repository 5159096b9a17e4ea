#include "cpab/kubernetes/scale_text.h"

#include <catch2/catch.hpp>

#include "cpab/kubernetes/cluster.h"
#include "cpab/model/json_text.h"

namespace cpab {
namespace {

const std::string prefix =
    "received an object from a /scale endpoint which was not convertible to autoscaling Scale: ";

std::string scale_json(const std::string& spec, const std::string& status,
                       const std::string& version = "autoscaling/v1") {
  return R"({"kind":"Scale","apiVersion":")" + version +
         R"(","metadata":{"name":"web","uid":"u1"},"spec":)" + spec + R"(,"status":)" + status +
         "}\n";
}

TEST_CASE("parse_scale: autoscaling/v1", "[kubernetes]") {
  CHECK(parse_scale(scale_json(R"({"replicas":3})", R"({"replicas":2,"selector":"b=2,a==1"})")) ==
        Scale{"web", "u1", 3, 2, "a=1,b=2"});
}

TEST_CASE("parse_scale: what is left out", "[kubernetes]") {
  CHECK(parse_scale(scale_json("{}", "{}")) == Scale{"web", "u1", std::nullopt, 0, ""});
  CHECK(parse_scale(scale_json("null", "null")) == Scale{"web", "u1", std::nullopt, 0, ""});
  CHECK(parse_scale(scale_json(R"({"replicas":null})", R"({"replicas":null,"selector":null})")) ==
        Scale{"web", "u1", std::nullopt, 0, ""});
  CHECK(parse_scale(scale_json(R"({"replicas":0})", "{}")) == Scale{"web", "u1", 0, 0, ""});
  CHECK(parse_scale(R"({"kind":"Scale","apiVersion":"autoscaling/v1"})") == Scale{});
}

TEST_CASE("parse_scale: the old kinds with a map or a text as selector", "[kubernetes]") {
  const std::string version =
      GENERATE(as<std::string>(), "extensions/v1beta1", "apps/v1beta1", "apps/v1beta2");

  CHECK(parse_scale(scale_json(R"({"replicas":3})", R"({"selector":{"b":"2","a":"1"}})",
                               version)) == Scale{"web", "u1", 3, 0, "a=1,b=2"});
  CHECK(parse_scale(scale_json(R"({"replicas":3})",
                               R"x({"selector":{"a":"1"},"targetSelector":"b in (y,x)"})x",
                               version)) == Scale{"web", "u1", 3, 0, "b in (x,y)"});
}

TEST_CASE("parse_scale: refuses everything that leaves the count open", "[kubernetes]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {R"({"replicas":"3"})", R"(field 'replicas' is "\"3\"", not a 64-bit integer)"},
      {R"({"replicas":3.0})", R"(field 'replicas' is "3.0", not a 64-bit integer)"},
      {R"({"replicas":3e0})", R"(field 'replicas' is "3e0", not a 64-bit integer)"},
      {R"({"replicas":true})", R"(field 'replicas' is "true", not a 64-bit integer)"},
      {R"({"replicas":-1})", "spec.replicas -1 is not in [0, 2147483647]"},
      {R"({"replicas":2147483648})", "spec.replicas 2147483648 is not in [0, 2147483647]"},
      {R"({"replicas":99999999999999999999})",
       R"(field 'replicas' is "99999999999999999999", not a 64-bit integer)"},
      {R"({"replicas":3,"replicas":5})", "duplicate field 'replicas' in spec"},
      {R"([3])", R"(field 'spec' is "[3]", not an object)"},
      {R"({},"spec":{"replicas":3})", "duplicate field 'spec' in the object"},
  };
  for (const auto& [spec, message] : table) {
    CAPTURE(spec);
    CHECK_THROWS_WITH(parse_scale(scale_json(spec, "{}")), prefix + message);
  }
}

TEST_CASE("parse_scale: refuses other objects and selectors", "[kubernetes]") {
  CHECK_THROWS_WITH(parse_scale(scale_json("{}", "{}", "autoscaling/v2")),
                    prefix + R"(it is a "Scale" of "autoscaling/v2")");
  CHECK_THROWS_WITH(parse_scale(R"({"kind":"Deployment","apiVersion":"apps/v1"})"),
                    prefix + R"(it is a "Deployment" of "apps/v1")");
  CHECK_THROWS_WITH(parse_scale("{}"), prefix + R"(it is a "" of "")");
  CHECK_THROWS_WITH(parse_scale("[]"), prefix + R"(it is "[]", not an object)");
  CHECK_THROWS_WITH(parse_scale(R"({"kind":5,"apiVersion":"apps/v1"})"),
                    prefix + R"(field 'kind' is "5", not a string)");
  CHECK_THROWS_WITH(parse_scale(scale_json("{}", R"({"selector":"a>1"})")),
                    prefix +
                        "unable to parse selector \"a>1\": expected an operator (=, ==, !=, "
                        "in, notin) after key 'a' at byte 1");
  CHECK_THROWS_WITH(parse_scale(scale_json("{}", R"({"selector":5})")),
                    prefix + R"(field 'selector' is "5", not a string)");
  CHECK_THROWS_WITH(parse_scale(scale_json("{}", R"({"selector":{"a":1}})")),
                    prefix + "status.selector.a is not a string");
  CHECK_THROWS_WITH(parse_scale(scale_json("{}", R"({"replicas":-2})")),
                    prefix + "status.replicas -2 is not in [0, 2147483647]");
}

TEST_CASE("parse_scale: text that is not JSON is told apart", "[kubernetes]") {
  CHECK_THROWS_AS(parse_scale(""), JsonError);
  CHECK_THROWS_AS(parse_scale("{\"kind\":"), JsonError);
  CHECK_THROWS_AS(parse_scale(std::string(100'000, '[')), JsonError);
  CHECK_THROWS_AS(parse_scale(std::string("\x00\xFF", 2)), JsonError);
  CHECK_THROWS_AS(parse_scale(scale_json("{}", "{}") + "x"), JsonError);
}

}  // namespace
}  // namespace cpab
