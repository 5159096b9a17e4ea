#include "cpab/model/utf8.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cpab;

TEST_CASE("utf8_length: sequences of every length, and what is not one", "[model]") {
  struct Row {
    std::string text;
    std::size_t length;
  };
  const auto row = GENERATE(values<Row>({{"a", 1},
                                         {std::string("\0", 1), 1},
                                         {"\xC3\xA9", 2},
                                         {"\xE2\x82\xAC", 3},
                                         {"\xF0\x9F\x98\x80", 4},
                                         {"\x80", 0},
                                         {"\xC0\x80", 0},
                                         {"\xC3", 0},
                                         {"\xC3(", 0},
                                         {"\xE0\x80\x80", 0},
                                         {"\xED\xA0\x80", 0},
                                         {"\xF0\x80\x80\x80", 0},
                                         {"\xF4\x90\x80\x80", 0},
                                         {"\xF5\x80\x80\x80", 0},
                                         {"\xFF", 0}}));
  CAPTURE(row.text);
  CHECK(utf8_length(row.text) == row.length);
}

TEST_CASE("utf8_repaired: each invalid byte becomes one replacement character", "[model]") {
  CHECK(utf8_repaired("a\xFF\xFE"
                      "b") ==
        "a\xEF\xBF\xBD\xEF\xBF\xBD"
        "b");
  CHECK(utf8_repaired("\xE2\x82") == "\xEF\xBF\xBD\xEF\xBF\xBD");
  CHECK(utf8_repaired("caf\xC3\xA9") == "caf\xC3\xA9");
  CHECK(utf8_repaired("").empty());
}

TEST_CASE("utf8_prefix: no character is cut in two", "[model]") {
  CHECK(utf8_prefix("abc", 3) == "abc");
  CHECK(utf8_prefix("abc", 2) == "ab");
  CHECK(utf8_prefix("a\xC3\xA9z", 2) == "a");
  CHECK(utf8_prefix("a\xC3\xA9z", 3) == "a\xC3\xA9");
  CHECK(utf8_prefix("\xF0\x9F\x98\x80z", 3).empty());
  CHECK(utf8_prefix("\xF0\x9F\x98\x80z", 4) == "\xF0\x9F\x98\x80");
  CHECK(utf8_prefix("\x80\x80\x80\x80\x80\x80", 5) == "\x80\x80\x80\x80\x80");
  CHECK(utf8_prefix("a\xFFz", 2) == "a\xFF");
  CHECK(utf8_prefix("abc", 0).empty());
}

TEST_CASE("nul_escaped: zero bytes are spelled out, all else stays", "[model]") {
  CHECK(nul_escaped(std::string("a\0b\0", 4)) == "a\\x00b\\x00");
  CHECK(nul_escaped("caf\xC3\xA9\n") == "caf\xC3\xA9\n");
}
