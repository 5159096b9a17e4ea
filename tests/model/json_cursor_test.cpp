#include "cpab/model/json_cursor.h"

#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

using cpab::JsonCursor;
using cpab::JsonError;

TEST_CASE("json cursor: one walk reads members on several levels", "[model]") {
  JsonCursor cursor(R"( {"metadata": {"name": "web", "uid": "7"}, "items": [1, {"a": []}, "x"]} )");
  std::map<std::string, std::string> metadata;
  std::vector<std::string> items;

  cursor.members([&](std::string_view key) {
    if (key == "items") {
      cursor.elements([&] { items.emplace_back(cursor.value()); });
    } else {
      cursor.members([&](std::string_view name) {
        metadata.emplace(name, cursor.value());
        return true;
      });
    }
    return true;
  });
  cursor.skip_space();

  CHECK(metadata == std::map<std::string, std::string>{{"name", R"("web")"}, {"uid", R"("7")"}});
  CHECK(items == std::vector<std::string>{"1", R"({"a": []})", R"("x")"});
  CHECK(cursor.at_end());
}

TEST_CASE("json cursor: keys are unescaped", "[model]") {
  JsonCursor cursor(R"({"\u006eame":1,"a\"b":2,"plain":3})");
  std::vector<std::string> keys;

  cursor.members([&](std::string_view key) {
    keys.emplace_back(key);
    cursor.value();
    return true;
  });

  CHECK(keys == std::vector<std::string>{"name", "a\"b", "plain"});
}

TEST_CASE("json cursor: a walk ends where the visitor wants", "[model]") {
  JsonCursor cursor(R"({"a":1,"b":this is never looked at)");
  std::vector<std::string> keys;

  cursor.members([&](std::string_view key) {
    keys.emplace_back(key);
    if (key == "b") return false;
    cursor.value();
    return true;
  });

  CHECK(keys == std::vector<std::string>{"a", "b"});
}

TEST_CASE("json cursor: text_of is what was stepped over", "[model]") {
  JsonCursor cursor(R"([{"a": 1} , 2])");
  std::vector<std::string> texts;

  cursor.elements([&] { texts.emplace_back(cursor.text_of([&] { cursor.value(); })); });

  CHECK(texts == std::vector<std::string>{R"({"a": 1})", "2"});
}

TEST_CASE("json cursor: nesting counts the levels a visitor went down itself", "[model]") {
  std::string text(513, '[');
  JsonCursor cursor(text);
  const auto descend = [&](const auto& self) -> void { cursor.elements([&] { self(self); }); };

  CHECK_THROWS_WITH(descend(descend), "nested too deeply at byte 512");
}

// Strings are looked at eight characters at a time where that is possible.
TEST_CASE("json cursor: what ends or breaks a string is found wherever it stands", "[model]") {
  for (std::size_t length = 0; length < 20; ++length) {
    for (std::size_t at = 0; at < length; ++at) {
      std::string content(length, 'x');
      const auto text_with = [&](const std::string& piece) {
        return '"' + std::string(content).replace(at, 1, piece) + '"';
      };
      CAPTURE(length, at);

      for (const std::string piece : {"x", " ", "~", "\\n", "\\u00e9", "\xc3\xa9", "\x7f"}) {
        const std::string text = text_with(piece);
        CHECK(JsonCursor(text + ",").string() == text);
      }
      CHECK(JsonCursor(text_with("\"")).string().size() == at + 2);
      const std::string where = " at byte " + std::to_string(at + 1);
      CHECK_THROWS_WITH(JsonCursor(text_with("\n")).string(),
                        "control character in a string" + where);
      CHECK_THROWS_WITH(JsonCursor(text_with("\x1f")).string(),
                        "control character in a string" + where);
      CHECK_THROWS_WITH(JsonCursor(text_with("\xff")).string(), "invalid UTF-8" + where);
      CHECK_THROWS_AS(JsonCursor(text_with("\\q")).string(), JsonError);
    }
  }
}
