#include "cpab/config/validate.h"

#include <catch2/catch.hpp>

#include "tests/config/config_text.h"

namespace cpab {
namespace {

struct Refused {
  std::string rest;  ///< follows the required keys, from line 4 on
  std::string complaint;
};

TEST_CASE("validate: each rule has its words", "[config]") {
  const auto [rest, complaint] = GENERATE(values<Refused>({
      {"interval: 0",
       "interval is 0 (interval, c.yaml:4); it is a number of milliseconds from 1 "
       "to 3153600000000"},
      {"interval: 9223372036854775807",
       "interval is 9223372036854775807 (interval, c.yaml:4); it is a number of milliseconds from "
       "1 to 3153600000000"},
      {"startTime: -1",
       "startTime is -1 (startTime, c.yaml:4); it is a number of milliseconds "
       "from 1 to 3153600000000"},
      {"kubernetesTimeout: 0",
       "kubernetesTimeout is 0 (kubernetesTimeout, c.yaml:4); it is a "
       "number of milliseconds from 1 to 3153600000000"},
      {"downscaleStabilization: -1",
       "downscaleStabilization is -1 (downscaleStabilization, c.yaml:4); it is a number of seconds "
       "from 0 to 3153600000"},
      {"initialReadinessDelay: -1",
       "initialReadinessDelay is -1 (initialReadinessDelay, "
       "c.yaml:4); it is a number of seconds from 0 to 3153600000"},
      {"cpuInitializationPeriod: 3153600001",
       "cpuInitializationPeriod is 3153600001 (cpuInitializationPeriod, c.yaml:4); it is a number "
       "of seconds from 0 to 3153600000"},
      {"minReplicas: -1",
       "minReplicas is -1 (minReplicas, c.yaml:4); it is at least 0; 0 allows scaling to and from "
       "zero"},
      {"maxReplicas: -1", "maxReplicas is -1 (maxReplicas, c.yaml:4); it is at least 0"},
      {"minReplicas: 11",
       "minReplicas is 11, above maxReplicas, which is 10, default "
       "(minReplicas, c.yaml:4); raise maxReplicas or lower minReplicas"},
      {"maxReplicas: 0",
       "minReplicas is 1, above maxReplicas, which is 0, c.yaml:4 (minReplicas, "
       "default); raise maxReplicas or lower minReplicas"},
      {"runMode: invalid",
       "unknown run mode: invalid (runMode, c.yaml:4); write per-pod or per-resource"},
      {"mode: dark", "unknown mode: dark (mode, c.yaml:4); write active or shadow"},
      {"logFormat: xml", "unknown log format: xml (logFormat, c.yaml:4); write text or json"},
      {"parity: true",
       "parity is true and evaluate is not of type hpa (parity, c.yaml:4); remove parity: it is "
       "about the formula of the HPA; or write evaluate: {type: hpa}"},
      {"maxSampleAge: -1",
       "maxSampleAge is -1 (maxSampleAge, c.yaml:4); it is a number of seconds from 0 to "
       "3153600000"},
      {"metricConcurrency: 257",
       "metricConcurrency is 257 (metricConcurrency, c.yaml:4); it is from 1 to 256"},
      {"maxOutputBytes: 1073741825",
       "maxOutputBytes is 1073741825 (maxOutputBytes, c.yaml:4); it is from 1 to 1073741824"},
      {"maxCycleBytes: 1048575",
       "maxCycleBytes is 1048575 (maxCycleBytes, c.yaml:4); it is from 1048576 to 68719476736"},
      {"behavior: {scaleUp: {stabilizationWindowSeconds: 3601}}",
       "behavior.scaleUp.stabilizationWindowSeconds is 3601 "
       "(behavior.scaleUp.stabilizationWindowSeconds, c.yaml:4); it is from 0 to 3600"},
      {"behavior: {scaleUp: {policies: []}}",
       "behavior.scaleUp.policies is empty (behavior.scaleUp.policies, c.yaml:4); leave it out for "
       "the default, or write selectPolicy: Disabled"},
      {"behavior: {scaleDown: {policies: [{type: Pods, value: 0, periodSeconds: 60}]}}",
       "behavior.scaleDown.policies[0].value is 0 (behavior.scaleDown.policies[0].value, "
       "c.yaml:4); it is at least 1"},
      {"behavior: {scaleDown: {policies: [{type: Pods, value: 1, periodSeconds: 1801}]}}",
       "behavior.scaleDown.policies[0].periodSeconds is 1801 "
       "(behavior.scaleDown.policies[0].periodSeconds, c.yaml:4); it is from 1 to 1800"},
      {"behavior: {scaleDown: {stabilizationWindowSeconds: 60}}\ndownscaleStabilization: 300",
       "behavior.scaleDown.stabilizationWindowSeconds is 60, and downscaleStabilization, which "
       "means the same, is 300, c.yaml:5 (behavior.scaleDown.stabilizationWindowSeconds, "
       "c.yaml:4); give one of them, or both the same value"},
      {"steps: {multipleOf: 0}",
       "steps.multipleOf is 0 (steps.multipleOf, c.yaml:4); it is at least 1"},
      {"steps: {allowed: [4, 2]}",
       "steps.allowed is not a rising list of counts (steps.allowed, c.yaml:4); write such as "
       "[1, 2, 4, 8]"},
      {"steps: {multipleOf: 2, allowed: [2]}",
       "steps has both multipleOf and allowed (steps, c.yaml:4); give one of them"},
      {"steps: {multipleOf: 11}",
       "steps allow no count from minReplicas to maxReplicas (steps, c.yaml:4); change the steps "
       "or "
       "the bounds"},
      {"namespace: ''",
       "namespace is missing or empty (namespace, c.yaml:4); name the namespace of the target"},
      {"apiConfig:",
       "apiConfig is null (apiConfig, c.yaml:4); remove the key to get the defaults, "
       "or give it keys, such as enabled: true"},
      {"apiConfig: {port: 65536}",
       "apiConfig.port is 65536 (apiConfig.port, c.yaml:4); it is from 0 to 65535"},
      {"apiConfig: {host: '0.0.0.0:5000'}",
       "apiConfig.host is \"0.0.0.0:5000\" (apiConfig.host, c.yaml:4); write an address or a name "
       "to listen on, such as 127.0.0.1 or ::, without a port"},
      {"apiConfig: {host: '[::1]'}",
       "apiConfig.host is \"[::1]\" (apiConfig.host, c.yaml:4); write an address or a name to "
       "listen on, such as 127.0.0.1 or ::, without a port"},
      {"apiConfig: {host: 'http://a'}",
       "apiConfig.host is \"http://a\" (apiConfig.host, c.yaml:4); write an address or a name to "
       "listen on, such as 127.0.0.1 or ::, without a port"},
      {"apiConfig: {port: -1}",
       "apiConfig.port is -1 (apiConfig.port, c.yaml:4); it is from 0 to 65535"},
      {"apiConfig: {maxConcurrentCycles: 0}",
       "apiConfig.maxConcurrentCycles is 0 (apiConfig.maxConcurrentCycles, c.yaml:4); it is from 1 "
       "to 200"},
      {"apiConfig: {maxConcurrentCycles: 201}",
       "apiConfig.maxConcurrentCycles is 201 (apiConfig.maxConcurrentCycles, c.yaml:4); it is from "
       "1 to 200"},
      {"apiConfig: {allowedHosts: [a.example.com, 'https://b.example.com']}",
       "apiConfig.allowedHosts[1] is \"https://b.example.com\" (apiConfig.allowedHosts[1], "
       "in apiConfig.allowedHosts from c.yaml:4); write a name as browsers know it, without scheme, port, path and wildcards: "
       "cpab.example.com"},
      {"apiConfig: {clientCAFile: ca.pem}",
       "apiConfig.clientCAFile is set and useHTTPS is not (apiConfig.clientCAFile, c.yaml:4); "
       "client certificates come with HTTPS only: set useHTTPS, certFile and keyFile"},
      {"apiConfig: {allow: {dryRuns: authenticated, runs: nobody}}",
       "apiConfig.allow.dryRuns is authenticated and callers have no way to be "
       "(apiConfig.allow.dryRuns, c.yaml:4); set apiConfig.tokenFile or apiConfig.clientCAFile, or "
       "write anyone or nobody"},
      {"apiConfig: {allow: {run: nobody}}",
       "unknown key \"apiConfig.allow.run\" (c.yaml:4); did you mean runs?"},
      {"apiConfig: {useHTTPS: true, keyFile: k}",
       "apiConfig.certFile is missing or empty (apiConfig.certFile, in apiConfig from c.yaml:4); "
       "useHTTPS needs the path of a certificate (PEM)"},
      {"apiConfig: {useHTTPS: true, certFile: c, keyFile: ''}",
       "apiConfig.keyFile is missing or empty (apiConfig.keyFile, c.yaml:4); useHTTPS needs the "
       "path of the certificate's key (PEM)"},
      {"decisionLog: /log\nstateFile: /log",
       "stateFile and decisionLog are the same file (stateFile, c.yaml:5); give each a path of its "
       "own"},
  }));

  CAPTURE(rest);
  CHECK(complaints(rest) == std::vector<std::string>{"Invalid configuration: " + complaint});
}

TEST_CASE("validate: what looks odd but works is let through", "[config]") {
  const std::string rest = GENERATE(values<std::string>(
      {"minReplicas: 0\nmaxReplicas: 0", "interval: 1", "startTime: 60000", "logVerbosity: -5",
       "apiConfig: {port: 0, host: ''}", "apiConfig: {host: 'fe80::1%eth0'}",
       "apiConfig: {host: my_host.local}", "apiConfig: {enabled: false, port: 99999999}",
       "apiConfig: {enabled: false, useHTTPS: true}", "apiConfig: {maxConcurrentCycles: 200}",
       "apiConfig: {enabled: false, allowedHosts: ['*']}", "apiConfig: {allowedHosts: []}",
       "apiConfig: {allowedHosts: [Cpab.example.com., localhost, 10.0.0.1, my_host]}",
       "apiConfig: {tokenFile: t, allow: {runs: authenticated}}",
       // One document. NOLINTNEXTLINE(bugprone-suspicious-missing-comma)
       "apiConfig: {useHTTPS: true, certFile: c, keyFile: k, clientCAFile: a, "
       "allow: {reads: authenticated, dryRuns: null}}",
       "apiConfig: {enabled: false, allow: {runs: authenticated}}", "kubernetesMetricSpecs: []",
       "metricConcurrency: 256", "maxOutputBytes: 1073741824", "downscaleStabilization: 0"}));

  CAPTURE(rest);
  CHECK(complaints(rest).empty());
  CHECK(loaded(rest).warnings.empty());
}

/// The complaints about a configuration with the methods and keys of `rest`.
std::vector<std::string> about_hpa(const std::string& rest) {
  return complaints_about("scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}\n" +
                          rest);
}

constexpr const char* hpa_methods =
    "runMode: per-resource\nmetric: {type: kubernetes}\nevaluate: {type: hpa}\n";

constexpr const char* cpu_metric =
    "kubernetesMetricSpecs: [{type: Resource, resource: {name: cpu, target: {type: Utilization, "
    "averageUtilization: 50}}}]\n";

TEST_CASE("validate: the HPA as methods needs no timeout", "[config]") {
  CHECK(about_hpa(std::string(hpa_methods) + cpu_metric).empty());
  // Only one of the two may be a script.
  const std::string script = "{type: shell, timeout: 5, shell: {entrypoint: sh}}\n";
  CHECK(about_hpa("runMode: per-resource\nmetric: {type: kubernetes}\nevaluate: " + script +
                  "kubernetesMetricSpecs: [{type: Resource, resource: {name: cpu, target: {type: "
                  "Utilization}}}]\n")
            .empty());
  CHECK(about_hpa("runMode: per-resource\nevaluate: {type: hpa, hpa: {tolerance: 0}}\nmetric: " +
                  script)
            .empty());
}

TEST_CASE("validate: what the HPA as methods needs", "[config]") {
  const std::string methods = "metric: {type: kubernetes}\nevaluate: {type: hpa}\n";
  CHECK(
      about_hpa(methods + cpu_metric) ==
      std::vector<std::string>{
          "Invalid configuration: runMode is per-pod and type kubernetes looks at the target as a "
          "whole (runMode, default); write runMode: per-resource"});
  for (const char* none : {"", "kubernetesMetricSpecs: []\n"}) {
    const auto found = about_hpa(hpa_methods + std::string(none));
    REQUIRE(found.size() == 1);
    CHECK_THAT(found[0], Catch::Contains("metric is of type kubernetes and kubernetesMetricSpecs "
                                         "names no metrics (kubernetesMetricSpecs, "));
  }
  const auto [target, complaint] = GENERATE(table<std::string, std::string>({
      {"Resource, resource: {name: cpu, target: {type: Utilization}}",
       "resource.target.averageUtilization is missing or not above zero"},
      {"Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: 0}}",
       "resource.target.averageUtilization is missing or not above zero"},
      {"ContainerResource, containerResource: {name: cpu, container: c, target: {type: "
       "AverageValue}}",
       "containerResource.target.averageValue is missing or not above zero"},
      {"Pods, pods: {metric: {name: m}, target: {type: AverageValue, averageValue: -1}}",
       "pods.target.averageValue is missing or not above zero"},
      {"External, external: {metric: {name: m}, target: {type: Value, averageValue: 1}}",
       "external.target.value is missing or not above zero"},
  }));
  CAPTURE(target);
  const auto found =
      about_hpa(hpa_methods + std::string("kubernetesMetricSpecs: [{type: ") + target + "}]\n");
  REQUIRE(found.size() == 1);
  CHECK_THAT(found[0], Catch::Contains("kubernetesMetricSpecs[0]." + complaint));
}

TEST_CASE("validate: the types that call nobody have their places", "[config]") {
  CHECK(complaints("preScale: {type: hpa}\n") ==
        std::vector<std::string>{
            "Invalid configuration: type hpa is not for preScale (preScale.type, c.yaml:4); it is "
            "for evaluate; write shell or http"});
  CHECK(complaints("postMetric: {type: kubernetes}\n") ==
        std::vector<std::string>{
            "Invalid configuration: type kubernetes is not for postMetric (postMetric.type, "
            "c.yaml:4); it is for metric; write shell or http"});
}

TEST_CASE("validate: settings of the HPA", "[config]") {
  const auto with = [](const std::string& keys) {
    return about_hpa("runMode: per-resource\nmetric: {type: kubernetes}\nevaluate: {type: hpa, " +
                     keys + "}\n" + cpu_metric);
  };
  CHECK(with("hpa: {tolerance: 150m}").empty());
  CHECK_THAT(with("hpa: {tolerance: -0.1}").at(0),
             Catch::Contains("evaluate.hpa.tolerance is negative"));
  CHECK_THAT(with("hpa: {tolerance: much}").at(0), Catch::Contains("write a quantity"));
  CHECK_THAT(with("hpa: {tolerence: 1}").at(0), Catch::Contains("did you mean tolerance?"));
}

TEST_CASE("validate: what is odd about the HPA as methods is a warning", "[config]") {
  const std::string text =
      "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}\n"
      "runMode: per-resource\nminReplicas: 0\n"
      "metric: {type: kubernetes, timeout: 5}\nevaluate: {type: hpa}\n";
  CHECK(load_config_text(text + cpu_metric, "c.yaml", {}).warnings ==
        std::vector<std::string>{
            "metric.timeout, c.yaml:4: has no effect: type kubernetes calls nobody",
            "minReplicas, c.yaml:3: is 0, and without an Object or External metric nothing scales "
            "up again from there"});
}

TEST_CASE("validate: what is required and missing", "[config]") {
  CHECK(complaints_about("{}") ==
        std::vector<std::string>{
            "Invalid configuration: scaleTargetRef is missing (scaleTargetRef, default); say what "
            "is to be scaled: its apiVersion, kind and name",
            "Invalid configuration: metric is missing (metric, default); say how a metric is "
            "gathered: a method of type shell, http or kubernetes",
            "Invalid configuration: evaluate is missing (evaluate, default); say how metrics "
            "become a replica count: a method of type shell, http or hpa"});
}

TEST_CASE("validate: a reference without its parts", "[config]") {
  CHECK(complaints("scaleTargetRef: {}\n").size() == 3);
  CHECK(complaints("scaleTargetRef: {kind: A, name: b}\n") ==
        std::vector<std::string>{
            "Invalid configuration: scaleTargetRef.apiVersion is missing or empty "
            "(scaleTargetRef.apiVersion, in scaleTargetRef from c.yaml:4); write apps/v1 for a "
            "Deployment, v1 for the core group"});
  CHECK(any_contains(
      complaints("scaleTargetRef: {kind: A, name: b, apiVersion: invalid/invalid/invalid}\n"),
      "unexpected GroupVersion string: invalid/invalid/invalid (scaleTargetRef.apiVersion, "));
}

/// The complaints about a preScale method written as a flow mapping.
std::vector<std::string> about_method(const std::string& method) {
  return complaints("preScale: {" + method + "}\n");
}

std::vector<std::string> about_http(const std::string& keys) {
  return about_method("type: http, timeout: 5, http: {" + keys + "}");
}

TEST_CASE("validate: methods", "[config]") {
  const auto [method, complaint] = GENERATE(values<Refused>({
      {"type: shell, shell: {entrypoint: a}",
       "preScale.timeout is missing or not positive: 0 (preScale.timeout, in preScale from "
       "c.yaml:4); it has no default; write the milliseconds that a call may take, such as 2500"},
      {"type: shell, timeout: -5, shell: {entrypoint: a}",
       "preScale.timeout is missing or not positive: -5 (preScale.timeout, c.yaml:4); it has no "
       "default; write the milliseconds that a call may take, such as 2500"},
      {"type: shell, timeout: 9223372036854775807, shell: {entrypoint: a}",
       "preScale.timeout is 9223372036854775807 (preScale.timeout, c.yaml:4); it is a number of "
       "milliseconds, at most 3153600000000"},
      {"timeout: 5",
       "unknown execution method: '' (preScale.type, in preScale from c.yaml:4); "
       "write shell or http, in lower case, or kubernetes for metric and hpa for evaluate"},
      {"type: Shell, timeout: 5, shell: {entrypoint: a}",
       "unknown execution method: 'Shell' (preScale.type, c.yaml:4); write shell or http, in lower "
       "case, or kubernetes for metric and hpa for evaluate"},
      {"type: grpc, timeout: 5",
       "unknown execution method: 'grpc' (preScale.type, c.yaml:4); "
       "write shell or http, in lower case, or kubernetes for metric and hpa for evaluate"},
      {"type: shell, timeout: 5",
       "missing required 'shell' configuration on method (preScale.shell, in preScale from "
       "c.yaml:4); add a shell object with an entrypoint"},
      {"type: http, timeout: 5, shell: {entrypoint: a}",
       "missing required 'http' configuration on method (preScale.http, in preScale from "
       "c.yaml:4); add an http object with a url"},
      {"type: shell, timeout: 5, shell: {}",
       "exec: no command: preScale.shell.entrypoint is missing or empty "
       "(preScale.shell.entrypoint, in preScale.shell from c.yaml:4); name a program; no shell is "
       "involved unless it is one"},
  }));

  CAPTURE(method);
  CHECK(about_method(method) == std::vector<std::string>{"Invalid configuration: " + complaint});
}

TEST_CASE("validate: every stage and hook is looked at", "[config]") {
  for (const char* key : {"metric", "evaluate", "preMetric", "postMetric", "preEvaluate",
                          "postEvaluate", "preScale", "postScale"}) {
    const auto found = complaints(std::string(key) + ": {type: nope, timeout: 5}\n");
    REQUIRE(found.size() == 1);
    CHECK(found[0].find("(" + std::string(key) + ".type, c.yaml:4)") != std::string::npos);
  }
}

TEST_CASE("validate: http", "[config]") {
  const std::string good = "url: 'http://h', parameterMode: body, successCodes: [200]";
  CHECK(about_http(good).empty());
  CHECK(about_http(good + ", method: ''").empty());
  CHECK(about_http(good + ", method: purge").empty());

  const auto [keys, part] = GENERATE_COPY(values<Refused>({
      {good + ", method: '*?'", "net/http: invalid method \"*?\" (preScale.http.method, c.yaml:4)"},
      {good + ", url: ''",
       "unsupported protocol scheme \"\" in the url \"\" (preScale.http.url, "
       "c.yaml:4)"},
      {good + ", url: 'http://a<b/x'",
       "parse \"http://a<b/x\": invalid character \"<\" in host name (preScale.http.url, "
       "c.yaml:4); write http://host:port/path or https://..."},
      {good + ", url: 'http://h:x/'", "parse \"http://h:x/\": invalid port \":x\" after host"},
      {good + ", parameterMode: unknown",
       "unknown parameter mode 'unknown' (preScale.http.parameterMode, c.yaml:4); write body or "
       "query"},
      {good + ", parameterMode: ''", "unknown parameter mode ''"},
      {good + ", successCodes: []",
       "preScale.http.successCodes is missing or empty (preScale.http.successCodes, c.yaml:4)"},
      {good + ", headers: {'a b': c}", "net/http: invalid header field name \"a b\""},
      {good + ", headers: {a: \"c\\nd\"}", "net/http: invalid header field value for \"a\""},
      {good + ", caCert: ''", "open : no such file or directory (preScale.http.caCert, c.yaml:4)"},
  }));
  CAPTURE(keys);
  const auto found = about_http(keys);
  REQUIRE(found.size() == 1);
  CHECK(found[0].starts_with("Invalid configuration: " + part));
}

TEST_CASE("validate: half a client certificate and odd statuses are warnings", "[config]") {
  const std::string start =
      "preScale: {type: http, timeout: 5, http: {url: 'http://h', "
      "parameterMode: body, ";

  CHECK(loaded(start + "successCodes: [200], clientCert: /c}}\n").warnings ==
        std::vector<std::string>{
            "preScale.http.clientCert, c.yaml:4: is not used without clientKey"});
  CHECK(loaded(start + "successCodes: [200], clientKey: /c}}\n").warnings ==
        std::vector<std::string>{
            "preScale.http.clientKey, c.yaml:4: is not used without clientCert"});
  CHECK(loaded(start + "successCodes: [200, 2000]}}\n").warnings ==
        std::vector<std::string>{"preScale.http.successCodes, c.yaml:4: 2000 is no HTTP status and "
                                 "never matches"});
}

TEST_CASE("validate: metric specs", "[config]") {
  const auto [spec, complaint] = GENERATE(values<Refused>({
      {"{type: Resource}",
       "kubernetesMetricSpecs[0].resource is missing "
       "(kubernetesMetricSpecs[0].resource, in kubernetesMetricSpecs from "
       "c.yaml:4); a spec needs the object of its type, here `resource`"},
      {"{type: Pods, resource: {}}", "kubernetesMetricSpecs[0].pods is missing"},
      {"{type: Object}", "kubernetesMetricSpecs[0].object is missing"},
      {"{type: External}", "kubernetesMetricSpecs[0].external is missing"},
      {"{type: ContainerResource}", "kubernetesMetricSpecs[0].containerResource is missing"},
      {"{type: ContainerResource, containerResource: {name: cpu, target: {type: Utilization}}}",
       "kubernetesMetricSpecs[0].containerResource.container is missing or empty"},
      {"{type: ContainerResource, containerResource: {name: cpu, container: main, target: "
       "{type: Value}}}",
       "invalid container resource metric source: must be either average value or average "
       "utilization: the type is \"Value\""},
      {"{type: resource}",
       "unknown metric source type \"resource\" (kubernetesMetricSpecs[0].type, c.yaml:4); write "
       "Resource, ContainerResource, Pods, Object or External"},
      {"null", "unknown metric source type \"\""},
      {"{type: Resource, resource: {name: cpu, target: {type: Value}}}",
       "invalid resource metric source: must be either average value or average utilization: the "
       "type is \"Value\" (kubernetesMetricSpecs[0].resource.target.type, c.yaml:4); write "
       "Utilization or AverageValue"},
      {"{type: Pods, pods: {metric: {name: m}, target: {type: Value}}}",
       "invalid pods metric source: must be average value: the type is \"Value\""},
      {"{type: Object, object: {describedObject: {kind: A, name: b}, metric: {name: m}, target: "
       "{type: Utilization}}}",
       "invalid object metric source: must be either value or average value: "},
      {"{type: External, external: {metric: {name: m}}}",
       "invalid external metric source: must be either value or average value: the type is \"\""},
      {"{type: Resource, resource: {target: {type: Utilization}}}",
       "kubernetesMetricSpecs[0].resource.name is missing or empty"},
      {"{type: External, external: {metric: {}, target: {type: Value}}}",
       "kubernetesMetricSpecs[0].external.metric.name is missing or empty"},
      {"{type: Object, object: {describedObject: {name: b}, metric: {name: m}, target: {type: "
       "Value}}}",
       "kubernetesMetricSpecs[0].object.describedObject.kind is missing or empty"},
      {"{type: Pods, pods: {metric: {name: m, selector: {matchExpressions: [{key: a, operator: "
       "Bogus}]}}, target: {type: AverageValue}}}",
       "\"Bogus\" is not a valid label selector operator "
       "(kubernetesMetricSpecs[0].pods.metric.selector.matchExpressions[0].operator, c.yaml:4)"},
      {"{type: Pods, pods: {metric: {name: m, selector: {matchExpressions: [{key: a, operator: "
       "In}]}}, target: {type: AverageValue}}}",
       "for 'in', 'notin' operators, values set can't be empty"},
      {"{type: Pods, pods: {metric: {name: m, selector: {matchExpressions: [{key: a, operator: "
       "Exists, values: [b]}]}}, target: {type: AverageValue}}}",
       "values set must be empty for exists and does not exist"},
  }));

  CAPTURE(spec);
  const auto found = complaints("kubernetesMetricSpecs: [" + spec + "]\n");
  REQUIRE(found.size() == 1);
  CHECK(found[0].starts_with("Invalid configuration: " + complaint));
}

TEST_CASE("validate: metrics that are required but not configured are a warning", "[config]") {
  CHECK(loaded("requireKubernetesMetrics: true\n").warnings ==
        std::vector<std::string>{"requireKubernetesMetrics, c.yaml:4: has no effect, since there "
                                 "are no kubernetesMetricSpecs"});
}

TEST_CASE("validate: a key that could not be read is complained about once", "[config]") {
  CHECK(complaints("metric: 5\n").size() == 1);
  CHECK(complaints("interval: ten\n").size() == 1);
  CHECK(complaints("scaleTargetRef: text\n").size() == 1);
  CHECK(complaints("preScale: {type: shell, timeout: soon, shell: {entrypoint: [a]}}\n").size() ==
        2);
  CHECK(complaints("kubernetesMetricSpecs: text\n").size() == 1);
  CHECK(complaints("apiConfig: 5\n").size() == 1);
}

}  // namespace
}  // namespace cpab
