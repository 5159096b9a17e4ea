#include "cpab/config/environment.h"

#include <catch2/catch.hpp>
#include <cstdlib>

#include "tests/config/config_text.h"

namespace cpab {
namespace {

struct IntegerCase {
  std::string value;
  std::int64_t expected;
};

TEST_CASE("environment: interval and downscaleStabilization take plain integers", "[config]") {
  const auto [value, expected] = GENERATE(values<IntegerCase>(
      {{"10", 10}, {"+10", 10}, {"010", 10}, {"3153600000000", 3153600000000}}));

  CAPTURE(value);
  CHECK(loaded("", {{"interval", value}}).config.interval == Duration(expected));
  CHECK(loaded("", {{"downscaleStabilization", "+45"}}).config.downscale_stabilization ==
        std::chrono::seconds(45));
}

TEST_CASE("environment: what is no plain integer is refused", "[config]") {
  const std::string value = GENERATE(values<std::string>(
      {"", " 10", "10 ", "10.0", "0x10", "1_000", "ten", "+", "-", "+-1", "--1", "1e3", "\n"}));

  CAPTURE(value);
  const auto found = complaints("", {{"interval", value}});
  REQUIRE(found.size() == 1);
  CHECK(
      found[0].starts_with("Fail to parse configuration: invalid format of integer field value: "
                           "strconv.ParseInt: parsing \""));
  CHECK(found[0].find("\": invalid syntax (environment variable interval)") != std::string::npos);
}

TEST_CASE("environment: an integer out of range", "[config]") {
  const auto found = complaints("", {{"interval", "99999999999999999999"}});

  REQUIRE(found.size() == 1);
  CHECK(found[0].find("parsing \"99999999999999999999\": value out of range") != std::string::npos);
}

TEST_CASE("environment: a negative integer is read and then refused by its range", "[config]") {
  CHECK(any_contains(complaints("", {{"interval", "-10"}}),
                     "interval is -10 (interval, environment variable interval)"));
}

TEST_CASE("environment: numbers of class Y are YAML", "[config]") {
  const auto [value, expected] = GENERATE(values<IntegerCase>(
      {{" 3 ", 3}, {"3.0", 3}, {"0x3", 3}, {"3 # note", 3}, {"---\n3", 3}, {"3\n---\n4", 3}}));

  CAPTURE(value);
  CHECK(loaded("", {{"minReplicas", value}}).config.bounds.minimum == expected);
}

TEST_CASE("environment: what is no number of class Y is refused", "[config]") {
  const std::string value =
      GENERATE(values<std::string>({"", "\"3\"", "three", "3.5", "3000000000", "[3]", "{}"}));

  CAPTURE(value);
  const auto found = complaints("", {{"minReplicas", value}});
  REQUIRE(found.size() == 1);
  CHECK(
      found[0].starts_with("Fail to parse configuration: invalid format of YAML/JSON field "
                           "value: "));
}

TEST_CASE("environment: null is zero, with a warning, for scalars", "[config]") {
  for (const char* null : {"null", "~", "# nothing", " ", "---"}) {
    const auto result = loaded("initialReadinessDelay: 5", {{"initialReadinessDelay", null}});
    CHECK(result.config.initial_readiness_delay == std::chrono::seconds(0));
    CHECK(result.warnings.size() == 1);
  }
  CHECK(any_contains(complaints("", {{"startTime", "null"}}), "startTime is 0"));
}

TEST_CASE("environment: null switches methods and metrics off", "[config]") {
  const auto result = loaded(
      "preScale: {type: shell, timeout: 1, shell: {entrypoint: a}}\n"
      "kubernetesMetricSpecs: []\n",
      {{"preScale", "null"}, {"kubernetesMetricSpecs", "~"}});

  CHECK_FALSE(result.config.pre_scale);
  CHECK_FALSE(result.config.kubernetes_metric_specs);
  CHECK(any_contains(complaints("", {{"metric", "null"}}),
                     "metric is missing (metric, environment variable metric)"));
  CHECK(any_contains(complaints("", {{"scaleTargetRef", "null"}}), "scaleTargetRef is missing"));
  CHECK(any_contains(complaints("", {{"apiConfig", "null"}}), "apiConfig is null"));
  CHECK(loaded("", {{"kubernetesMetricSpecs", "[]"}}).config.kubernetes_metric_specs->empty());
}

TEST_CASE("environment: objects replace those of the file", "[config]") {
  const auto result =
      loaded("preScale: {type: shell, timeout: 1, shell: {entrypoint: a, logStderr: true}}\n",
             {{"preScale", "{\"type\":\"shell\",\"timeout\":2,\"shell\":{\"entrypoint\":\"b\"}}"},
              {"scaleTargetRef", "{\"kind\":\"A\",\"name\":\"b\",\"apiVersion\":\"v1\"}"}});

  MethodConfig expected;
  expected.type = "shell";
  expected.timeout = Duration(2);
  expected.shell = ShellConfig{"b", {}, false};
  CHECK(result.config.pre_scale == expected);
  CHECK(result.config.target == ScaleTarget{"v1", "A", "b", "default"});
  CHECK(any_contains(complaints("", {{"scaleTargetRef", "{\"kind\":\"A\"}"}}),
                     "scaleTargetRef.name is missing or empty"));
}

TEST_CASE("environment: text is taken as it is", "[config]") {
  CHECK(loaded("", {{"namespace", "on"}}).config.target.namespace_name == "on");
  CHECK(loaded("", {{"namespace", " \"a\" "}}).config.target.namespace_name == " \"a\" ");
  CHECK(any_contains(complaints("", {{"namespace", ""}}), "namespace is missing or empty"));
  CHECK(any_contains(complaints("", {{"runMode", "per-pod "}}), "unknown run mode: per-pod "));
}

TEST_CASE("environment: our own keys have names of their own", "[config]") {
  const auto result = loaded("", {{"logFormat", "json"},
                                  {"decisionLog", "/x"},
                                  {"stateFile", "/x"},
                                  {"metricConcurrency", "2"},
                                  {"maxOutputBytes", "1"},
                                  {"maxCycleBytes", "1"},
                                  {"kubernetesTimeout", "1"}});

  CHECK(result.config == loaded("").config);
  CHECK(result.warnings.empty());
  CHECK(loaded("", {{"CPAB_METRIC_CONCURRENCY", "2"}}).config.metric_concurrency == 2);
  CHECK(loaded("", {{"CPAB_METRIC_CONCURRENCY", "2"}}).origins.of("metricConcurrency") ==
        "environment variable CPAB_METRIC_CONCURRENCY");
  for (const char* value : {"", "two", "2147483648", "0", "257"}) {
    CHECK(complaints("", {{"CPAB_METRIC_CONCURRENCY", value}}).size() == 1);
  }
  for (const char* value : {"-1", "0", "1073741825"}) {
    CHECK(complaints("", {{"CPAB_MAX_OUTPUT_BYTES", value}}).size() == 1);
  }
  for (const char* value : {"-1", "1048575", "68719476737"}) {
    CHECK(complaints("", {{"CPAB_MAX_CYCLE_BYTES", value}}).size() == 1);
  }
  CHECK(any_contains(complaints("", {{"CPAB_LOG_FORMAT", "xml"}}), "unknown log format: xml"));
}

TEST_CASE("environment: only a name close to one of ours is warned of", "[config]") {
  CHECK(loaded("", {{"CPAB_LOG_FORMATE", "json"}}).warnings ==
        std::vector<std::string>{"environment variable CPAB_LOG_FORMATE is not known and ignored; "
                                 "did you mean CPAB_LOG_FORMAT?"});
  CHECK(loaded("", {{"CPAB_SOMETHING_ELSE", "1"}, {"tolerance", "1"}, {"intervall", "1"}})
            .warnings.empty());
}

TEST_CASE("environment: junk in any variable is a complaint, never a crash", "[config]") {
  for (const char* key : {"scaleTargetRef", "metric", "apiConfig", "kubernetesMetricSpecs",
                          "minReplicas", "interval"}) {
    for (const std::string& junk : {std::string("\xFF\xFE"), std::string(100'000, '['),
                                    std::string(100'000, '{'), std::string("&a [*a]")}) {
      const auto found = complaints("", {{key, junk}});
      CAPTURE(key, junk.substr(0, 10));
      REQUIRE(found.size() == 1);
      CHECK(found[0].size() < 500);
    }
  }
}

TEST_CASE("process_environment: holds the variables of the process", "[config]") {
  ::setenv("CPAB_TEST_VARIABLE", "a=b", 1);
  CHECK(process_environment().at("CPAB_TEST_VARIABLE") == "a=b");
  ::unsetenv("CPAB_TEST_VARIABLE");
}

}  // namespace
}  // namespace cpab
