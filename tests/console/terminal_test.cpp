#include "cpab/console/terminal.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("clipped: cuts between characters, and says so", "[console]") {
  CHECK(clipped("abc", 3) == "abc");
  CHECK(clipped("abcd", 3) == "ab…");
  CHECK(clipped("äöü€", 4) == "äöü€");
  CHECK(clipped("äöü€", 3) == "äö…");
  CHECK(clipped("\xff\xff\xff", 2) == "\xff…");
  CHECK(clipped("a", 0).empty());
  CHECK(clipped("", 0).empty());
}

TEST_CASE("style: sets off by what a decision came to, or not at all", "[console]") {
  CHECK(Style(true).by_action("x", "failed") == "\x1b[31mx\x1b[0m");
  CHECK(Style(true).by_action("x", "scaled") == "\x1b[32mx\x1b[0m");
  CHECK(Style(true).by_action("x", "shadow") == "\x1b[33mx\x1b[0m");
  CHECK(Style(true).by_action("x", "unchanged") == "x");
  CHECK(Style(true).strong("").empty());
  CHECK(Style(false).by_action("x", "failed") == "x");
}
