#include "cpab/kubernetes/label_selector.h"

#include <catch2/catch.hpp>

namespace cpab {
namespace {

TEST_CASE("normalized_selector: one form for every way to write it", "[kubernetes]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", ""},
      {"  ", ""},
      {"app=web", "app=web"},
      {"app==web", "app=web"},
      {" app = web ", "app=web"},
      {"b in (y,x),a==1,!q", "a=1,b in (x,y),!q"},
      {"z notin ( q , p ),e", "e,z notin (p,q)"},
      {"a in (x,x)", "a in (x)"},
      {"a in ()", "a in ()"},
      {"a in (,x)", "a in (,x)"},
      {"a=", "a="},
      {"a=,b=1", "a=,b=1"},
      {"tier!=db,app=web", "app=web,tier!=db"},
      {"a!=", "a!="},
      {"in in (in),notin", "in in (in),notin"},
      {"app.kubernetes.io/name=web", "app.kubernetes.io/name=web"},
      {"b=2,a=2,a=1", "a=2,a=1,b=2"},
  };
  for (const auto& [text, normalized] : table) {
    CAPTURE(text);
    CHECK(normalized_selector(text) == normalized);
  }
}

TEST_CASE("normalized_selector: refuses what is not a selector", "[kubernetes]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"a>1",
       R"(unable to parse selector "a>1": expected an operator (=, ==, !=, in, notin) after key 'a' at byte 1)"},
      {"a<1",
       R"(unable to parse selector "a<1": expected an operator (=, ==, !=, in, notin) after key 'a' at byte 1)"},
      {"a b",
       R"(unable to parse selector "a b": expected an operator (=, ==, !=, in, notin) after key 'a' at byte 3)"},
      {"a,", R"(unable to parse selector "a,": expected a label key at byte 2)"},
      {",a", R"(unable to parse selector ",a": expected a label key at byte 0)"},
      {"!", R"(unable to parse selector "!": expected a label key at byte 1)"},
      {"=1", R"(unable to parse selector "=1": expected a label key at byte 0)"},
      {"a=1 b=2", R"(unable to parse selector "a=1 b=2": unexpected "b" at byte 4)"},
      {"a===1", R"(unable to parse selector "a===1": unexpected "=" at byte 3)"},
      {"a in x", R"(unable to parse selector "a in x": expected '(' at byte 5)"},
      {"a in (x", R"(unable to parse selector "a in (x": expected ',' or ')' at byte 7)"},
      {"a in (x y)", R"x(unable to parse selector "a in (x y)": expected ',' or ')' at byte 8)x"},
      {"a=1&limit=0", R"(unable to parse selector "a=1&limit=0": unexpected "&" at byte 3)"},
      {"\xFF", "unable to parse selector \"\xEF\xBF\xBD\": expected a label key at byte 0"},
  };
  for (const auto& [text, message] : table) {
    CAPTURE(text);
    CHECK_THROWS_WITH(normalized_selector(text), message);
  }
}

TEST_CASE("selector_text: writes selector objects as the query of the API", "[kubernetes]") {
  const LabelSelector selector{{{"b", "2"}, {"a", "1"}},
                               {{"k", "In", {"y", "x"}},
                                {"e", "Exists", {}},
                                {"n", "DoesNotExist", {}},
                                {"z", "NotIn", {"q"}}}};

  CHECK(selector_text(selector) == "a=1,b=2,e,k in (x,y),!n,z notin (q)");
  CHECK(selector_text(LabelSelector{}) == "");
  CHECK(selector_text(std::nullopt) == "");
}

TEST_CASE("selector_text: refuses operators it does not know", "[kubernetes]") {
  CHECK_THROWS_WITH(selector_text(LabelSelector{{}, {{"k", "Bogus", {"x"}}}}),
                    "\"Bogus\" is not a valid label selector operator");
  CHECK_THROWS_WITH(selector_text(LabelSelector{{}, {{"k", "In", {}}}}),
                    "operator In of label 'k' needs values");
}

}  // namespace
}  // namespace cpab
