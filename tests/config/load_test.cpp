#include "cpab/config/load.h"

#include <catch2/catch.hpp>

#include "tests/config/config_text.h"

namespace cpab {
namespace {

/// What required_keys() of config_text.h means.
Config minimal() {
  MethodConfig method;
  method.type = "shell";
  method.timeout = Duration(1000);
  method.shell = ShellConfig{"cat", {}, false};
  Config config;
  config.target = {"apps/v1", "Deployment", "shop", "default"};
  config.has_scale_target_ref = true;
  config.metric = method;
  config.evaluate = method;
  return config;
}

const std::string parse_failure =
    "Fail to parse configuration: invalid format of YAML/JSON configuration: ";
const std::string variable_failure =
    "Fail to parse configuration: invalid format of YAML/JSON field value: ";
const std::string integer_failure =
    "Fail to parse configuration: invalid format of integer field value: ";

/// Every key, its value unlike the default.
Config everything() {
  Config config;
  config.target = {"apps/v1", "StatefulSet", "queue", "prod"};
  config.has_scale_target_ref = true;
  MethodConfig shell;
  shell.type = "shell";
  shell.timeout = Duration(2500);
  shell.shell = ShellConfig{"python", {"/m.py", "1"}, true};
  MethodConfig http;
  http.type = "http";
  http.timeout = Duration(100);
  http.http =
      HttpConfig{"PUT", "https://h/x", {{"A", "b"}}, {200, 404}, "query", "/ca", "/cert", "/key"};
  config.metric = shell;
  config.evaluate = http;
  config.pre_metric = config.pre_evaluate = config.pre_scale = shell;
  config.post_metric = config.post_evaluate = config.post_scale = http;
  config.interval = Duration(1);
  config.start_time = Duration(60'000);
  config.bounds = {0, 20};
  config.run_mode = RunMode::per_resource;
  config.downscale_stabilization = std::chrono::seconds(45);
  config.log_verbosity = -1;
  config.api = {false, true, 80, "127.0.0.1", "/c", "/k"};
  MetricSpec spec;
  spec.type = "Resource";
  spec.resource = {"cpu", {"AverageValue", {}, "500m", {}}};
  config.kubernetes_metric_specs = std::vector<MetricSpec>{spec};
  config.require_kubernetes_metrics = true;
  config.initial_readiness_delay = std::chrono::seconds(31);
  config.cpu_initialization_period = std::chrono::seconds(301);
  config.log_format = LogFormat::json;
  config.decision_log = "/tmp/decisions";
  config.state_file = "/tmp/state";
  config.metric_concurrency = 4;
  config.max_output_bytes = 1024;
  config.max_cycle_bytes = 2097152;
  config.kubernetes_timeout = Duration(5000);
  config.max_sample_age = std::chrono::seconds(60);
  config.events = true;
  config.behavior.emplace();
  config.behavior->scale_down = {
      .stabilization_window = std::chrono::seconds(45),
      .select_policy = SelectPolicy::min,
      .policies = {{ScalingPolicy::Type::percent, 10, std::chrono::seconds(60)}},
      .tolerance = 0.3};
  config.steps.multiple_of = 2;
  config.mode = Mode::shadow;
  return config;
}

const Environment everything_by_environment = {
    {"scaleTargetRef", R"({"kind":"StatefulSet","name":"queue","apiVersion":"apps/v1"})"},
    {"namespace", "prod"},
    {"metric",
     "{\"type\":\"shell\",\"timeout\":2500,\"shell\":{\"entrypoint\":\"python\","
     "\"command\":[\"/m.py\",\"1\"],\"logStderr\":true}}"},
    {"preMetric",
     "type: shell\ntimeout: 2500\nshell: {entrypoint: python, command: [/m.py, 1], "
     "logStderr: yes}"},
    {"preEvaluate",
     "# flow\n{type: shell, timeout: 2500, shell: {entrypoint: python, "
     "command: [/m.py, 1], logStderr: y}}"},
    {"preScale",
     "type: shell\ntimeout: 2_500\nshell:\n  entrypoint: python\n  logStderr: on\n"
     "  command:\n  - /m.py\n  - 1\n"},
    {"evaluate",
     "type: http\ntimeout: 100\nhttp: &h {method: PUT, url: 'https://h/x', headers: "
     "{A: b}, successCodes: [200, 404], parameterMode: query, caCert: /ca, "
     "clientCert: /cert, clientKey: /key}"},
    {"postMetric", R"({"type":"http","timeout":100,"http":{"method":"PUT","url":"https://h/x",)"
                   R"("headers":{"A":"b"},"successCodes":[200,404],"parameterMode":"query",)"
                   R"("caCert":"/ca","clientCert":"/cert","clientKey":"/key"}})"},
    {"interval", "1"},
    {"startTime", "60000"},
    {"minReplicas", "0"},
    {"maxReplicas", "20"},
    {"runMode", "per-resource"},
    {"downscaleStabilization", "45"},
    {"logVerbosity", "-1"},
    {"apiConfig", R"({"enabled":false,"useHTTPS":true,"port":80,"host":"127.0.0.1",)"
                  R"("certFile":"/c","keyFile":"/k"})"},
    {"kubernetesMetricSpecs",
     "- type: Resource\n  resource: {name: cpu, target: {type: "
     "AverageValue, averageValue: 0.5}}\n"},
    {"requireKubernetesMetrics", "true"},
    {"initialReadinessDelay", "31"},
    {"cpuInitializationPeriod", "301"},
    {"CPAB_LOG_FORMAT", "json"},
    {"CPAB_DECISION_LOG", "/tmp/decisions"},
    {"CPAB_STATE_FILE", "/tmp/state"},
    {"CPAB_METRIC_CONCURRENCY", "4"},
    {"CPAB_MAX_OUTPUT_BYTES", "1024"},
    {"CPAB_MAX_CYCLE_BYTES", "2097152"},
    {"CPAB_KUBERNETES_TIMEOUT", "5000"},
    {"CPAB_BEHAVIOR",
     R"({"scaleDown":{"stabilizationWindowSeconds":45,"selectPolicy":"Min","tolerance":0.3,)"
     R"("policies":[{"type":"Percent","value":10,"periodSeconds":60}]}})"},
    {"CPAB_STEPS", "multipleOf: 2"},
    {"CPAB_EVENTS", "true"},
    {"CPAB_MAX_SAMPLE_AGE", "60"},
    {"CPAB_MODE", "shadow"},
};

Environment with_all_hooks() {
  Environment environment = everything_by_environment;
  environment["postEvaluate"] = environment["postScale"] = environment["postMetric"];
  return environment;
}

const std::string everything_in_yaml = R"(
scaleTargetRef: {kind: StatefulSet, name: queue, apiVersion: apps/v1}
namespace: prod
metric: &shell
  type: shell
  timeout: 2500
  shell: {entrypoint: python, command: [/m.py, "1"], logStderr: true}
preMetric: *shell
preEvaluate: *shell
preScale: *shell
evaluate: &http
  type: http
  timeout: 100
  http:
    method: PUT
    url: https://h/x
    headers: {A: b}
    successCodes: [200, 404]
    parameterMode: query
    caCert: /ca
    clientCert: /cert
    clientKey: /key
postMetric: *http
postEvaluate: {<<: *http}
postScale: *http
interval: 1
startTime: 60000
minReplicas: 0
maxReplicas: 20
runMode: per-resource
downscaleStabilization: 45
logVerbosity: -1
apiConfig:
  enabled: false
  useHTTPS: true
  port: 80
  host: 127.0.0.1
  certFile: /c
  keyFile: /k
kubernetesMetricSpecs:
- type: Resource
  resource: {name: cpu, target: {type: AverageValue, averageValue: 500m}}
requireKubernetesMetrics: true
initialReadinessDelay: 31
cpuInitializationPeriod: 301
logFormat: json
decisionLog: /tmp/decisions
stateFile: /tmp/state
events: true
metricConcurrency: 4
maxOutputBytes: 1024
maxCycleBytes: 2097152
kubernetesTimeout: 5000
maxSampleAge: 60
behavior:
  scaleDown:
    stabilizationWindowSeconds: 45
    selectPolicy: Min
    policies: [{type: Percent, value: 10, periodSeconds: 60}]
    tolerance: 300m
steps: {multipleOf: 2}
mode: shadow
)";

const std::string everything_in_json = R"({
"scaleTargetRef": {"kind": "StatefulSet", "name": "queue", "apiVersion": "apps/v1"},
"namespace": "prod",
"metric": {"type": "shell", "timeout": 2500, "shell": {"entrypoint": "python",
  "command": ["/m.py", "1"], "logStderr": true}},
"preMetric": {"type": "shell", "timeout": 2500, "shell": {"entrypoint": "python",
  "command": ["/m.py", "1"], "logStderr": true}},
"preEvaluate": {"type": "shell", "timeout": 2500, "shell": {"entrypoint": "python",
  "command": ["/m.py", "1"], "logStderr": true}},
"preScale": {"type": "shell", "timeout": 2500, "shell": {"entrypoint": "python",
  "command": ["/m.py", "1"], "logStderr": true}},
"evaluate": {"type": "http", "timeout": 100, "http": {"method": "PUT", "url": "https://h/x",
  "headers": {"A": "b"}, "successCodes": [200, 404], "parameterMode": "query",
  "caCert": "/ca", "clientCert": "/cert", "clientKey": "/key"}},
"postMetric": {"type": "http", "timeout": 100, "http": {"method": "PUT", "url": "https://h/x",
  "headers": {"A": "b"}, "successCodes": [200, 404], "parameterMode": "query",
  "caCert": "/ca", "clientCert": "/cert", "clientKey": "/key"}},
"postEvaluate": {"type": "http", "timeout": 100, "http": {"method": "PUT", "url": "https://h/x",
  "headers": {"A": "b"}, "successCodes": [200, 404], "parameterMode": "query",
  "caCert": "/ca", "clientCert": "/cert", "clientKey": "/key"}},
"postScale": {"type": "http", "timeout": 100, "http": {"method": "PUT", "url": "https://h/x",
  "headers": {"A": "b"}, "successCodes": [200, 404], "parameterMode": "query",
  "caCert": "/ca", "clientCert": "/cert", "clientKey": "/key"}},
"interval": 1, "startTime": 60000, "minReplicas": 0, "maxReplicas": 20,
"runMode": "per-resource", "downscaleStabilization": 45, "logVerbosity": -1,
"apiConfig": {"enabled": false, "useHTTPS": true, "port": 80, "host": "127.0.0.1",
  "certFile": "/c", "keyFile": "/k"},
"kubernetesMetricSpecs": [{"type": "Resource", "resource": {"name": "cpu", "target":
  {"type": "AverageValue", "averageValue": 0.5}}}],
"requireKubernetesMetrics": true, "initialReadinessDelay": 31, "cpuInitializationPeriod": 301,
"logFormat": "json", "decisionLog": "/tmp/decisions", "stateFile": "/tmp/state", "events": true,
"metricConcurrency": 4,
"maxOutputBytes": 1024, "maxCycleBytes": 2097152, "kubernetesTimeout": 5000, "maxSampleAge": 60, "steps": {"multipleOf": 2}, "mode": "shadow",
"behavior": {"scaleUp": {}, "scaleDown": {"stabilizationWindowSeconds": 45, "selectPolicy": "Min",
  "policies": [{"type": "Percent", "value": 10, "periodSeconds": 60}], "tolerance": "0.3"}}})";

TEST_CASE("load: what is not said is the default", "[config][contract-1]") {
  CHECK(loaded("# only a comment").config == minimal());

  // Everything by environment, nothing in the file: the other keys are the defaults.
  const Environment required = {
      {"scaleTargetRef", R"({"kind":"Deployment","name":"shop","apiVersion":"apps/v1"})"},
      {"metric", R"({"type":"shell","timeout":1000,"shell":{"entrypoint":"cat"}})"},
      {"evaluate", R"({"type":"shell","timeout":1000,"shell":{"entrypoint":"cat"}})"}};
  for (const char* text : {"# only a comment", "{}", "---", " ", "null"}) {
    CHECK(load_config_text(text, "c.yaml", required).config == minimal());
  }
}

TEST_CASE("load: a scalar is no configuration", "[config][contract-2]") {
  CHECK(complaints_about("invalid") ==
        std::vector<std::string>{parse_failure +
                                 "cannot unmarshal string into the configuration of "
                                 "type object (c.yaml:1); write keys and values"});
  CHECK(complaints_about("[1]").at(0).starts_with(parse_failure + "cannot unmarshal array"));
}

TEST_CASE("load: text where a number belongs names key, type, line and what is allowed",
          "[config][contract-3]") {
  CHECK(complaints("interval: \"invalid\"") ==
        std::vector<std::string>{
            parse_failure +
            "cannot unmarshal string \"invalid\" into interval of type int64 (c.yaml:4); write a "
            "whole number from -9223372036854775808 to 9223372036854775807, without quotes"});
}

TEST_CASE("load: a variable that is no integer", "[config][contract-4]") {
  CHECK(complaints("", {{"interval", "invalid"}}) ==
        std::vector<std::string>{integer_failure +
                                 "strconv.ParseInt: parsing \"invalid\": invalid syntax "
                                 "(environment variable interval); write a whole number in "
                                 "decimal digits, without blanks"});
}

TEST_CASE("load: a variable that is no document", "[config][contract-5]") {
  CHECK(complaints("", {{"scaleTargetRef", "invalid JSON"}}) ==
        std::vector<std::string>{variable_failure +
                                 "cannot unmarshal string into scaleTargetRef of "
                                 "type object (environment variable scaleTargetRef); write keys "
                                 "and values"});
  CHECK(complaints("", {{"metric", "x: y: z"}}).at(0).starts_with(variable_failure + "yaml: "));
}

TEST_CASE("load: every key by environment", "[config][contract-6]") {
  CHECK(load_config_text("#", "c.yaml", with_all_hooks()).config == everything());
}

TEST_CASE("load: every key in a file, in either language", "[config][contract-7]") {
  const LoadedConfig yaml = load_config_text(everything_in_yaml, "c.yaml", {});
  const LoadedConfig json = load_config_text(everything_in_json, "c.json", {});

  CHECK(yaml.config == everything());
  CHECK(json.config == everything());
  CHECK(yaml.warnings.empty());
  CHECK(json.warnings.empty());
}

TEST_CASE("load: the environment wins, key by key", "[config][contract-8]") {
  const auto yaml = loaded("interval: 1\nmaxReplicas: 7\n", {{"interval", "2"}});
  CHECK(yaml.config.interval == Duration(2));
  CHECK(yaml.config.bounds.maximum == 7);

  const auto json = load_config_text(everything_in_json, "c.json", {{"interval", "2"}});
  Config expected = everything();
  expected.interval = Duration(2);
  CHECK(json.config == expected);
}

TEST_CASE("load: an object in the file is merged with the defaults", "[config][contract-9]") {
  CHECK(loaded("apiConfig: {port: 80}").config.api ==
        ApiConfig{true, false, 80, "0.0.0.0", "", ""});
  CHECK(loaded("apiConfig: {}").config.api == ApiConfig{});
}

TEST_CASE("load: an object in the environment starts from zero", "[config][contract-10]") {
  const auto result = loaded("apiConfig: {host: 10.0.0.1}", {{"apiConfig", R"({"port":80})"}});

  CHECK(result.config.api == ApiConfig{false, false, 80, "", "", ""});
  CHECK(result.warnings ==
        std::vector<std::string>{
            "apiConfig (environment variable apiConfig): the variable replaces the whole object "
            "and has no `enabled`, so the API is off; add \"enabled\": true, and `host` and `port` "
            "as needed, to have it"});
  CHECK(loaded("", {{"apiConfig", "ENABLED: true"}}).warnings.empty());
  CHECK(any_contains(complaints("", {{"metric", R"({"type":"shell","shell":{"entrypoint":"z"}})"}}),
                     "metric.timeout is missing or not positive: 0"));
}

TEST_CASE("load: who may call the API, from file and environment", "[config]") {
  const ApiConfig file =
      loaded("apiConfig: {tokenFile: /t, allow: {reads: anyone, RUNS: nobody}, port: 80}")
          .config.api;
  CHECK(file.token_file == "/t");
  CHECK(file.allow == ApiAllow{Callers::anyone, std::nullopt, Callers::nobody});
  CHECK(file.allowed(file.allow.reads) == Callers::anyone);
  CHECK(file.allowed(file.allow.dry_runs) == Callers::authenticated);
  CHECK(file.allowed(file.allow.runs) == Callers::nobody);

  const ApiConfig variable =
      loaded("apiConfig: {tokenFile: /t, allow: {runs: nobody}}",
             {{"apiConfig", R"({"enabled":true,"allow":{"reads":"nobody"}})"}})
          .config.api;
  CHECK(variable.token_file.empty());
  CHECK(variable.allow == ApiAllow{Callers::nobody, std::nullopt, std::nullopt});
  CHECK(variable.allowed(variable.allow.runs) == Callers::anyone);
  CHECK(variable.max_concurrent_cycles == 16);
}

TEST_CASE("load: the names by which browsers may call", "[config]") {
  const std::string file = "apiConfig: {allowedHosts: [a.example.com, b.example.com]}";
  CHECK(loaded(file).config.api.allowed_hosts ==
        std::vector<std::string>{"a.example.com", "b.example.com"});
  CHECK(loaded(file, {{"apiConfig", R"({"enabled":true,"allowedHosts":["c.example.com"]})"}})
            .config.api.allowed_hosts == std::vector<std::string>{"c.example.com"});
  CHECK(loaded("").config.api.allowed_hosts.empty());
  CHECK(any_contains(complaints("apiConfig: {allowedHosts: a.example.com}"),
                     "apiConfig.allowedHosts"));
}

TEST_CASE("load: callers have three words", "[config]") {
  CHECK(any_contains(complaints("apiConfig: {allow: {runs: everybody}}"),
                     "apiConfig.allow.runs is \"everybody\" (c.yaml:4); write anyone, "
                     "authenticated or nobody"));
  CHECK(any_contains(complaints("apiConfig: {allow: {runs: no}}"),
                     "apiConfig.allow.runs is \"false\" (c.yaml:4)"));
  CHECK(any_contains(complaints("apiConfig: {allow: {runs: ''}}"),
                     "apiConfig.allow.runs is \"\" (c.yaml:4)"));
  CHECK(complaints("apiConfig: {allow: {runs: [anyone]}}").size() == 1);
  CHECK(complaints("apiConfig: {allow: anyone}").size() == 1);
}

TEST_CASE("load: keys match without regard to case, variables with it", "[config][contract-11]") {
  CHECK(loaded("MINREPLICAS: 3").config.bounds.minimum == 3);
  CHECK(loaded("", {{"MINREPLICAS", "3"}}).config.bounds.minimum == 1);
  CHECK(loaded("", {{"INTERVAL", "abc"}}).warnings.empty());
}

TEST_CASE("load: unknown keys are a warning with what was meant", "[config][contract-12]") {
  const auto result = loaded(
      "foo: 1\nintervall: 5\napiConfig: {prot: 1}\npreScale: {type: shell, timeout: 5, "
      "shell: {entrypoint: a, comand: []}}\n");

  CHECK(result.config.interval == Duration(15'000));
  CHECK(result.warnings ==
        std::vector<std::string>{
            "unknown key \"apiConfig.prot\" (c.yaml:6); did you mean port?",
            "unknown key \"foo\" (c.yaml:4)",
            "unknown key \"intervall\" (c.yaml:5); did you mean interval?",
            "unknown key \"preScale.shell.comand\" (c.yaml:7); did you mean command?"});
}

TEST_CASE("load: unknown keys can be refused", "[config]") {
  CHECK_THROWS_WITH(
      load_config_text(with_required_keys("foo: 1\ninterval: 0\n"), "c.yaml", {}, Slips::refuse),
      "Invalid configuration: interval is 0 (interval, c.yaml:5); it is a number of "
      "milliseconds from 1 to 3153600000000\n"
      "unknown key \"foo\" (c.yaml:4)");
}

TEST_CASE("load: a second document is ignored with a warning", "[config][contract-13]") {
  const auto result = loaded("interval: 1\n---\ninterval: 5\n");

  CHECK(result.config.interval == Duration(1));
  CHECK(result.warnings ==
        std::vector<std::string>{
            "c.yaml:5: only the first document is read; all from this line on is ignored"});
  CHECK(complaints("--- x\n").at(0).starts_with(parse_failure +
                                                "invalid Yaml document separator: x"));
}

TEST_CASE("load: JSON with a tail", "[config][contract-14]") {
  CHECK(load_config_text(everything_in_json + " garbage", "c", {}).config == everything());
  CHECK(complaints_about(R"({"interval":5,})").at(0).starts_with(parse_failure + "json: "));
}

TEST_CASE("load: what is behind a JSON value or an end mark is warned of", "[config]") {
  const std::string ignored = ": only the first document is read; all from this line on is ignored";
  CHECK(load_config_text(everything_in_json + "\n{}", "c.json", {}).warnings ==
        std::vector<std::string>{"c.json:" +
                                 std::to_string(2 + std::count(everything_in_json.begin(),
                                                               everything_in_json.end(), '\n')) +
                                 ignored});
  CHECK(loaded("interval: 1\n...\ninterval: 5\n").warnings ==
        std::vector<std::string>{"c.yaml:6" + ignored});
  CHECK(loaded("", {{"minReplicas", "3\n---\n5"}}).warnings ==
        std::vector<std::string>{"environment variable minReplicas" + ignored});
}

TEST_CASE("load: a key that is there twice is a slip where the reference takes it", "[config]") {
  const auto slips = [](const std::string& rest, const Environment& environment = {}) {
    return loaded(rest, environment).warnings;
  };
  using Texts = std::vector<std::string>;
  CHECK(slips("interval: 5\nnamespace: a\ninterval: 7\n") ==
        Texts{"key \"interval\" is there twice (c.yaml:4 and c.yaml:6); that of line 6 counts over "
              "that of line 4; keep one of them"});
  CHECK(loaded("interval: 5\ninterval: 7\n").config.interval == Duration(7));
  // In byte order the one with the small letter comes last.
  CHECK(slips("minreplicas: 1\nminReplicas: 2\n") ==
        Texts{"key \"minReplicas\" is there twice (c.yaml:5 and c.yaml:4); that of line 4 counts "
              "over that of line 5; keep one of them"});
  CHECK(slips("preScale:\n  type: shell\n  timeout: 5\n  timeout: 6\n  shell: {entrypoint: a}\n") ==
        Texts{"key \"preScale.timeout\" is there twice (c.yaml:6 and c.yaml:7); that of line 7 "
              "counts over that of line 6; keep one of them"});
  CHECK(
      slips("preScale: {type: http, timeout: 5, http: {url: 'http://h', parameterMode: body, "
            "successCodes: [200], headers: {A: b,\n A: c}}}\n") ==
      Texts{"key \"preScale.http.headers.A\" is there twice (c.yaml:4 and c.yaml:5); that of line "
            "5 counts over that of line 4; keep one of them"});
  CHECK(slips("", {{"preScale",
                    "{\"type\":\"http\",\"type\":\"shell\",\"timeout\":5,\"shell\":"
                    "{\"entrypoint\":\"a\"}}"}}) ==
        Texts{"key \"preScale.type\" is there twice (environment variable preScale); that of line "
              "1 counts over that of line 1; keep one of them"});
  CHECK(slips("a: &a {p: 1}\n").size() == 1);  // an unknown key, and only that
  CHECK(slips("preMetric: &m {type: shell, timeout: 5, shell: {entrypoint: a}}\n"
              "preScale: {<<: *m, timeout: 6}\n")
            .empty());
  CHECK_THROWS_WITH(load_config_text(with_required_keys("interval: 5\ninterval: 7\n"), "c.yaml", {},
                                     Slips::refuse),
                    Catch::StartsWith("key \"interval\" is there twice"));
}

TEST_CASE("load: a key of our own that is there twice is refused", "[config]") {
  using Texts = std::vector<std::string>;
  CHECK(complaints("stateFile: /a\nstateFile: /b\n") ==
        Texts{"Invalid configuration: key \"stateFile\" is there twice (c.yaml:4 and c.yaml:5); "
              "keep one of them"});
  for (const char* twice :
       {"behavior: {scaleUp: {}, scaleUp: {}}", "mode: shadow\nMode: active",
        "steps: {multipleOf: 2, multipleOf: 4}", "apiConfig: {allow: {runs: nobody, runs: anyone}}",
        "apiConfig: {tokenFile: a, tokenFile: b}", "behavior: null\nbehavior: {}"}) {
    CAPTURE(twice);
    const auto found = complaints(twice);
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], Catch::Contains(" is there twice (c.yaml:"));
  }
  CHECK_THAT(complaints("", {{"CPAB_STEPS", "multipleOf: 2\nmultipleOf: 4"}}).at(0),
             Catch::Contains("key \"steps.multipleOf\" is there twice (environment variable "
                             "CPAB_STEPS); keep one of them"));
}

TEST_CASE("load: an empty file", "[config][contract-15]") {
  CHECK(complaints_about("") ==
        std::vector<std::string>{parse_failure + "EOF (c.yaml); write YAML or JSON"});
  CHECK(load_config_text("---", "c.yaml", with_all_hooks()).config == everything());
}

TEST_CASE("load: numbers by environment", "[config][contract-16]") {
  const auto null = loaded("minReplicas: 5", {{"minReplicas", "null"}});
  CHECK(null.config.bounds.minimum == 0);
  CHECK(null.warnings ==
        std::vector<std::string>{"minReplicas (environment variable minReplicas): null means 0 "
                                 "here, not the default; unset the variable to get the default"});
  CHECK(complaints("", {{"minReplicas", ""}}).at(0).starts_with(variable_failure + "EOF "));
  CHECK(loaded("", {{"minReplicas", "3.0"}}).config.bounds.minimum == 3);
  CHECK(complaints("", {{"minReplicas", "\"3\""}})
            .at(0)
            .starts_with(variable_failure + "cannot unmarshal string \"3\" into minReplicas of "
                                            "type int32"));
}

TEST_CASE("load: a boolean by environment", "[config][contract-17]") {
  const std::string specs = "kubernetesMetricSpecs: []";
  for (const char* yes : {"yes", "true", "True", "TRUE", "on", "y"}) {
    CHECK(loaded(specs, {{"requireKubernetesMetrics", yes}}).config.require_kubernetes_metrics);
  }
  for (const char* no : {"1", "t", "\"true\"", "maybe"}) {
    CHECK(complaints(specs, {{"requireKubernetesMetrics", no}})
              .at(0)
              .starts_with(variable_failure + "cannot unmarshal "));
  }
}

TEST_CASE("load: a file that is not there", "[config][contract-18]") {
  CHECK(config_path({}) == "/config.yaml");
  CHECK(config_path({{"configPath", "/a"}}) == "/a");
  CHECK(config_path({{"configPath", ""}}).empty());
  CHECK_THROWS_WITH(load_config("/does/not/exist.yaml", with_all_hooks()),
                    "Fail to read configuration file: open /does/not/exist.yaml: no such file or "
                    "directory");
  CHECK_THROWS_WITH(load_config(config_path({}), {}),
                    Catch::EndsWith("; name another file by the variable configPath"));
  CHECK_THROWS_WITH(load_config("", {}), Catch::StartsWith("Fail to read configuration file: "));
  CHECK_THROWS_WITH(load_config("/tmp", {}), Catch::StartsWith("Fail to read configuration file"));
}

TEST_CASE("load: numbers and booleans are arguments too", "[config][contract-19]") {
  const auto result = loaded(
      "preScale: {type: shell, timeout: 5, shell: {entrypoint: x, "
      "command: [a, 1, true, null, 1.50, yes, 0123]}}");

  CHECK(result.config.pre_scale->shell->command ==
        std::vector<std::string>{"a", "1", "true", "", "1.5", "true", "83"});
  CHECK(result.warnings ==
        std::vector<std::string>{
            "preScale.shell.command[4] (c.yaml:4): YAML 1.1 reads 1.50 as the number 1.5; put it "
            "in quotes if the text was meant",
            "preScale.shell.command[5] (c.yaml:4): YAML 1.1 reads yes as the bool true; put it in "
            "quotes if the text was meant",
            "preScale.shell.command[6] (c.yaml:4): YAML 1.1 reads 0123 as the number 83; put it "
            "in quotes if the text was meant"});
}

TEST_CASE("load: all complaints at once, each on a line of its own", "[config]") {
  const auto found =
      complaints("interval: ten\nmaxReplicas: 3000000000\nrunMode: \"no\\npe\"\nstartTime: 0\n",
                 {{"minReplicas", "three"}, {"downscaleStabilization", "1.5"}});

  CHECK(found ==
        std::vector<std::string>{
            parse_failure + "cannot unmarshal string \"ten\" into interval of type int64 "
                            "(c.yaml:4); write a whole number from -9223372036854775808 to "
                            "9223372036854775807, without quotes",
            parse_failure + "cannot unmarshal number 3000000000 into maxReplicas of type int32 "
                            "(c.yaml:5); write a whole number from -2147483648 to 2147483647, "
                            "without quotes",
            variable_failure + "cannot unmarshal string \"three\" into minReplicas of type int32 "
                               "(environment variable minReplicas); write a whole number from "
                               "-2147483648 to 2147483647, without quotes",
            integer_failure + "strconv.ParseInt: parsing \"1.5\": invalid syntax (environment "
                              "variable downscaleStabilization); write a whole number in decimal "
                              "digits, without blanks",
            // One sentence. NOLINTNEXTLINE(bugprone-suspicious-missing-comma)
            "Invalid configuration: unknown run mode: no\\npe (runMode, c.yaml:6); write per-pod "
            "or per-resource",
            "Invalid configuration: startTime is 0 (startTime, c.yaml:7); it is a number of "
            "milliseconds from 1 to 3153600000000"});
}

TEST_CASE("load: keys in the order of the file do not matter, sources do", "[config]") {
  const auto result =
      loaded("namespace: a\nrunMode: nope\n", {{"runMode", "per-resource"}, {"namespace", " b "}});

  CHECK(result.config.run_mode == RunMode::per_resource);
  CHECK(result.config.target.namespace_name == " b ");
}

TEST_CASE("load: a type error in the file counts although a variable overrides the key",
          "[config]") {
  CHECK(complaints("interval: ten", {{"interval", "5"}}).size() == 1);
}

TEST_CASE("load: origins tell where each value came from", "[config]") {
  const auto result =
      loaded("interval: 5\napiConfig:\n  PORT: 80\n", {{"maxReplicas", "7"}, {"preScale", "null"}});

  CHECK(result.origins.of("interval") == "c.yaml:4");
  CHECK(result.origins.of("apiConfig.port") == "c.yaml:6");
  CHECK(result.origins.of("apiConfig.host") == "default");
  CHECK(result.origins.of("maxReplicas") == "environment variable maxReplicas");
  CHECK(result.origins.of("preScale.shell.entrypoint") == "environment variable preScale");
  CHECK(result.origins.of("minReplicas") == "default");
  CHECK(result.path == "c.yaml");
}

TEST_CASE("load: no secret gets into a complaint", "[config]") {
  const auto found = complaints(
      "preScale: {type: http, timeout: 5, http: {url: \"ftp://me:geheim@h/?t=geheim\", "
      "headers: {Authorization: [geheim], \"X y\": geheim}, method: \"a b\", parameterMode: x}}\n"
      "postScale: '{\"headers\": \"geheim\"}'\n"
      "preMetric: {shell: {command: --token=geheim}}\n");

  CHECK(found.size() >= 7);
  CHECK_FALSE(any_contains(found, "geheim"));
}

TEST_CASE("load: junk is one complaint, never a crash", "[config]") {
  for (const std::string& text :
       {std::string("\x7f"
                    "ELF\x02\x01\x01\x00",
                    8),
        std::string("\xFF\xFE\x00", 3), std::string("{\xFF}"), std::string(1'000'000, '['),
        std::string(1'000'000, '{'), std::string(1'000'000, 'x')}) {
    const auto found = complaints_about(text);
    REQUIRE(found.size() == 1);
    CHECK(found[0].starts_with(parse_failure));
    CHECK(found[0].size() < 500);
  }
}

}  // namespace
}  // namespace cpab
