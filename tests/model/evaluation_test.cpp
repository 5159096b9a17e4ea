#include "cpab/model/evaluation.h"

#include <catch2/catch.hpp>
#include <string>

using namespace cpab;

TEST_CASE("parse_evaluation: answers that say plainly how many", "[model][contract-48]") {
  struct Row {
    std::string answer;
    std::int32_t replicas;
  };
  const auto row = GENERATE(values<Row>({
      {R"({"targetReplicas":5})", 5},
      {" \r\n\t{\"targetReplicas\" : 5}\n", 5},
      {R"({"TARGETreplicas":5})", 5},
      {R"({"target\u0052eplicas":5})", 5},
      {R"({"targetReplicas":5,"other":{"a":[1]}})", 5},
      {R"({"targetReplicas":0})", 0},
      {R"({"targetReplicas":-0})", 0},
      {R"({"targetReplicas":3.0})", 3},
      {R"({"targetReplicas":4e0})", 4},
      {R"({"targetReplicas":1e1})", 10},
      {R"({"targetReplicas":1200e-2})", 12},
      {R"({"targetReplicas":2147483647})", 2147483647},
      {R"({"targetReplicas":5,"targetReplicas":5.0})", 5},
      {R"({"targetReplicas":5,"hold":false})", 5},
      {R"({"targetReplicas":5,"reason":{"not":"words"}})", 5},
      {"{\"targetReplicas\":5,\"x\":\"\xFF\"}", 5},
  }));
  CAPTURE(row.answer);
  CHECK(parse_evaluation(row.answer) == Evaluation{row.replicas, ""});
}

TEST_CASE("parse_evaluation: what is no UTF-8 is replaced, and counts as text only within strings",
          "[model]") {
  const std::string replaced = "caf\xEF\xBF\xBD";
  for (const std::string& reason : {std::string("caf\xE9"), std::string("caf\\ud800"),
                                    std::string("caf\\udc00"), std::string("caf\xC0")}) {
    CAPTURE(reason);
    CHECK(parse_evaluation("{\"targetReplicas\":4,\"reason\":\"" + reason + "\"}") ==
          Evaluation{4, replaced});
  }
  for (const std::string& answer :
       {std::string("\xFF{\"targetReplicas\":4}"), std::string("{\"targetReplicas\":4\xE9}"),
        std::string("{\"targetReplicas\":\xE9}"), std::string("{\"targetReplicas\xFF\":4}"),
        std::string("{\"targetReplicas\":4}\xFF")}) {
    CAPTURE(answer);
    CHECK_THROWS_AS(parse_evaluation(answer), EvaluationError);
  }
}

TEST_CASE("parse_evaluation: anything else is refused, never guessed", "[model][contract-48]") {
  struct Row {
    std::string answer;
    std::string why;
  };
  const auto row = GENERATE(values<Row>({
      {"", "the answer is empty"},
      {" \n", "the answer is empty"},
      {"{}", "targetReplicas is missing"},
      {"null", "the answer is not a JSON object"},
      {"5", "the answer is not a JSON object"},
      {"[5]", "the answer is not a JSON object"},
      {"text", "unexpected character at byte 0"},
      {R"({"replicas":5})", "targetReplicas is missing"},
      {R"({"targetReplica":5})",
       "targetReplicas is missing; did you mean it by \"targetReplica\"?"},
      {R"({"x":1,"target_replicas":5,"tragetReplicas":5})",
       "targetReplicas is missing; did you mean it by \"target_replicas\"?"},
      {R"({"targetReplicas":null})", "targetReplicas is null, which is not a number"},
      {R"({"targetReplicas":"5"})", "targetReplicas is \"5\", which is not a number"},
      {R"({"targetReplicas":true})", "targetReplicas is true, which is not a number"},
      {R"({"targetReplicas":[4]})", "targetReplicas is [4], which is not a number"},
      {R"({"targetReplicas":-4})",
       "targetReplicas is -4, which is negative; it must lie in [0, 2147483647]"},
      {R"({"targetReplicas":5.5})", "targetReplicas is 5.5, which is not a whole number"},
      {R"({"targetReplicas":1e-1})", "targetReplicas is 1e-1, which is not a whole number"},
      {R"({"targetReplicas":2147483648})",
       "targetReplicas is 2147483648, which is more than 2147483647"},
      {R"({"targetReplicas":1e400})", "targetReplicas is 1e400, which is more than 2147483647"},
      {R"({"targetReplicas":1e99999999999999999999})",
       "targetReplicas is 1e99999999999999999999, which is more than 2147483647"},
      {R"({"targetReplicas":4,"targetReplicas":5})",
       "targetReplicas is given more than once with different values"},
      {R"({"targetReplicas":4,"TargetReplicas":5})",
       "targetReplicas is given more than once with different values"},
      {R"({"targetReplicas":4,"hold":true})", "both targetReplicas and hold are given"},
      {R"({"hold":"yes"})", "hold is \"yes\", which is neither true nor false"},
      {R"({"hold":false})", "targetReplicas is missing"},
      {R"({"targetReplicas":4}x)", "unexpected text after the JSON value at byte 20"},
      {R"({"targetReplicas":4}{"targetReplicas":5})",
       "unexpected text after the JSON value at byte 20"},
      {R"({"targetReplicas":)", "unexpected end of JSON at byte 18"},
      {R"({"targetReplicas":04})", "expected '}' at byte 19"},
      {R"({"targetReplicas":NaN})", "unexpected character at byte 18"},
      {"Warning: x\n{\"targetReplicas\":4}", "unexpected character at byte 0"},
      {"\xEF\xBB\xBF{\"targetReplicas\":4}",
       "the answer begins with a byte order mark; write it without one"},
  }));
  CAPTURE(row.answer);
  CHECK_THROWS_WITH(parse_evaluation(row.answer),
                    "failed to parse JSON evaluation, got '" + row.answer + "': " + row.why);
}

TEST_CASE("parse_evaluation: a zero byte does not end the message", "[model]") {
  CHECK_THROWS_WITH(parse_evaluation(std::string("{\"targetReplicas\":4}\0", 21)),
                    "failed to parse JSON evaluation, got '{\"targetReplicas\":4}\\x00': "
                    "unexpected text after the JSON value at byte 20");
}

TEST_CASE("parse_evaluation: hold and reason", "[model]") {
  CHECK(parse_evaluation(R"({"hold":true})") == Evaluation{std::nullopt, ""});
  CHECK(parse_evaluation(R"({"hold":true,"reason":"no data"})") ==
        Evaluation{std::nullopt, "no data"});
  CHECK(parse_evaluation(R"({"reason":"busy","targetReplicas":9})") == Evaluation{9, "busy"});
}

TEST_CASE("parse_evaluation: a long answer is quoted up to a limit", "[model]") {
  const std::string flood(100'000, 'x');
  try {
    parse_evaluation(flood);
    FAIL("accepted");
  } catch (const EvaluationError& error) {
    CHECK(std::string(error.what()).size() < 1200);
    CHECK_THAT(error.what(), Catch::Contains("... (100000 bytes)"));
  }
}

TEST_CASE("to_json: an evaluation as the stages after it see it", "[model]") {
  CHECK(to_json(Evaluation{5, ""}) == R"({"targetReplicas":5})");
  CHECK(to_json(Evaluation{5, "a \"b\""}) == R"({"targetReplicas":5,"reason":"a \"b\""})");
  CHECK(to_json(Evaluation{std::nullopt, ""}) == R"({"hold":true})");
}
