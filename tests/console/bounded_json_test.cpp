#include "cpab/console/bounded_json.h"

#include <catch2/catch.hpp>
#include <string>

#include "cpab/console/decision_view.h"
#include "cpab/console/status_view.h"
#include "cpab/model/json_text.h"
#include "tests/console/records.h"

using namespace cpab;

namespace {

std::string repeated(const std::string& text, std::size_t count) {
  std::string result;
  for (std::size_t i = 0; i < count; ++i) result += text;
  return result;
}

void check(const std::string& json, std::size_t values) { JsonBounds(values).check(json); }

}  // namespace

TEST_CASE("JSON bounds: counts values however they are nested", "[console]") {
  CHECK_NOTHROW(check(R"({"a": [1, "2", null], "b": {}})", 6));
  CHECK_THROWS_WITH(check(R"({"a": [1, "2", null], "b": {}})", 5),
                    Catch::Contains("more values than cpab would send"));
  CHECK_NOTHROW(check("1", 1));
  CHECK_THROWS_AS(check("1 2", 9), JsonError);
  CHECK_THROWS_AS(check("", 9), JsonError);
  CHECK_THROWS_AS(check("[1,]", 9), JsonError);
}

TEST_CASE("JSON bounds: what several texts have is added up", "[console]") {
  JsonBounds bounds(5);
  CHECK_NOTHROW(bounds.check("[1,2]"));
  CHECK_THROWS_AS(bounds.check("[1,2]"), JsonError);
}

TEST_CASE("JSON bounds: a depth that nothing of cpab has is refused", "[console]") {
  CHECK_NOTHROW(check(repeated("[", 16) + repeated("]", 16), 100));
  CHECK_THROWS_WITH(check(repeated("[", 17) + repeated("]", 17), 100),
                    Catch::Contains("nested more than 16 levels deep"));
  CHECK_THROWS_AS(check(repeated("[", 1'000'000), 2'000'000), JsonError);
}

TEST_CASE("console: answers of brackets are refused by every reader", "[console]") {
  const std::string deep = repeated("[", 100'000);
  const std::string wide = "[" + repeated("[],", 1'000'000) + "[]]";
  const std::string in_a_record =
      with(stabilized_record, R"("steps":[)", R"("steps":[)" + repeated("{},", 30'000));
  for (const std::string& text : {deep, wide, in_a_record}) {
    CHECK_THROWS_AS(parse_decision(text), NotFromCpab);
    CHECK_THROWS_AS(parse_status(text), NotFromCpab);
    CHECK_THROWS_AS(parse_decisions(text), NotFromCpab);
  }
  CHECK_THROWS_AS(parse_decisions("[" + repeated(in_a_record + ",", 20) + in_a_record + "]"),
                  NotFromCpab);
}

TEST_CASE("console: a thousand records with all they can have are read", "[console]") {
  const std::string record =
      with(stabilized_record, R"("values":[)",
           R"("values":[)" + repeated(R"({"resource":"pod","value":"1"},)", 19));
  CHECK(parse_decisions("[" + repeated(record + ",", 999) + record + "]").size() == 1000);
}
