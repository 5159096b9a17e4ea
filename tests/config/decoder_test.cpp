#include "cpab/config/decoder.h"

#include <catch2/catch.hpp>

#include "cpab/config/sections.h"

namespace cpab {
namespace {

/// What a whole text does to the defaults, without validation.
struct Decoded {
  Draft draft;
  Report report;

  const Config& config() const { return draft.config; }
};

Decoded decoded(const std::string& text) {
  Decoded result;
  const Document document = parse_document(text);
  Decoder decoder({Source::Kind::file, "f"}, document.language, result.report);
  decode(decoder, document.root, "", result.draft);
  return result;
}

struct IntegerCase {
  std::string value;
  std::int64_t expected;
};

TEST_CASE("decode: integers in YAML", "[config]") {
  const auto [value, expected] = GENERATE(values<IntegerCase>({{"5", 5},
                                                               {"+5", 5},
                                                               {"-5", -5},
                                                               {"0x10", 16},
                                                               {"0o17", 15},
                                                               {"010", 8},
                                                               {"0b11", 3},
                                                               {"1_000", 1000},
                                                               {"5.0", 5},
                                                               {"1e3", 1000},
                                                               {"5 # note", 5},
                                                               {"null", 15'000},
                                                               {"~", 15'000},
                                                               {"", 15'000}}));
  CAPTURE(value);
  const Decoded result = decoded("interval: " + value + "\n");

  CHECK(result.config().interval == Duration(expected));
  CHECK(result.report.complaints.empty());
}

TEST_CASE("decode: what is no integer in YAML", "[config]") {
  const std::string value = GENERATE(
      values<std::string>({"\"5\"", "'5'", "5.5", "true", "on", "ten", "9223372036854775808",
                           "1e30", ".inf", ".nan", "[5]", "{a: 5}", "1:30", "2026-01-31"}));

  CAPTURE(value);
  const Decoded result = decoded("interval: " + value + "\n");
  CHECK(result.report.complaints.size() == 1);
  CHECK(result.report.is_broken("interval"));
  CHECK(result.config().interval == Duration(15'000));
}

TEST_CASE("decode: int32 keys have the range of int32", "[config]") {
  CHECK(decoded("minReplicas: 2147483647").config().bounds.minimum == 2147483647);
  CHECK(decoded("minReplicas: -2147483648").config().bounds.minimum == -2147483647 - 1);
  for (const char* key : {"minReplicas", "maxReplicas", "logVerbosity", "metricConcurrency"}) {
    CHECK(decoded(std::string(key) + ": 2147483648").report.complaints.size() == 1);
    CHECK(decoded(std::string(key) + ": -2147483649").report.complaints.size() == 1);
  }
  CHECK(decoded("maxOutputBytes: -1").report.complaints.size() == 1);
}

TEST_CASE("decode: integers in JSON are plain digits", "[config]") {
  CHECK(decoded(R"({"interval": 5})").config().interval == Duration(5));
  CHECK(decoded(R"({"interval": -5})").config().interval == Duration(-5));
  for (const char* value : {"5.0", "1e3", "5.5", "\"5\"", "true", "9223372036854775808"}) {
    CAPTURE(value);
    CHECK(decoded("{\"interval\": " + std::string(value) + "}").report.complaints.size() == 1);
  }
}

TEST_CASE("decode: booleans", "[config]") {
  for (const char* value : {"y", "Yes", "ON", "true"}) {
    CHECK(decoded("requireKubernetesMetrics: " + std::string(value))
              .config()
              .require_kubernetes_metrics);
  }
  for (const char* value : {"n", "No", "OFF", "false"}) {
    CHECK_FALSE(decoded("apiConfig: {enabled: " + std::string(value) + "}").config().api.enabled);
  }
  for (const char* value : {"\"true\"", "1", "0", "t", "[]"}) {
    CHECK(decoded("requireKubernetesMetrics: " + std::string(value)).report.complaints.size() == 1);
  }
  CHECK(decoded(R"({"requireKubernetesMetrics": "yes"})").report.complaints.size() == 1);
}

struct TextCase {
  std::string value;
  std::string expected;
};

TEST_CASE("decode: scalars become strings in YAML", "[config]") {
  const auto [value, expected] = GENERATE(values<TextCase>({{"abc", "abc"},
                                                            {"123", "123"},
                                                            {"1.50", "1.5"},
                                                            {"1.0", "1"},
                                                            {"0123", "83"},
                                                            {"0x1F", "31"},
                                                            {"yes", "true"},
                                                            {"on", "true"},
                                                            {"y", "true"},
                                                            {"off", "false"},
                                                            {"2026-01-31", "2026-01-31"},
                                                            {"1:30", "1:30"},
                                                            {"'yes'", "yes"},
                                                            {"null", "default"},
                                                            {"\"\"", ""}}));
  CAPTURE(value);
  CHECK(decoded("namespace: " + value + "\n").config().target.namespace_name == expected);
}

TEST_CASE("decode: a string that YAML changed is a warning", "[config]") {
  CHECK(decoded("namespace: on\n").report.warnings ==
        std::vector<std::string>{"namespace (f:1): YAML 1.1 reads on as the bool true; put it in "
                                 "quotes if the text was meant"});
  CHECK(decoded("interval: 010\n").report.warnings ==
        std::vector<std::string>{"interval (f:1): YAML 1.1 reads 010 as the octal number 8; drop "
                                 "the leading zero if the decimal number was meant"});
  CHECK(decoded("namespace: 123\ninterval: 0x10\nminReplicas: 0\n").report.warnings.empty());
}

TEST_CASE("decode: lists and maps are no strings, and nothing else is in JSON", "[config]") {
  CHECK(decoded("namespace: [a]\n").report.complaints.size() == 1);
  CHECK(decoded("namespace: {a: b}\n").report.complaints.size() == 1);
  CHECK(decoded(R"({"namespace": 5})").report.complaints.size() == 1);
  CHECK(decoded(R"({"namespace": true})").report.complaints.size() == 1);
  CHECK(decoded(R"({"namespace": null})").config().target.namespace_name == "default");
}

TEST_CASE("decode: headers are strings as well", "[config]") {
  const Decoded result = decoded("metric: {http: {headers: {A: 1, B: yes, C: null, 5: x}}}\n");

  CHECK(result.config().metric->http->headers ==
        std::map<std::string, std::string>{{"A", "1"}, {"B", "true"}, {"C", ""}, {"5", "x"}});
  CHECK(decoded("metric: {http: {headers: [a]}}\n").report.complaints.size() == 1);
  CHECK(decoded("metric: {http: {headers: {A: [1]}}}\n").report.complaints.size() == 1);
}

TEST_CASE("decode: a command is a list", "[config]") {
  const auto complaints = decoded("metric: {shell: {command: /x.py}}\n").report.complaints;

  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0] ==
        "Fail to parse configuration: invalid format of YAML/JSON configuration: cannot unmarshal "
        "string \"/x.py\" into metric.shell.command of type array (f:1); write a list, such as "
        "[a, b]");
}

TEST_CASE("decode: null takes objects and lists away and leaves scalars", "[config]") {
  CHECK_FALSE(decoded("metric: null\n").config().metric);
  CHECK_FALSE(decoded("scaleTargetRef:\n").config().has_scale_target_ref);
  CHECK(decoded("apiConfig:\n").draft.api_is_null);
  CHECK_FALSE(decoded("kubernetesMetricSpecs: null\n").config().kubernetes_metric_specs);
  CHECK(decoded("kubernetesMetricSpecs: []\n").config().kubernetes_metric_specs.value().empty());
  CHECK(decoded("runMode: null\n").draft.run_mode == "per-pod");
  const Decoded result = decoded("metric: {shell: null, http: {caCert: null, successCodes: }}\n");
  CHECK_FALSE(result.config().metric->shell);
  CHECK(result.config().metric->http == HttpConfig{});
  CHECK(decoded("metric: {http: {caCert: ''}}\n").config().metric->http->ca_cert == "");
}

TEST_CASE("decode: keys match without regard to case at every level", "[config]") {
  const Decoded result =
      decoded("SCALETARGETREF: {KIND: a}\nmetric: {SHELL: {logstderr: true}}\nminreplicas: 3\n");

  CHECK(result.config().target.kind == "a");
  CHECK(result.config().metric->shell->log_stderr);
  CHECK(result.config().bounds.minimum == 3);
  CHECK(result.report.slips.empty());
}

TEST_CASE("decode: of several spellings in YAML the lowest one wins, in JSON the last",
          "[config]") {
  CHECK(decoded("minreplicas: 1\nminReplicas: 2\nMINREPLICAS: 3\n").config().bounds.minimum == 1);
  CHECK(decoded("MINREPLICAS: 3\nminReplicas: 2\n").config().bounds.minimum == 2);
  CHECK(decoded(R"({"minreplicas": 1, "minReplicas": 2, "MINREPLICAS": 3})")
            .config()
            .bounds.minimum == 3);
}

TEST_CASE("decode: objects under two spellings merge", "[config]") {
  const ApiConfig expected{true, false, 80, "h", "", ""};

  CHECK(decoded("apiConfig: {port: 80}\nAPICONFIG: {host: h}\n").config().api == expected);
  CHECK(decoded(R"({"apiConfig": {"port": 80}, "APICONFIG": {"host": "h"}})").config().api ==
        expected);
}

TEST_CASE("decode: of equal keys the last counts, JSON merges objects", "[config]") {
  CHECK(decoded("interval: 1\ninterval: 2\n").config().interval == Duration(2));
  CHECK(decoded(R"({"interval": 1, "interval": 2})").config().interval == Duration(2));
  CHECK(decoded("apiConfig: {port: 80}\napiConfig: {host: h}\n").config().api ==
        ApiConfig{true, false, 5000, "h", "", ""});
  CHECK(decoded(R"({"apiConfig": {"port": 80}, "apiConfig": {"host": "h"}})").config().api ==
        ApiConfig{true, false, 80, "h", "", ""});
}

TEST_CASE("decode: a metric spec with all its parts", "[config]") {
  const Decoded result = decoded(R"(
kubernetesMetricSpecs:
- type: External
  external:
    metric:
      name: depth
      selector:
        matchLabels: {b: x, a: 1}
        matchExpressions: [{key: k, operator: In, values: [v, 2]}]
    target: {type: AverageValue, value: 1.50, averageValue: 1000, averageUtilization: 50}
- null
)");

  LabelSelector selector;
  selector.match_labels = {{"a", "1"}, {"b", "x"}};
  selector.match_expressions = {{"k", "In", {"v", "2"}}};
  MetricSpec spec;
  spec.type = "External";
  spec.external = {{"depth", selector}, {"AverageValue", "1500m", "1k", 50}};
  CHECK(result.config().kubernetes_metric_specs == std::vector<MetricSpec>{spec, MetricSpec{}});
  CHECK(result.report.complaints.empty());
}

struct QuantityCase {
  std::string text;
  std::string canonical;
};

TEST_CASE("decode: quantities are strings or numbers", "[config]") {
  const auto [text, canonical] = GENERATE(values<QuantityCase>({{"0.5", "500m"},
                                                                {"'0.5'", "500m"},
                                                                {"1e3", "1k"},
                                                                {"'1e3'", "1e3"},
                                                                {"' 64Mi '", "64Mi"},
                                                                {"1000000.0", "1M"},
                                                                {"010", "8"}}));
  CAPTURE(text);
  const Decoded result =
      decoded("kubernetesMetricSpecs: [{resource: {target: {value: " + text + "}}}]\n");

  REQUIRE(result.report.complaints.empty());
  CHECK(result.config().kubernetes_metric_specs->at(0).resource->target.value == canonical);
}

TEST_CASE("decode: JSON numbers count as they stand", "[config]") {
  const Decoded result = decoded(
      R"({"kubernetesMetricSpecs":[{"resource":{"target":{"value":1e3,"averageValue":2}}}]})");

  CHECK(result.config().kubernetes_metric_specs->at(0).resource->target.value == "1e3");
  CHECK(result.config().kubernetes_metric_specs->at(0).resource->target.average_value == "2");
}

TEST_CASE("decode: a bad quantity", "[config]") {
  const std::string text =
      GENERATE(values<std::string>({"abc", "5X", "true", "''", "[1]", ".nan"}));

  CAPTURE(text);
  const auto complaints =
      decoded("kubernetesMetricSpecs: [{resource: {target: {value: " + text + "}}}]\n")
          .report.complaints;
  REQUIRE(complaints.size() == 1);
  CHECK(complaints[0].starts_with(
      "Fail to parse configuration: invalid format of YAML/JSON configuration: quantities must "
      "match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$': "
      "kubernetesMetricSpecs[0].resource.target.value is "));
}

TEST_CASE("decode: a selector that is a string says what to write", "[config]") {
  const auto complaints =
      decoded("kubernetesMetricSpecs: [{external: {metric: {selector: queue=a}}}]\n")
          .report.complaints;

  CHECK(complaints ==
        std::vector<std::string>{
            "Fail to parse configuration: invalid format of YAML/JSON configuration: cannot "
            "unmarshal string into kubernetesMetricSpecs[0].external.metric.selector "
            "of type object (f:1); write a label selector with matchLabels or matchExpressions, "
            "such as {matchLabels: {queue: work}}"});
}

TEST_CASE("decode: unknown keys are found at every level", "[config]") {
  const Decoded result = decoded(R"(
metric: {typ: x, http: {Url2: a}}
kubernetesMetricSpecs:
- resource: {target: {avergeValue: 1}}
  pods: {metric: {selector: {matchLabel: {}, matchExpressions: [{oprator: In}]}}}
configPath: /x
)");

  CHECK(result.report.slips ==
        std::vector<std::string>{
            "unknown key \"configPath\" (f:6)",
            "unknown key \"kubernetesMetricSpecs[0].pods.metric.selector.matchExpressions[0]."
            "oprator\" (f:5); did you mean operator?",
            "unknown key \"kubernetesMetricSpecs[0].pods.metric.selector.matchLabel\" (f:5); did "
            "you mean matchLabels?",
            "unknown key \"kubernetesMetricSpecs[0].resource.target.avergeValue\" (f:4); did you "
            "mean averageValue?",
            "unknown key \"metric.http.Url2\" (f:2); did you mean url?",
            "unknown key \"metric.typ\" (f:2); did you mean type?"});
}

}  // namespace
}  // namespace cpab
