#include "cpab/simulation/selectors.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("selectors: labels match as Kubernetes says", "[simulation]") {
  struct Row {
    std::string selector;
    bool matches;
  };
  const std::map<std::string, std::string> labels{{"app", "web"}, {"tier", "front"}, {"x", ""}};
  const auto row = GENERATE(values<Row>({
      {"", true},
      {"app=web", true},
      {"app==web", true},
      {"app = web", true},
      {"app=other", false},
      {"app!=other", true},
      {"app!=web", false},
      {"missing!=web", true},
      {"app in (web,other)", true},
      {"app in (web), tier in (back)", false},
      {"app notin (other)", true},
      {"app notin (other, web)", false},
      {"missing notin (a)", true},
      {"missing in (a)", false},
      {"app", true},
      {"missing", false},
      {"!missing", true},
      {"!app", false},
      {"x=", true},
      {"app=web,tier=front,!missing", true},
      {"app=web,tier=back", false},
  }));
  CAPTURE(row.selector);
  CHECK(ParsedSelector::parse(row.selector).matches(labels) == row.matches);
}

TEST_CASE("selectors: what is no selector is refused", "[simulation]") {
  const auto text = GENERATE("=a", "a=b c", "a in x", "a in (b", "a=(b)", "a b", "a>1", "!");
  CAPTURE(text);
  CHECK_THROWS_AS(ParsedSelector::parse(text), SelectorError);
}

TEST_CASE("selectors: the selector of an object becomes text", "[simulation]") {
  CHECK(selector_as_text(Json::parse(R"({"b":"2","a":"1"})")) == "a=1,b=2");
  CHECK(selector_as_text(Json::parse(
            R"({"matchLabels":{"a":"1"},"matchExpressions":[
                {"key":"k","operator":"In","values":["y","x"]},
                {"key":"n","operator":"NotIn","values":["z"]},
                {"key":"e","operator":"Exists"},{"key":"d","operator":"DoesNotExist"}]})")) ==
        "a=1,k in (x,y),n notin (z),e,!d");
  CHECK(selector_as_text(Json::parse("null")) == "");
}

TEST_CASE("selectors: fields match as Kubernetes says", "[simulation]") {
  const auto pod = Json::parse(
      R"({"metadata":{"name":"a"},"spec":{"hostNetwork":true},"status":{"phase":"Running"}})");
  const auto matches = [&](const std::string& text) {
    return FieldSelector::parse(text, type_of_kind("Pod")).matches(pod);
  };

  CHECK(matches(""));
  CHECK(matches("metadata.name=a"));
  CHECK(matches("metadata.name==a,status.phase!=Failed"));
  CHECK(matches("spec.hostNetwork=true"));
  CHECK(matches("spec.nodeName="));
  CHECK_FALSE(matches("metadata.name=b"));
  CHECK_FALSE(matches("status.phase!=Running"));
  CHECK_THROWS_WITH(matches("metadata.name"),
                    "invalid selector: 'metadata.name'; can't understand 'metadata.name'");
}

TEST_CASE("selectors: each type has the fields it can be selected by", "[simulation]") {
  const auto parse = [](const char* kind, const std::string& text) {
    FieldSelector::parse(text, type_of_kind(kind));
  };

  CHECK_NOTHROW(parse("Event", "involvedObject.kind=Pod,reason!=x"));
  CHECK_NOTHROW(parse("Deployment", "metadata.namespace=a"));
  CHECK_THROWS_WITH(parse("Pod", "spec.x=1"), "field label not supported: spec.x");
  CHECK_THROWS_WITH(parse("Namespace", "metadata.namespace=a"),
                    "field label not supported: metadata.namespace");
  CHECK_THROWS_WITH(parse("Deployment", "status.replicas=1"),
                    R"("status.replicas" is not a known field selector: only "metadata.name", )"
                    R"("metadata.namespace")");
}
