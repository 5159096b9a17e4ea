#include "cpab/pipeline/override_json.h"

#include <catch2/catch.hpp>

using namespace cpab;

namespace {

constexpr WallTime six_in_the_evening{Duration(1'769'882'400'000)};  // 2026-01-31T18:00:00Z

std::string complaint_about(const std::string& json) {
  try {
    parse_override(json);
  } catch (const OverrideError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("parse_override: reads every key", "[pipeline]") {
  CHECK(parse_override(R"( {"replicas":20,"min":5,"max":8,"direction":"up","by":"alice",)"
                       R"("until":"2026-01-31T18:00:00Z","reason":"INC-123 \"again\""}  )") ==
        Override{20, 5, 8, Direction::up, six_in_the_evening, "alice", "INC-123 \"again\""});
}

TEST_CASE("parse_override: only the end has to be there, and null is the same as absent",
          "[pipeline]") {
  const Override expected{.until = six_in_the_evening};
  CHECK(parse_override(R"({"until":"2026-01-31T19:00:00.000+01:00"})") == expected);
  CHECK(parse_override(R"({"until":"2026-01-31T18:00:00Z","replicas":null,"min":null,)"
                       R"("direction":null,"by":null})") == expected);
}

TEST_CASE("parse_override: what it does not understand is refused", "[pipeline]") {
  const auto [json, complaint] = GENERATE(table<std::string, std::string>({
      {R"({"replicas":5})",
       "until is missing: write when the override ends, such as \"2026-01-31T18:00:00Z\""},
      {R"({"replicas":5,"until":null})",
       "until is missing: write when the override ends, such as \"2026-01-31T18:00:00Z\""},
      {R"({"until":"tomorrow"})",
       "the override cannot be read: until is \"tomorrow\"; it is a time such as "
       "\"2026-01-31T14:05:30Z\""},
      {R"({"until":1769882400})",
       "the override cannot be read: until is 1769882400; it is a time such as "
       "\"2026-01-31T14:05:30Z\""},
      {R"({"untill":"2026-01-31T18:00:00Z"})",
       "the override cannot be read: untill means nothing here; known are replicas, min, max, "
       "direction, until, by, reason"},
      {R"({"min":1,"min":9,"until":"2026-01-31T18:00:00Z"})",
       "the override cannot be read: min is given twice"},
      {R"({"direction":"sideways","until":"2026-01-31T18:00:00Z"})",
       "direction is neither both, up, down nor none: sideways"},
      {R"({"replicas":"5","until":"2026-01-31T18:00:00Z"})",
       "the override cannot be read: replicas is \"5\"; it is a whole number from 0 to "
       "2147483647"},
      {R"({"by":7,"until":"2026-01-31T18:00:00Z"})",
       "the override cannot be read: by is 7; it is a text in quotes"},
  }));
  CHECK(complaint_about(json) == complaint);
}

TEST_CASE("parse_override: counts are whole and not negative", "[pipeline]") {
  for (const char* count : {"-1", "5.0", "1e1", "2147483648", "true", "[5]", "{}"}) {
    CAPTURE(count);
    const std::string json = R"({"until":"2026-01-31T18:00:00Z","max":)" + std::string(count) + "}";
    CHECK(complaint_about(json) == "the override cannot be read: max is " + std::string(count) +
                                       "; it is a whole number from 0 to 2147483647");
  }
}

TEST_CASE("parse_override: text that is no JSON object is refused", "[pipeline]") {
  for (const char* json : {"", " ", "[]", "5", "null", "{", R"({"until":"2026-01-31T18:00:00Z"} x)",
                           "{\"by\":\"\xff\"}"}) {
    CAPTURE(json);
    CHECK(complaint_about(json).starts_with("the override cannot be read: "));
  }
}

TEST_CASE("to_json: writes what an override limits, and parse_override reads it", "[pipeline]") {
  const Override pause{.direction = Direction::none, .until = six_in_the_evening};
  CHECK(to_json(pause) == R"({"direction":"none","until":"2026-01-31T18:00:00.000Z"})");

  const Override full{20, 5, 8, Direction::up, six_in_the_evening, "al\nice", "\"x\""};
  CHECK(to_json(full) == R"({"replicas":20,"min":5,"max":8,"direction":"up",)"
                         R"("until":"2026-01-31T18:00:00.000Z","by":"al\nice","reason":"\"x\""})");
  CHECK(parse_override(to_json(full)) == full);
}
