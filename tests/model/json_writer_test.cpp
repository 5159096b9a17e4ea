#include "cpab/model/json_writer.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("JsonWriter: one object of all kinds of values", "[model]") {
  JsonWriter json;
  json.add("null", "null").add_text("text", "a \"b\"\n").add_text_unless_empty("none", "");
  json.add_number("count", -3).add_bool("yes", true).add_bool("no", false);
  json.add_list("items", {"1", "{}"}).add_list("nothing", {});
  json.add_with("more", [](std::string& text) { text += "[0]"; });

  CHECK(json.finish() == R"({"null":null,"text":"a \"b\"\n","count":-3,"yes":true,"no":false,)"
                         R"("items":[1,{}],"nothing":[],"more":[0]})");
  CHECK(JsonWriter().finish() == "{}");
}

TEST_CASE("JsonWriter: numbers are as short as they can be", "[model]") {
  const auto text = [](double value) { return JsonWriter().add_double("n", value).finish(); };
  CHECK(text(0) == R"({"n":0.0})");
  CHECK(text(20) == R"({"n":20.0})");
  CHECK(text(182.437034) == R"({"n":182.437034})");
  CHECK(text(0.1) == R"({"n":0.1})");
  CHECK(text(1e300) == R"({"n":1e+300})");
}
