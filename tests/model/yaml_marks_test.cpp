#include "cpab/model/yaml_marks.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("yaml_marks: what could be a token is counted, wherever it stands", "[model]") {
  CHECK(yaml_marks("") == 0);
  CHECK(yaml_marks("a: b") == 0);
  CHECK(yaml_marks("a: [b, {c: d}]\n") == 6);
  CHECK(yaml_marks("? &x !t *x") == 4);
  CHECK(yaml_marks(std::string(1000, '{')) == 1000);
}
