#include "cpab/model/metric_proposal.h"

#include <catch2/catch.hpp>

#include "cpab/model/evaluation.h"

using namespace cpab;

TEST_CASE("proposals: are read as they are written", "[model]") {
  const std::vector<MetricProposal> proposals = {
      {"Resource", "cpu", 3, "", "62%", "50%", true},
      {"External", "queue \"a\"", std::nullopt, "no\nanswer", "", "10 (avg)", false},
      {"Pods", "hits", 2, "", "1", "2", false, "2026-01-01T00:00:00Z", "one is old"}};
  const std::string json =
      R"([{"type":"Resource","metric":"cpu","replicas":3,"current":"62%","target":"50%",)"
      R"("wins":true},{"type":"External","metric":"queue \"a\"","error":"no\nanswer",)"
      R"x("target":"10 (avg)"},{"type":"Pods","metric":"hits","replicas":2,"current":"1",)x"
      R"("target":"2","measuredAt":"2026-01-01T00:00:00Z","note":"one is old"}])";

  CHECK(to_json(proposals) == json);
  CHECK(parse_proposals(json) == proposals);
}

TEST_CASE("proposals: nothing in them fails an evaluation", "[model]") {
  const std::string proposals =
      GENERATE(as<std::string>(), "null", "5", "\"many\"", "{}", "[]", "[5,null,[]]",
               R"([{"replicas":"3"}])", R"([{"replicas":-3}])", R"([{"replicas":1e99}])",
               R"([{"type":5,"metric":{},"error":[],"current":null,"target":true,"wins":"no"}])");
  CAPTURE(proposals);
  const Evaluation evaluation =
      parse_evaluation(R"({"targetReplicas":4,"proposals":)" + proposals + "}");
  CHECK(evaluation.target_replicas == 4);
  for (const MetricProposal& proposal : evaluation.proposals) CHECK(proposal == MetricProposal{});
}

TEST_CASE("proposals: there is a limit to what is kept", "[model]") {
  std::string json = "[{}";
  for (int i = 0; i < 1000; ++i) json += ",{}";
  CHECK(parse_proposals(json + "]").size() == 100);
  const std::string text(5000, 'x');
  CHECK(parse_proposals("[{\"error\":\"" + text + "\"}]").at(0).error.size() == 1024);
}

TEST_CASE("proposals: an evaluation prints them", "[model]") {
  Evaluation evaluation{4, "busy", {{"Resource", "cpu", 4, "", "", "", true}}};
  CHECK(to_json(evaluation) ==
        R"({"targetReplicas":4,"reason":"busy","proposals":[{"type":"Resource","metric":"cpu",)"
        R"("replicas":4,"wins":true}]})");
  CHECK(parse_evaluation(to_json(evaluation)) == evaluation);
}
