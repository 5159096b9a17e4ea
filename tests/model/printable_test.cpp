#include "cpab/model/printable.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("printable: control characters are spelled out, tabs and letters stay", "[model]") {
  CHECK(printable("a\tb \xC3\xA9 \xE2\x82\xAC", "") == "a\tb \xC3\xA9 \xE2\x82\xAC");
  CHECK(printable("\x1b[2J\r\x7f", "") == "\\x1b[2J\\x0d\\x7f");
  CHECK(printable("\xC2\x9B", "") == "\xC2\\x9b");
  CHECK(printable(std::string("\0", 1), "") == "\\x00");
}

TEST_CASE("printable: a line break is followed by the indent", "[model]") {
  CHECK(printable("a\nb\n", "  ") == "a\n  b\n  ");
}
