#include "cpab/model/decision_record.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("to_json: a whole decision record", "[model]") {
  DecisionRecord record;
  record.id = 7;
  record.time = WallTime(Duration(1'767'225'600'250));
  record.trigger = RunType::scaler;
  record.target = {"apps/v1", "Deployment", "shop", "prod"};
  record.current_replicas = 3;
  record.metrics = {{"shop", "7\n"}};
  record.metric_count = 1;
  record.measured_at = record.time + Duration(1'000);
  record.evaluation = Evaluation{50, "busy"};
  record.steps = {{"maxReplicas", 50, 10, "maxReplicas is 10"}};
  record.limited_by = "maxReplicas";
  record.desired_replicas = 10;
  record.action = Action::scaled;
  record.durations = {{"target", 1.5}, {"metric", 20.0}};
  record.message = "wanted 50, scaled 3 -> 10: maxReplicas is 10 (busy)";

  CHECK(to_json(record) ==
        R"({"id":7,"time":"2026-01-01T00:00:00.250Z","trigger":"scaler","mode":"active",)"
        R"("target":{"apiVersion":"apps/v1","kind":"Deployment","namespace":"prod","name":"shop"},)"
        R"("currentReplicas":3,"metrics":{"count":1,"values":[{"resource":"shop","value":"7\n"}],)"
        R"("measuredAt":"2026-01-01T00:00:01.250Z"},)"
        R"("evaluation":{"targetReplicas":50,"reason":"busy"},)"
        R"("steps":[{"rule":"maxReplicas","from":50,"to":10,"detail":"maxReplicas is 10"}],)"
        R"("limitedBy":"maxReplicas","desiredReplicas":10,"action":"scaled","failure":null,)"
        R"("durations":{"target":1.5,"metric":20.0},)"
        R"--("message":"wanted 50, scaled 3 -> 10: maxReplicas is 10 (busy)"})--");
}

TEST_CASE("to_json: a failed record says stage, reason and the last output", "[model]") {
  DecisionRecord record;
  record.failure =
      Failure{"metric", "exit", "failed to gather metrics: exit status 1", "o", "\xFF"};

  const std::string json = to_json(record);

  CHECK_THAT(json, Catch::Contains(R"("currentReplicas":null)"));
  CHECK_THAT(json, Catch::Contains(R"("action":"failed")"));
  CHECK_THAT(json,
             Catch::Contains(R"("failure":{"stage":"metric","reason":"exit",)"
                             R"("message":"failed to gather metrics: exit status 1","stdout":"o",)"
                             "\"stderr\":\"\xEF\xBF\xBD\"}"));
}

TEST_CASE("decision record: names what each metric asks for", "[model]") {
  DecisionRecord record;
  record.evaluation = Evaluation{3, "busy", {{"Resource", "cpu", 3, "", "62%", "50%", true}}};
  CHECK_THAT(to_json(record),
             Catch::Contains(R"("evaluation":{"targetReplicas":3,"reason":"busy","proposals":[)"
                             R"({"type":"Resource","metric":"cpu","replicas":3,"current":"62%",)"
                             R"("target":"50%","wins":true}]})"));
}

TEST_CASE("decision record: characters that play with terminals are escaped", "[model]") {
  DecisionRecord record;
  record.message =
      "a\xE2\x80\xAE"
      "b\xC2\x9B"
      "c\x7F";
  CHECK_THAT(to_json(record), Catch::Contains(R"("message":"a\u202eb\u009bc\u007f")"));
}

TEST_CASE("redact: takes secrets out of all that others have written", "[model]") {
  const std::string told = "got s3cr3t!";
  DecisionRecord record;
  record.metrics = {{"web", told}};
  record.evaluation = Evaluation{3, told, {{"Pods", told, 3, told, told, told, true}}};
  record.steps = {{"hold", 1, 1, told}};
  record.failure = Failure{"metric", "exit", told, told, told};
  record.message = told;

  redact(record, Redaction({{"s3cr3t", true}}));

  const std::string json = to_json(record);
  CHECK(json.find("s3cr3t") == std::string::npos);
  std::size_t masks = 0;
  for (auto at = json.find("got ***!"); at != json.npos; at = json.find("got ***!", at + 1))
    ++masks;
  CHECK(masks == 11);
}
