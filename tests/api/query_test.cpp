#include "cpab/api/query.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("Query: all boolean spellings of the reference, no others", "[api][contract-69]") {
  const auto yes = GENERATE(as<std::string>{}, "1", "t", "T", "TRUE", "true", "True");
  CHECK(Query("dry_run=" + yes).flag("dry_run"));
  const auto no = GENERATE(as<std::string>{}, "0", "f", "F", "FALSE", "false", "False", "");
  CHECK_FALSE(Query("dry_run=" + no).flag("dry_run"));
  const auto bad = GENERATE(as<std::string>{}, "yes", "tRUE", "10", "+true", "%20true", "on");
  CHECK_THROWS_AS(Query("dry_run=" + bad).flag("dry_run"), QueryError);
}

TEST_CASE("Query: absent, without a value, first of several, exact name", "[api]") {
  CHECK_FALSE(Query("").flag("dry_run"));
  CHECK_FALSE(Query("dry_run").flag("dry_run"));
  CHECK(Query("dry_run=true&dry_run=false").flag("dry_run"));
  CHECK_FALSE(Query("DRY_RUN=true").flag("dry_run"));
  CHECK(Query("&&dry%5Frun=%74rue&").flag("dry_run"));
}

TEST_CASE("Query: what cannot be read is refused instead of dropped", "[api]") {
  const auto text = GENERATE(as<std::string>{}, "dry_run=%zz", "dry_run=%4", "dry_run=%",
                             "a=1;dry_run=true", "dry_run=true;", "%=1");
  CAPTURE(text);
  CHECK_THROWS_AS(Query(text), QueryError);
}
