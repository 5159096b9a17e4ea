#include "cpab/api/query.h"

#include <array>
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
  CHECK_FALSE(Query("dry_run=").flag("dry_run"));
  CHECK(Query("dry_run=true&dry_run=false").flag("dry_run"));
  CHECK_FALSE(Query("DRY_RUN=true").flag("dry_run"));
  CHECK(Query("&&dry%5Frun=%74rue&").flag("dry_run"));
}

TEST_CASE("Query: a flag without = and a value might be meant to be true, and is refused",
          "[api]") {
  const auto text = GENERATE(as<std::string>{}, "dry_run", "a=1&dry_run", "dry%5Frun&dry_run=true");
  CAPTURE(text);
  CHECK(Query(text).is_bare("dry_run"));
  CHECK_THROWS_WITH(Query(text).flag("dry_run"),
                    "The query parameter 'dry_run' has no value; write 'dry_run=true' or "
                    "'dry_run=false'. Nothing was done");
  CHECK_FALSE(Query("dry_run=&dry_run").is_bare("dry_run"));
}

TEST_CASE("Query: a parameter of another name is refused, with the one that may be meant",
          "[api]") {
  const std::array<std::string_view, 2> known = {"dry_run", "explain"};
  for (const char* fine : {"", "dry_run=true", "explain&dry_run=1", "&&dry%5Frun=x"}) {
    CAPTURE(fine);
    CHECK_NOTHROW(Query(fine).allow_only(known));
  }
  const auto name = GENERATE(as<std::string>{}, "dryrun", "dry-run", "dryRun", "DRY_RUN", "dry_ran",
                             "dy_run", "dry_run%20", "%20dry_run", "dryRun&dry_run");
  CAPTURE(name);
  CHECK_THROWS_WITH(Query(name + "=true").allow_only(known),
                    Catch::StartsWith("There is no parameter '") &&
                        Catch::EndsWith("' here; did you mean 'dry_run'? Nothing was done"));
  CHECK_THROWS_WITH(Query("limit=1").allow_only(known),
                    "There is no parameter 'limit' here. Nothing was done");
  CHECK_THROWS_AS(Query("=true").allow_only(known), QueryError);
  CHECK_THROWS_AS(Query("a").allow_only({}), QueryError);
}

TEST_CASE("Query: what cannot be read is refused instead of dropped", "[api]") {
  const auto text = GENERATE(as<std::string>{}, "dry_run=%zz", "dry_run=%4", "dry_run=%",
                             "a=1;dry_run=true", "dry_run=true;", "%=1");
  CAPTURE(text);
  CHECK_THROWS_AS(Query(text), QueryError);
}
