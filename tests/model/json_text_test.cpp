#include "cpab/model/json_text.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>

using namespace cpab;

TEST_CASE("json text: a value at a pointer", "[model]") {
  const std::string text = R"({"a/b":[{"c~d":1},"x",[]],"e":{},"":2})";
  CHECK(json_at(text, "/a~1b/0/c~0d") == "1");
  CHECK(json_at(text, "/a~1b/1") == "\"x\"");
  CHECK(json_at(text, "/") == "2");
  CHECK(json_at("[1]", "") == "[1]");
  for (const char* pointer : {"/x", "/a~1b/3", "/a~1b/00", "/a~1b/-1", "/a~1b/1/x", "/e/f", "e"}) {
    INFO(pointer);
    CHECK(json_at(text, pointer) == std::nullopt);
  }
  CHECK_THROWS_AS(json_at("{", "/a"), JsonError);
}

TEST_CASE("json_value: accepts what RFC 8259 allows, without the space around it", "[model]") {
  const auto text = GENERATE(as<std::string>{}, "{}", "[]", "null", "true", "false", "0", "-0",
                             "1.5e-3", "1E+2", "\"\"", "\"\\u00e9\\n\"", "[1,[2,{\"a\":null}]]",
                             "{\"a\":1,\"a\":2}", "\"caf\xC3\xA9\"");
  CAPTURE(text);
  CHECK(json_value(" \t\r\n" + text + "\n ") == text);
  CHECK(nlohmann::json::accept(text));
}

TEST_CASE("json_value: refuses what RFC 8259 does not allow", "[model]") {
  const auto text =
      GENERATE(as<std::string>{}, "", " ", "{", "}", "[1,]", "{\"a\":1,}", "{a:1}", "{'a':1}",
               "[1 2]", "01", "+1", ".5", "1.", "1e", "0x10", "NaN", "Infinity", "-", "tru", "nul",
               "\"", "\"\\q\"", "\"\\u12g4\"", "\"a\nb\"", "\"\xFF\"", "{} {}", "{}x", "// c\n1",
               "\xEF\xBB\xBF{}", "{\"a\"}", "{\"a\":}", "\"\\u12");
  CAPTURE(text);
  CHECK_THROWS_AS(json_value(text), JsonError);
  CHECK_FALSE(nlohmann::json::accept(text == "\xEF\xBB\xBF{}" ? "x" : text));
}

TEST_CASE("json_value: says where the text stops being JSON", "[model]") {
  CHECK_THROWS_WITH(json_value("{\"a\":1}x"), "unexpected text after the JSON value at byte 7");
  CHECK_THROWS_WITH(json_value("[1,"), "unexpected end of JSON at byte 3");
}

TEST_CASE("json_value: nesting is limited instead of overflowing the stack", "[model]") {
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  CHECK(json_value(nested(512)) == nested(512));
  CHECK_THROWS_AS(json_value(nested(513)), JsonError);
  CHECK_THROWS_AS(json_value(std::string(5'000'000, '[')), JsonError);
}

TEST_CASE("json_members: keys unescaped, values as text, in source order", "[model]") {
  using Members = std::vector<std::pair<std::string, std::string_view>>;
  CHECK(json_members(R"( {"b": 1.0 , "\u0061" : {"x":[1]}, "b":"t"} )") ==
        Members{{"b", "1.0"}, {"a", "{\"x\":[1]}"}, {"b", "\"t\""}});
  CHECK(json_members("{}").empty());
  CHECK_THROWS_AS(json_members("[]"), JsonError);
}

TEST_CASE("json_member: the first of that name", "[model]") {
  CHECK(json_member(R"({"a":1,"b":2,"b":3})", "b") == "2");
  CHECK(json_member(R"({"\u0062":2})", "b") == "2");
  CHECK(json_member(R"({"a":{"b":2}})", "b") == std::nullopt);
}

TEST_CASE("json_elements: each element as text", "[model]") {
  CHECK(json_elements(R"( [ 1 , "a,b" ,{"c":[]}] )") ==
        std::vector<std::string_view>{"1", "\"a,b\"", "{\"c\":[]}"});
  CHECK(json_elements("[]").empty());
}

TEST_CASE("json_string: unescapes, none for other values", "[model]") {
  CHECK(json_string(R"("a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00")") ==
        "a\"\\/\b\f\n\r\t\xC3\xA9\xF0\x9F\x98\x80");
  CHECK(json_string(R"("\ud83d")") == "\xEF\xBF\xBD");
  CHECK(json_string("1") == std::nullopt);
  CHECK(json_string("") == std::nullopt);
}

TEST_CASE("json_quote: one line that reads back as the same text", "[model]") {
  const std::string text = "q\"\\ \n\r\t\b\f\x01\x7F caf\xC3\xA9 \xE2\x80\xA8 <&>";
  const std::string quoted = json_quote(text);
  CHECK(quoted.find('\n') == std::string::npos);
  CHECK(nlohmann::json::parse(quoted).get<std::string>() == text);
  CHECK(json_quote("a\xFF"
                   "b") ==
        "\"a\xEF\xBF\xBD"
        "b\"");
}

TEST_CASE("json_one_line: untouched when on one line, otherwise without space", "[model]") {
  CHECK(json_one_line(R"({"a": 1})") == R"({"a": 1})");
  CHECK(json_one_line("{\n  \"a b\": \"c \\\" d\",\r\n \"e\": [1, 2]\n}") ==
        R"({"a b":"c \" d","e":[1,2]})");
}

TEST_CASE("json_quoted_size: is that of the quoted text", "[model]") {
  const auto text = GENERATE(values<std::string>(
      {"", "plain", "a\"b\\c\n\r\t", std::string(3, '\0'), "\x1f\x7f", "h\xC3\xA9", "\xFF\xC3",
       "\xC3\xA9\xFF\xE2\x82\xAC", std::string(1000, 'x') + '\x01'}));
  CHECK(json_quoted_size(text) == json_quote(text).size());
  std::string out = "before";
  append_json_quoted(out, text);
  CHECK(out == "before" + json_quote(text));
}
