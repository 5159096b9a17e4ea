#include "cpab/config/effective.h"

#include <catch2/catch.hpp>

#include "tests/config/config_text.h"

namespace cpab {
namespace {

TEST_CASE("effective_config: every key with its value and origin", "[config]") {
  const auto result = load_config_text(R"(scaleTargetRef:
  apiVersion: apps/v1
  kind: Deployment
  name: shop
metric:
  type: shell
  timeout: 1000
  shell:
    entrypoint: python
    command: [/m.py, --token=abc]
evaluate:
  type: http
  timeout: 500
  http:
    url: http://me:secret@h/x?key=secret
    headers: {Authorization: secret, Accept: text/plain}
    successCodes: [200, 201]
    parameterMode: query
    caCert: /ca
kubernetesMetricSpecs:
- type: Resource
  resource: {name: cpu, target: {type: Utilization}}
)",
                                       "/config.yaml", {{"namespace", "prod"}, {"interval", "5"}});

  CHECK(effective_config(result) == R"(scaleTargetRef:
  apiVersion: apps/v1  # /config.yaml:2
  kind: Deployment  # /config.yaml:3
  name: shop  # /config.yaml:4
namespace: prod  # environment variable namespace
metric:
  type: shell  # /config.yaml:6
  timeout: 1000  # /config.yaml:7
  shell:
    entrypoint: python  # /config.yaml:9
    command: ["/m.py", "--token=***"]  # /config.yaml:10
    logStderr: false  # default
evaluate:
  type: http  # /config.yaml:12
  timeout: 500  # /config.yaml:13
  http:
    method: ""  # default
    url: "http://***@h/x?key=***"  # /config.yaml:15
    headers: {"Accept": "text/plain", "Authorization": "***"}  # /config.yaml:16
    successCodes: [200, 201]  # /config.yaml:17
    parameterMode: query  # /config.yaml:18
    caCert: /ca  # /config.yaml:19
preMetric: null  # default
postMetric: null  # default
preEvaluate: null  # default
postEvaluate: null  # default
preScale: null  # default
postScale: null  # default
runMode: per-pod  # default
interval: 5  # environment variable interval
startTime: 1  # default
minReplicas: 1  # default
maxReplicas: 10  # default
downscaleStabilization: 0  # default
logVerbosity: 0  # default
apiConfig:
  enabled: true  # default
  useHTTPS: false  # default
  port: 5000  # default
  host: 0.0.0.0  # default
  certFile: ""  # default
  keyFile: ""  # default
  tokenFile: ""  # default
  clientCAFile: ""  # default
  allow:
    reads: anyone  # default
    dryRuns: anyone  # default
    runs: anyone  # default
  allowedHosts: []  # default
  maxConcurrentCycles: 16  # default
kubernetesMetricSpecs:  # /config.yaml:20
  - {"type":"Resource","resource":{"name":"cpu","target":{"type":"Utilization"}}}
requireKubernetesMetrics: false  # default
initialReadinessDelay: 30  # default
cpuInitializationPeriod: 300  # default
logFormat: text  # default
decisionLog: ""  # default
stateFile: ""  # default
metricConcurrency: 1  # default
maxOutputBytes: 16777216  # default
maxCycleBytes: 67108864  # default
kubernetesTimeout: 10000  # default
mode: active  # default
behavior: null  # default
steps: null  # default
events: false  # default
parity: false  # default
maxSampleAge: 300  # default
)");
}

TEST_CASE("effective_config: fills in what Kubernetes would", "[config]") {
  const std::string text =
      effective_config(loaded("behavior: {scaleUp: {tolerance: 0.3}}\nsteps: {allowed: [2, 4]}\n"));

  CHECK_THAT(text, Catch::Contains("downscaleStabilization: 300  # default\n"));
  CHECK_THAT(text, Catch::Contains(
                       "behavior:\n"
                       "  scaleUp:\n"
                       "    stabilizationWindowSeconds: 0  # default\n"
                       "    selectPolicy: Max  # default\n"
                       "    policies: [{type: Pods, value: 4, periodSeconds: 15}, {type: Percent, "
                       "value: 100, periodSeconds: 15}]  # default\n"
                       "    tolerance: 0.3  # c.yaml:4\n"
                       "  scaleDown:\n"
                       "    selectPolicy: Max  # default\n"
                       "    policies: [{type: Percent, value: 100, periodSeconds: 15}]  # default\n"
                       "steps:\n"
                       "  allowed: [2, 4]  # c.yaml:5\n"));
}

TEST_CASE("effective_config: the types that call nobody have no timeout", "[config]") {
  const LoadedConfig config = load_config_text(
      "metric: {type: kubernetes}\nevaluate: {type: hpa}\nrunMode: per-resource\n"
      "scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: shop}\n"
      "kubernetesMetricSpecs: [{type: Pods, pods: {metric: {name: m}, target: "
      "{type: AverageValue, averageValue: 5}}}]\n",
      "c.yaml", {});
  CHECK_THAT(effective_config(config), Catch::Contains("metric:\n"
                                                       "  type: kubernetes  # c.yaml:1\n"
                                                       "evaluate:\n"
                                                       "  type: hpa  # c.yaml:2\n"
                                                       "  hpa:\n"
                                                       "    tolerance: 0.1  # default\n"
                                                       "preMetric: null"));
}

TEST_CASE("effective_config: says what follows from having tokens", "[config]") {
  const std::string text =
      effective_config(loaded("apiConfig: {tokenFile: /t, allow: {reads: anyone}}\n"));

  CHECK_THAT(text, Catch::Contains("  allow:\n"
                                   "    reads: anyone  # c.yaml:4\n"
                                   "    dryRuns: authenticated  # default\n"
                                   "    runs: authenticated  # default\n"));
}

TEST_CASE("effective_config: loads as the same configuration when nothing is secret", "[config]") {
  const auto first = loaded(
      "namespace: 'on'\nrunMode: per-resource\nlogFormat: json\ndecisionLog: 'a # b'\n"
      "kubernetesMetricSpecs: []\n"
      "apiConfig: {tokenFile: /t, allow: {reads: anyone, dryRuns: authenticated, runs: nobody}}\n"
      "preScale: {type: shell, timeout: 5, shell: {entrypoint: '-x', command: ['', '010', \"a\\n"
      "\\\"b\", 'null', \"\\u00e9\", '#']}}\n"
      "postScale: {type: http, timeout: 5, http: {url: 'http://h/', parameterMode: body, "
      "successCodes: [200], method: 'y'}}\n");

  const auto second = load_config_text(effective_config(first), "again", {});

  CHECK(second.config == first.config);
  CHECK(second.warnings.empty());
}

}  // namespace
}  // namespace cpab
