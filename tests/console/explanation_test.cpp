#include "cpab/console/explanation.h"

#include <catch2/catch.hpp>

#include "tests/console/records.h"

using namespace cpab;

namespace {

std::string explained(const std::string& json) {
  return explain(parse_decision(json), Style(false));
}

/// The line behind a label.
std::string line(const std::string& text, const std::string& label) {
  const std::size_t start = text.find("\n  " + label) + 3;
  return text.substr(start, text.find('\n', start) - start);
}

}  // namespace

TEST_CASE("explain: what was asked for, what became of it, and why", "[console]") {
  CHECK(explained(stabilized_record) ==
        "Decision 42 for Deployment default/shop, 2026-11-22T03:19:29.250Z, by the timer\n"
        "wanted 9, keeping 8: scale-down stabilization holds 8 until 03:19:37Z\n"
        "\n"
        "  asked for   9 replicas: 348 requests/s, 50 a pod\n"
        "  there were  8 replicas\n"
        "  rules       maxReplicas    9 -> 6  maxReplicas is 6\n"
        "              stabilization  6 -> 8  scale-down stabilization holds 8 until 03:19:37Z "
        "(ScaleDownStabilized)\n"
        "  came out    8 replicas, limited by stabilization\n"
        "  written     nothing: it is what it should be\n"
        "  measured    shop: 348.2\n"
        "  took        2.3 s: target 2.2 ms, scale 0.3 ms, metric 680 ms, evaluate 1.6 s\n");
}

TEST_CASE("explain: a failure, what it printed, and what to do", "[console]") {
  CHECK(explained(failed_record) ==
        "Decision 4 for Deployment default/web, 2026-11-22T03:38:38.781Z, over the API\n"
        "metric failed: exit status 2; keeping 1\n"
        "\n"
        "  there were  1 replica\n"
        "  written     nothing: a failure never changes the count\n"
        "  failed      stage metric, reason exit\n"
        "              failed to gather metrics: exit status 2\n"
        "  stderr      line 1\n"
        "              \\x1b[2Jline 2\n"
        "  stdout      half\n"
        "  what to do  The program ended with an error; what it said is above. Run it by hand "
        "with the input of its stage, which docs/methods.md shows.\n"
        "  took        3.6 ms: target 0.5 ms, metric 3.1 ms\n");
}

TEST_CASE("explain: colours set off, and change nothing else", "[console]") {
  const DecisionView decision = parse_decision(failed_record);
  std::string coloured = explain(decision, Style(true));
  CHECK_THAT(coloured, Catch::Contains("\x1b[31mmetric failed: exit status 2; keeping 1\x1b[0m"));
  for (std::size_t at = 0; (at = coloured.find('\x1b')) != std::string::npos;) {
    coloured.erase(at, coloured.find('m', at) - at + 1);
  }
  CHECK(coloured == explain(decision, Style(false)));
}

TEST_CASE("explain: what several metrics propose", "[console]") {
  const std::string text = explained(with(
      stabilized_record, R"("reason":"348 requests/s, 50 a pod"})",
      R"("proposals":[{"type":"Resource","metric":"cpu","replicas":9,"current":"450m","target":"80%","wins":true},)"
      R"({"type":"External","metric":"queue","error":"no such metric"},)"
      R"({"type":"Pods","metric":"p","replicas":1,"current":{"value":3},)"
      R"("measuredAt":"2026-11-22T03:19:20Z","note":"1 of 2 samples is old"}]})"));
  CHECK_THAT(text, Catch::Contains(
                       "  asked for   9 replicas, without a reason\n"
                       "  proposals   Resource cpu    9 replicas, is 450m, should be 80%: wins\n"
                       "              External queue  failed: no such metric\n"
                       "              Pods p          1 replica, is {\"value\":3}, measured "
                       "2026-11-22T03:19:20Z, 1 of 2 samples is old\n"));
}

TEST_CASE("explain: what proposals say of the metrics is not said again", "[console]") {
  const std::string proposals =
      with(stabilized_record, R"("reason":"348 requests/s, 50 a pod"})",
           R"("proposals":[{"type":"Resource","metric":"cpu","replicas":9,"current":"450m"}]})");
  CHECK_THAT(explained(proposals), Catch::Contains("measured    shop: 348.2"));
  const std::string cut = with(proposals, R"("348.2)", R"("[{\"current_replicas\":3,)");
  CHECK_THAT(explained(cut), !Catch::Contains("measured"));
  CHECK_THAT(explained(cut), Catch::Contains("is 450m"));
}

TEST_CASE("explain: what was written, or why not", "[console]") {
  struct Row {
    std::string action;
    std::string trigger;
    std::string limited_by;
    std::string written;
  };
  const auto row = GENERATE(values<Row>({
      {"scaled", "scaler", "", "written     5 replicas instead of 8"},
      {"scaled", "api_dry_run", "",
       "written     nothing: this is a dry run; otherwise 5 replicas instead of 8"},
      {"shadow", "scaler", "",
       "written     nothing: cpab is in shadow mode; otherwise 5 replicas instead of 8"},
      {"held", "scaler", "conflict",
       "written     nothing: somebody else changed the count meanwhile, and theirs stands"},
      {"held", "scaler", "answer", "written     what the API server made of it: 5 replicas"},
      {"held", "scaler", "hold", "written     nothing: the evaluation asked to keep what is there"},
      {"disabled", "scaler", "disabled",
       "written     nothing: with 0 replicas the target is switched off; scale it up by hand to go "
       "on"},
      {"of-tomorrow", "scaler", "", "written     of-tomorrow"},
  }));
  DecisionView decision = parse_decision(stabilized_record);
  decision.action = row.action;
  decision.trigger = row.trigger;
  decision.limited_by = row.limited_by;
  decision.desired = 5;
  CHECK(line(explain(decision, Style(false)), "written") == row.written);
}

TEST_CASE("explain: a hold, a dry run, more metrics than there are shown", "[console]") {
  const std::string text =
      explained(with(with(with(stabilized_record, R"("targetReplicas":9)", R"("hold":true)"),
                          R"("id":42)", R"("id":0)"),
                     R"("count":1)", R"("count":30)"));
  CHECK_THAT(text, Catch::StartsWith("Dry run for Deployment default/shop, "));
  CHECK(line(text, "asked for") == "asked for   keeping what is there: 348 requests/s, 50 a pod");
  CHECK_THAT(text, Catch::Contains("measured    shop: 348.2\n              and 29 more\n"));
}

TEST_CASE("advice: every reason has its own, and an unknown one has some", "[console]") {
  CHECK(advice("metric", "timeout") ==
        "Make metric faster, or raise its timeout in the configuration.");
  CHECK_THAT(advice("target", "kubernetes"), Catch::Contains("scaleTargetRef"));
  CHECK_THAT(advice("patch", "kubernetes"), Catch::Contains("scale subresource"));
  CHECK_THAT(advice("pods", "kubernetes"), Catch::Contains("list the pods"));
  CHECK_THAT(advice("kubernetesMetrics", "kubernetes"), Catch::Contains("API server"));
  CHECK_THAT(advice("evaluate", "FailedGetPodsMetric"), Catch::Contains("get apiservices"));
  CHECK(advice("metric", "of tomorrow") == "Look at the log of cpab around this time.");
  for (const std::string reason :
       {"exit", "signal", "spawn", "output_too_large", "http_status", "connect", "tls", "closed",
        "truncated", "redirects", "config", "invalid_evaluation", "stopped"}) {
    CHECK(advice("metric", reason) != advice("metric", "of tomorrow"));
  }
}

TEST_CASE("parse_decision: refuses what is no record", "[console]") {
  for (const char* text : {"", "[]", "{}", "nonsense", R"({"id":"x"})", R"({"id":1,"time":2})"}) {
    INFO(text);
    CHECK_THROWS_AS(parse_decision(text), NotFromCpab);
  }
  CHECK_THROWS_AS(parse_decisions("[{}]"), NotFromCpab);
  CHECK_THROWS_AS(parse_decisions("7"), NotFromCpab);
  CHECK(parse_decisions("[" + failed_record + "]") ==
        std::vector<DecisionView>{parse_decision(failed_record)});
}
