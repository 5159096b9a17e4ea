#include "cpab/model/printable.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("printable: control characters are spelled out, tabs and letters stay", "[model]") {
  CHECK(printable("a\tb \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80", "") ==
        "a\tb \xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
  CHECK(printable("\x1b[2J\r\x7f", "") == "\\x1b[2J\\x0d\\x7f");
  CHECK(printable("\xC2\x80 \xC2\x85 \xC2\x9B \xC2\xA0", "") == "\\u0080 \\u0085 \\u009b \xC2\xA0");
  CHECK(printable(std::string("\0", 1), "") == "\\x00");
}

TEST_CASE("printable: a line break is followed by the indent", "[model]") {
  CHECK(printable("a\nb\n", "  ") == "a\n  b\n  ");
}

TEST_CASE("printable: what turns the writing round or breaks lines is spelled out", "[model]") {
  CHECK(printable("a\u061Cb\u200E\u200F\u202A\u202E\u2066\u2069", "") ==
        R"(a\u061cb\u200e\u200f\u202a\u202e\u2066\u2069)");
  CHECK(printable("a\u2028b\u2029c\uFEFF\u200Bd\u2060", "") ==
        R"(a\u2028b\u2029c\ufeff\u200bd\u2060)");
  // What words and emoji need stays.
  CHECK(printable("\u200C\u200D\u00AD", "") == "\u200C\u200D\u00AD");
}

TEST_CASE("printable: bytes that are no UTF-8 are spelled out", "[model]") {
  CHECK(printable("\x9B"
                  "31m \xC2",
                  "") == "\\x9b31m \\xc2");
  CHECK(printable("\xED\xA0\x80", "") == "\\xed\\xa0\\x80");  // a surrogate
}

TEST_CASE("printable_json: the same value, without characters that do harm", "[model]") {
  CHECK(printable_json("{\"a\u202E\":\"\xC2\x85\x7F\u00E9\u2028\",\n\"b\":1}") ==
        "{\"a\\u202e\":\"\\u0085\\u007f\u00E9\\u2028\",\n\"b\":1}");
  CHECK(printable_json("[\"\u00E9\u20AC\"]") == "[\"\u00E9\u20AC\"]");
  CHECK(printable_json("[\"\\u001b\"]") == "[\"\\u001b\"]");
}
