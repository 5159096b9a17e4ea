#include "cpab/methods/hpa_method.h"

#include <catch2/catch.hpp>
#include <optional>

#include "cpab/methods/kubernetes_method.h"
#include "cpab/model/evaluation.h"
#include "cpab/model/json_text.h"

using namespace cpab;

namespace {

constexpr const char* new_year = "2026-01-01T00:00:00Z";

/// A pod of that name with a sample and a request each.
struct Pod {
  std::string name;
  std::int64_t usage = 0;
  std::int64_t request = 100;
};

std::string pods_json(const std::vector<Pod>& pods, const std::string& more) {
  std::string samples;
  std::string requests;
  for (const Pod& pod : pods) {
    const std::string comma = samples.empty() ? "" : ",";
    samples += comma + json_quote(pod.name) +
               R"(:{"Timestamp":"2026-01-01T00:00:00Z","Window":30000000000,"Value":)" +
               std::to_string(pod.usage) + "}";
    requests += comma + json_quote(pod.name) + ":" + std::to_string(pod.request);
  }
  return R"({"pod_metrics_info":{)" + samples + R"(},"requests":{)" + requests +
         R"(},"ready_pod_count":)" + std::to_string(pods.size()) + more +
         R"(,"total_pods":3,"timestamp":"2026-01-01T00:00:00Z"})";
}

constexpr const char* cpu_spec =
    R"({"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization",)"
    R"("averageUtilization":50}}})";

constexpr const char* queue_spec =
    R"({"type":"External","external":{"metric":{"name":"queue"},"target":)"
    R"({"type":"AverageValue","averageValue":"10"}}})";

std::string element(int current, const std::string& spec, const std::string& members) {
  return R"({"current_replicas":)" + std::to_string(current) + R"(,"spec":)" + spec + "," +
         members + "}";
}

/// CPU of `current` pods, all of which use `usage` of the 100 they request.
std::string cpu(int current, std::int64_t usage) {
  std::vector<Pod> pods;
  pods.reserve(static_cast<std::size_t>(current));
  for (int i = 0; i < current; ++i) pods.push_back({"shop-" + std::to_string(i), usage});
  return element(current, cpu_spec,
                 R"("resource":)" + pods_json(pods, R"(,"ignored_pods":{},"missing_pods":{})") +
                     R"(,"status_replicas":)" + std::to_string(current) + R"(,"ended_pods":{})");
}

std::string queue(int current, std::int64_t value) {
  return element(current, queue_spec,
                 R"("external":{"current":{"average_value":)" + std::to_string(value) +
                     R"(},"timestamp":"2026-01-01T00:00:00Z"},"status_replicas":)" +
                     std::to_string(current));
}

/// A metric with one value for all, of which 100 are wanted, and the pods that the selector
/// matches.
std::string value_of_all(int current, std::int64_t value, int ready, int total,
                         const std::string& ended = "{}") {
  return element(current,
                 R"({"type":"External","external":{"metric":{"name":"latency"},"target":)"
                 R"({"type":"Value","value":"100m"}}})",
                 R"("external":{"current":{"value":)" + std::to_string(value) +
                     R"(},"ready_pod_count":)" + std::to_string(ready) +
                     R"(,"timestamp":"2026-01-01T00:00:00Z"},"status_replicas":)" +
                     std::to_string(current) + R"(,"ended_pods":)" + ended + R"(,"total_pods":)" +
                     std::to_string(total));
}

std::string failed(int current, const std::string& spec = queue_spec) {
  return element(current, spec, R"("error":"no such API","reason":"FailedGetExternalMetric")");
}

std::string input_of(const std::string& document) {
  return R"({"metrics":[{"resource":"shop","value":)" + json_quote(document) +
         R"(}],"resource":{},"runType":"scaler"})";
}

std::string answer_to(const std::string& document, Tolerance tolerance = {},
                      Parity parity = Parity::none) {
  return HpaMethod(tolerance, parity).run(input_of(document), {});
}

Evaluation evaluation_of(const std::string& document, Tolerance tolerance = {},
                         Parity parity = Parity::none) {
  return parse_evaluation(answer_to(document, tolerance, parity));
}

MethodError refusal_of(const std::string& input) {
  try {
    HpaMethod({}).run(input, {});
  } catch (const MethodError& error) {
    return error;
  }
  FAIL("no refusal");
  throw;
}

}  // namespace

TEST_CASE("hpa: one metric above its target", "[methods]") {
  // 90 % of the request where 50 % are wanted: 3 * 1.8, rounded up.
  CHECK(answer_to("[" + cpu(3, 90) + "]") ==
        R"({"targetReplicas":6,"reason":"cpu resource utilization (percentage of request) above )"
        R"(target","proposals":[{"type":"Resource","metric":"cpu","replicas":6,"current":"90%",)"
        R"("target":"50%","measuredAt":"2026-01-01T00:00:00Z","wins":true}]})");
}

TEST_CASE("hpa: below the target, and on it", "[methods]") {
  CHECK(evaluation_of("[" + cpu(4, 20) + "]").target_replicas == 2);
  CHECK(evaluation_of("[" + cpu(4, 20) + "]").reason == "All metrics below target");
  CHECK(evaluation_of("[" + cpu(4, 52) + "]").target_replicas == 4);
  CHECK(evaluation_of("[" + cpu(4, 52) + "]").reason ==
        "cpu resource utilization (percentage of request) on target");
}

TEST_CASE("hpa: the tolerance is its own for each direction", "[methods]") {
  CHECK(evaluation_of("[" + cpu(4, 54) + "]").target_replicas == 4);
  CHECK(evaluation_of("[" + cpu(4, 54) + "]", {.down = 0.1, .up = 0.0}).target_replicas == 5);
  CHECK(evaluation_of("[" + cpu(10, 44) + "]", {.down = 0.5, .up = 0.0}).target_replicas == 10);
  CHECK(evaluation_of("[" + cpu(10, 44) + "]", {.down = 0.0, .up = 0.5}).target_replicas == 9);
}

TEST_CASE("hpa: a count that is kept off the target has its reason", "[methods]") {
  const auto reason = [](const std::string& document) {
    const Evaluation evaluation = evaluation_of("[" + document + "]");
    CHECK(evaluation.target_replicas == 4);
    return evaluation.reason;
  };
  CHECK(reason(value_of_all(4, 300, 0, 4)) ==
        "external metric latency above target, but too few pods are there, ready and measured to "
        "ask for more");
  CHECK(reason(cpu(4, 42)) ==
        "cpu resource utilization (percentage of request) below target, but not by enough to ask "
        "for fewer");
  CHECK(reason(queue(4, 33'000)) ==
        "external metric queue below target, but not by enough to ask for fewer");
}

TEST_CASE("hpa: with parity the law of the metrics is that of the HPA", "[methods]") {
  const auto replicas = [](Parity parity) {
    return evaluation_of("[" + value_of_all(4, 300, 0, 4) + "]", {}, parity).target_replicas;
  };
  CHECK(replicas(Parity::none) == 4);
  CHECK(replicas(Parity::current) == 0);

  const auto tolerates = [](Parity parity) {
    return evaluation_of("[" + cpu(10, 55) + "]", {}, parity).target_replicas;
  };
  CHECK(tolerates(Parity::current) == 10);
  CHECK(tolerates(Parity::kubernetes_1_24) == 11);
}

TEST_CASE("hpa: the reason says that more pods match than there are replicas", "[methods]") {
  const std::string surplus =
      "; the selector of the target matches 40 pods, more than the 4 replicas";
  const Evaluation down = evaluation_of("[" + value_of_all(4, 30, 40, 40) + "]");
  CHECK(down.target_replicas == 2);
  CHECK(down.reason == "All metrics below target" + surplus);
  CHECK(evaluation_of("[" + value_of_all(4, 100, 40, 40) + "]").reason ==
        "external metric latency on target" + surplus);

  // Three of them have ended.
  CHECK(evaluation_of("[" + value_of_all(4, 30, 4, 7, R"({"a":{},"b":{},"c":{}})") + "]").reason ==
        "All metrics below target");

  // Of a metric that is about pods; that it has as many during a rollout is no surplus.
  std::string pods = cpu(3, 90);
  pods.replace(pods.find(R"("current_replicas":3)"), 20, R"("current_replicas":2)");
  CHECK(evaluation_of("[" + pods + "]").reason ==
        "cpu resource utilization (percentage of request) above target");
  pods.replace(pods.find(R"("status_replicas":3)"), 19, R"("status_replicas":1)");
  CHECK(evaluation_of("[" + pods + "," + queue(2, 1) + "]").reason ==
        "cpu resource utilization (percentage of request) above target; the selector of the target "
        "matches 3 pods, more than the 2 replicas");
}

TEST_CASE("hpa: of several metrics the one that asks for most wins", "[methods]") {
  const Evaluation evaluation = evaluation_of("[" + cpu(3, 60) + "," + queue(3, 71'000) + "]");

  CHECK(evaluation.target_replicas == 8);
  CHECK(evaluation.reason == "external metric queue above target");
  CHECK(evaluation.proposals ==
        std::vector<MetricProposal>{
            {"Resource", "cpu", 4, "", "60%", "50%", false, new_year},
            {"External", "queue", 8, "", "23667m", "10 (avg)", true, new_year}});
}

TEST_CASE("hpa: as long as a metric failed nothing is scaled down", "[methods]") {
  SECTION("up is fine") {
    const Evaluation evaluation = evaluation_of("[" + failed(3) + "," + cpu(3, 90) + "]");
    CHECK(evaluation.target_replicas == 6);
    CHECK(evaluation.proposals ==
          std::vector<MetricProposal>{
              {"External", "queue", std::nullopt, "no such API", "", "10 (avg)", false},
              {"Resource", "cpu", 6, "", "90%", "50%", true, new_year}});
  }
  SECTION("down is not") {
    const MethodError error = refusal_of(input_of("[" + cpu(3, 10) + "," + failed(3) + "]"));
    CHECK(error.reason == "FailedGetExternalMetric");
    CHECK(
        error.what() ==
        std::string("1 of 2 metrics failed, and the others ask for less than the 3 replicas there "
                    "are, which is not done while one is unknown; the first failure: no such "
                    "API"));
  }
  SECTION("nor is there anything to do when all failed") {
    const MethodError error = refusal_of(input_of("[" + failed(3) + "]"));
    CHECK(error.reason == "FailedGetExternalMetric");
    CHECK(error.what() == std::string("1 of 1 metrics failed; the first failure: no such API"));
  }
}

TEST_CASE("hpa: without replicas there is nothing to measure in pods", "[methods]") {
  CHECK(answer_to("[" + failed(0, cpu_spec) + "]") ==
        R"({"hold":true,"reason":"there are 0 replicas, and all metrics are about pods"})");
  CHECK(evaluation_of("[" + failed(0, cpu_spec) + "," + queue(0, 71'000) + "]").target_replicas ==
        8);
  CHECK(refusal_of(input_of("[" + failed(0, cpu_spec) + "," + failed(0) + "]")).reason ==
        "FailedGetExternalMetric");
}

TEST_CASE("hpa: what the formula cannot use is a failure of that metric", "[methods]") {
  const std::string spec = R"({"type":"Resource","resource":{"name":"cpu","target":{"type":)"
                           R"("Utilization"}}})";
  const std::string usage = R"("resource":)" + pods_json({{"shop-a", 90}}, "");

  const MethodError no_target = refusal_of(input_of("[" + element(1, spec, usage) + "]"));
  CHECK(no_target.reason == "FailedGetResourceMetric");
  CHECK_THAT(no_target.what(), Catch::Contains("neither target.averageUtilization nor"));

  const MethodError unknown =
      refusal_of(input_of("[" + element(1, R"({"type":"Weather"})", R"("weather":5)") + "]"));
  CHECK(unknown.reason == "InvalidMetricSourceType");
}

TEST_CASE("hpa: what only the complete detail tells counts", "[methods]") {
  const auto replicas = [](const std::string& part_members, const std::string& members) {
    return evaluation_of("[" +
                         element(2, cpu_spec,
                                 R"("resource":)" +
                                     pods_json({{"shop-a", 90}, {"shop-b", 90}}, part_members) +
                                     members) +
                         "]")
        .target_replicas;
  };
  CHECK(replicas("", "") == 4);
  CHECK(replicas("", R"(,"pod_requests":{"shop-a":200,"shop-b":200})") == 2);
  CHECK(replicas("", R"(,"ended_pods":{"shop-b":{}})") == 4);
  CHECK(replicas(R"(,"missing_pods":{"shop-c":{}})",
                 R"(,"status_replicas":3,"pod_requests":{)"
                 R"("shop-a":100,"shop-b":100,"shop-c":100})") == 4);
  CHECK(replicas(R"(,"ignored_pods":{"shop-c":{}})", R"(,"pod_requests":{"shop-a":100,)"
                                                     R"("shop-b":100,"shop-c":300})") == 2);
}

TEST_CASE("hpa: a Pods metric knows the pods that have not started", "[methods]") {
  const std::string spec = R"({"type":"Pods","pods":{"metric":{"name":"hits"},"target":)"
                           R"({"type":"AverageValue","averageValue":"50m"}}})";
  const auto replicas = [&](const std::string& more) {
    return evaluation_of("[" +
                         element(2, spec,
                                 R"("pods":)" +
                                     pods_json({{"shop-a", 90}, {"shop-b", 90}},
                                               R"(,"ignored_pods":null,"missing_pods":{})") +
                                     more) +
                         "]")
        .target_replicas;
  };
  CHECK(replicas("") == 4);
  CHECK(replicas(R"(,"unready_pods":{"shop-c":{},"shop-d":{}})") == 2);
}

TEST_CASE("hpa: an Object metric is shared by the ready pods", "[methods]") {
  const std::string spec =
      R"({"type":"Object","object":{"describedObject":{"kind":"Service","name":"shop"},)"
      R"("target":{"type":"Value","value":"10"},"metric":{"name":"hits"}}})";
  const auto document = [&](const std::string& total) {
    return "[" +
           element(3, spec,
                   R"("object":{"current":{"value":20000},"ready_pod_count":2},"total_pods":)" +
                       total) +
           "]";
  };
  const Evaluation evaluation = evaluation_of(document("3"));
  CHECK(evaluation.target_replicas == 4);
  CHECK(evaluation.reason == "Service metric hits above target");
  CHECK_THAT(refusal_of(input_of(document("0"))).what(), Catch::Contains("no pods returned"));
}

TEST_CASE("hpa: an average is over the replicas that are there, and on target keeps those wanted",
          "[methods]") {
  const auto replicas = [](const std::string& document, Parity parity) {
    return evaluation_of(document, {}, parity).target_replicas;
  };
  std::string document = "[" + queue(3, 40'000) + "]";
  CHECK(replicas(document, Parity::none) == 4);
  document.replace(document.find(R"("status_replicas":3)"), 19, R"("status_replicas":4)");
  CHECK(replicas(document, Parity::none) == 3);
  CHECK(replicas(document, Parity::current) == 4);
  document.replace(document.find("40000"), 5, "43000");  // within the tolerance for 4
  CHECK(replicas(document, Parity::none) == 3);
  CHECK(replicas(document, Parity::current) == 4);
}

TEST_CASE("hpa: what is no document of metrics is refused, naming the place", "[methods]") {
  const auto [document, message] = GENERATE(table<std::string, std::string>({
      {"", "no array at byte 0"},
      {"7\n", "no array at byte 0"},
      {"[", "unexpected end of JSON"},
      {"[] x", "unexpected text after the array"},
      {"[]", "there are no metrics in it"},
      {"[5]", "element 0: \"an element\" is not an object"},
      {"[{}]", "element 0: \"spec\" is not an object"},
      {R"([{"spec":{"type":[]}}])", "element 0: "},
      {R"([{"spec":{"type":"Resource"}}])", "element 0: \"current_replicas\" is not there"},
      {R"([{"spec":{"type":"Resource"},"current_replicas":-1}])",
       "\"current_replicas\" is not a number from 0 to 2147483647"},
      {R"([{"spec":{"type":"Resource"},"current_replicas":1.5}])",
       "\"current_replicas\" is not a whole number"},
      {R"([{"spec":{"type":"Resource"},"current_replicas":1}])",
       "element 0: \"resource\" is not an object"},
      {R"([{"spec":{"type":"Pods"},"current_replicas":1,"pods":{"pod_metrics_info":{"a":5}}}])",
       "\"pod_metrics_info\" is not an object of objects"},
      {R"([{"spec":{"type":"Pods"},"current_replicas":1,"pods":{"pod_metrics_info":{"a":)"
       R"({"Value":"5"}}}}])",
       "\"Value\" is not a whole number of 64 bits"},
      {R"([{"spec":{"type":"Pods"},"current_replicas":1,"pods":{"pod_metrics_info":{"a":)"
       R"({"Timestamp":"noon"}}}}])",
       "\"Timestamp\" is not a time such as 2024-01-01T00:00:00Z"},
      {R"([{"spec":{"type":"External"},"current_replicas":1,"external":{}}])",
       "\"current\" is not an object"},
      {R"([{"spec":{"type":"External"},"current_replicas":1,"error":5}])",
       "\"error\" is not a text"},
  }));
  CAPTURE(document);
  const MethodError error = refusal_of(input_of(document));
  CHECK(error.reason == "other");
  CHECK_THAT(error.what(), Catch::StartsWith("the metric is no document of type kubernetes: ") &&
                               Catch::Contains(message));
}

TEST_CASE("hpa: a pod without a number is missing", "[methods]") {
  const auto replicas = [](const std::string& sample, const char* type = "Resource") {
    const bool of_resource = type == std::string("Resource");
    const std::string spec =
        of_resource ? R"({"type":"Resource","resource":{"name":"cpu","target":{"type":)"
                      R"("AverageValue","averageValue":"50m"}}})"
                    : R"({"type":"Pods","pods":{"metric":{"name":"hits"},"target":{"type":)"
                      R"("AverageValue","averageValue":"50m"}}})";
    return evaluation_of("[" +
                         element(4, spec,
                                 (of_resource ? R"("resource")" : R"("pods")") +
                                     std::string(R"(:{"pod_metrics_info":{"a":{"Value":10},)") +
                                     R"("b":{"Value":10},"c":)" + sample + R"(,"d":)" + sample +
                                     R"(},"ready_pod_count":4})") +
                         "]")
        .target_replicas;
  };
  CHECK(replicas(R"({"Value":10})") == 1);
  // Two at 10 and two that count as on target, 50: (20 + 100) / 4 is 60 % of it.
  for (const char* sample : {"{}", R"({"Value":null})", R"({"Value":-9223372036854775808})"}) {
    CAPTURE(sample);
    CHECK(replicas(sample) == 3);
    CHECK(replicas(sample, "Pods") == 3);
  }
  CHECK(replicas(R"({"Value":-1})") == 3);
  CHECK(replicas(R"({"Value":-1})", "Pods") == 1);  // what is not used may be below zero
}

TEST_CASE("hpa: a single value that is no number fails its metric, not the document", "[methods]") {
  const auto document = [](const std::string& current) {
    return element(3, queue_spec, R"("external":{"current":)" + current + "}");
  };
  const auto [current, message] = GENERATE(table<std::string, std::string>({
      {"{}", "there is no value"},
      {R"({"value":null})", "there is no value"},
      {R"({"average_value":-9223372036854775808})",
       "the value is -9223372036854775808 thousandths, which is no measurement"},
  }));
  CAPTURE(current);
  const MethodError error = refusal_of(input_of("[" + document(current) + "]"));
  CHECK(error.reason == "FailedGetExternalMetric");
  CHECK_THAT(error.what(), Catch::EndsWith("the first failure: " + message));

  CHECK(evaluation_of("[" + document(current) + "," + cpu(3, 90) + "]").target_replicas == 6);
}

namespace {

/// What is wanted half an hour after the new year, with samples of up to five minutes.
std::string answer_at_half_past(const std::string& document) {
  HpaMethod method({}, Parity::none, [] {
    return SampleAge{*parse_instant("2026-01-01T00:30:00Z"), std::chrono::seconds(300)};
  });
  try {
    return method.run(input_of(document), {});
  } catch (const MethodError& error) {
    return error.reason + ": " + error.what();
  }
}

/// The document with another time in place of the new year.
std::string at(const std::string& time, std::string document) {
  for (std::size_t i = 0; (i = document.find(new_year, i)) != std::string::npos;) {
    document.replace(i, std::string(new_year).size(), time);
  }
  return document;
}

}  // namespace

TEST_CASE("hpa: a value that is too old fails its metric", "[methods]") {
  const auto [time, age] = GENERATE(table<std::string, std::string>({
      {"2026-01-01T00:24:59Z", "301 s old"},
      {"1970-01-01T00:00:00Z", "1767227400 s old"},
      {"0001-01-01T00:00:00Z", "without a time"},
      {"", "without a time"},
  }));
  CHECK(answer_at_half_past("[" + at(time, queue(3, 10'000)) + "]") ==
        "FailedGetExternalMetric: 1 of 1 metrics failed; the first failure: the value is " + age +
            ", and maxSampleAge (300 s) is the most it may be; see whether what measures it still "
            "runs, or allow for older ones (0: any age)");
}

TEST_CASE("hpa: a value that is old enough, of now, or of tomorrow counts", "[methods]") {
  const std::string time =
      GENERATE("2026-01-01T00:25:00Z", "2026-01-01T00:30:00Z", "2026-01-02T00:30:00Z");
  CHECK(parse_evaluation(answer_at_half_past("[" + at(time, queue(3, 10'000)) + "]"))
            .target_replicas == 1);
}

TEST_CASE("hpa: a sum is as old as its oldest part", "[methods]") {
  std::string document = at("2026-01-01T00:29:00Z", queue(3, 10'000));
  document.insert(document.size() - 1, R"(,"oldest_timestamp":"2026-01-01T00:20:00Z")");
  CHECK_THAT(answer_at_half_past("[" + document + "]"), Catch::Contains("is 600 s old"));
}

TEST_CASE("hpa: pods whose samples are too old are missing", "[methods]") {
  std::string some = at("2026-01-01T00:29:00Z", cpu(4, 10));
  CHECK(parse_evaluation(answer_at_half_past("[" + some + "]")).target_replicas == 1);
  for (const char* pod : {"shop-0", "shop-2"}) {
    some.replace(some.find("2026", some.find(pod)), 20,
                 pod == std::string("shop-0") ? "2026-01-01T00:20:00Z" : "2026-01-01T00:10:00Z");
  }
  // Two use 10 % of what they request and the others count as if they used all of it: 55 %.
  const Evaluation evaluation = parse_evaluation(answer_at_half_past("[" + some + "]"));
  CHECK(evaluation.target_replicas == 4);
  CHECK(evaluation.proposals.at(0).measured_at == "2026-01-01T00:29:00Z");
  CHECK(evaluation.proposals.at(0).note ==
        "2 of 4 samples are older than maxSampleAge (300 s): the newest of them, of pod shop-0, is "
        "600 s old");

  CHECK_THAT(
      answer_at_half_past("[" + cpu(2, 90) + "]"),
      Catch::StartsWith("FailedGetResourceMetric: ") &&
          Catch::Contains("2 of 2 samples are older than maxSampleAge (300 s): the newest of "
                          "them, of pod shop-0, is 1800 s old; see whether"));
}

TEST_CASE("hpa: takes one metric", "[methods]") {
  CHECK_THAT(refusal_of(R"({"metrics":[]})").what(), Catch::Contains("there are 0 metrics"));
  CHECK_THAT(refusal_of(R"({"metrics":[{},{}]})").what(), Catch::Contains("set runMode"));
  CHECK_THAT(refusal_of(R"({"metrics":[{"resource":"x"}]})").what(),
             Catch::Contains("the metric is empty"));
}

TEST_CASE("kubernetes: hands on what was gathered", "[methods]") {
  KubernetesMethod method;
  CHECK(method.run(R"({"resource":{},"runType":"api","kubernetesMetrics":[{"a": "\u00e9"}, 2]})",
                   {}) == R"([{"a": "\u00e9"}, 2])");
  CHECK_THROWS_WITH(method.run(R"({"resource":{},"runType":"api"})", {}),
                    "no Kubernetes metrics were gathered; set kubernetesMetricSpecs");
}
