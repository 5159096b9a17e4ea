#include "cpab/model/replaced.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("replaced: every mark, and none that a value brings in", "[model]") {
  CHECK(replaced("{a}/x/{a}", "{a}", "b{a}") == "b{a}/x/b{a}");
  CHECK(replaced("{name}", "{a}", "b") == "{name}");
  CHECK(replaced("", "{a}", "b").empty());
}
