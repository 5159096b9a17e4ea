#include <catch2/catch.hpp>
#include <sstream>

#include "cpab/config/display.h"
#include "cpab/config/load.h"
#include "cpab/config/sections.h"
#include "cpab/io/file.h"

namespace cpab {
namespace {

std::string example() { return read_file(CPAB_SOURCE_DIR "/config.yaml.example"); }

/// In the example, `# ` followed by a letter starts a comment; anything else behind a `#` at the
/// start of a line is a key that is commented out.
std::string uncommented(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    const bool is_comment = line.size() < 3 || line[0] != '#' || (line[1] == ' ' && line[2] != ' ');
    result += (is_comment ? line : line.substr(1)) + "\n";
  }
  return result;
}

TEST_CASE("config.yaml.example: changes nothing", "[config][contract-1]") {
  Draft draft;
  Report report;
  const Document document = parse_document(example());
  Decoder decoder({Source::Kind::file, "example"}, document.language, report);
  decode(decoder, document.root, "", draft);

  CHECK(draft.config == Config{});
  CHECK(draft.run_mode == Draft{}.run_mode);
  CHECK(draft.log_format == Draft{}.log_format);
  CHECK(report.complaints.empty());
  CHECK(report.warnings.empty());
  CHECK(report.slips.empty());
}

TEST_CASE("config.yaml.example: what is commented out loads as well", "[config]") {
  const LoadedConfig result = load_config_text(uncommented(example()), "example", {});

  CHECK(result.warnings.empty());
  CHECK(result.config.target == ScaleTarget{"apps/v1", "Deployment", "shop", "default"});
  CHECK(result.config.metric->shell == ShellConfig{"python", {"/metric.py"}, false});
  CHECK(result.config.evaluate->http->client_key == "/certs/tls.key");
  REQUIRE(result.config.kubernetes_metric_specs);
  CHECK(result.config.kubernetes_metric_specs->size() == 5);
}

TEST_CASE("config.yaml.example: gives every key", "[config]") {
  Draft draft;
  Report report;
  const Document document = parse_document(uncommented(example()));
  Decoder decoder({Source::Kind::file, "example"}, document.language, report);
  decode(decoder, document.root, "", draft);

  for (const char* key : {"scaleTargetRef.apiVersion",
                          "scaleTargetRef.kind",
                          "scaleTargetRef.name",
                          "namespace",
                          "preMetric",
                          "postMetric",
                          "preEvaluate",
                          "postEvaluate",
                          "preScale",
                          "postScale",
                          "metric.type",
                          "metric.timeout",
                          "metric.shell.entrypoint",
                          "metric.shell.command",
                          "metric.shell.logStderr",
                          "evaluate.hpa.tolerance",
                          "evaluate.http.method",
                          "evaluate.http.url",
                          "evaluate.http.headers",
                          "evaluate.http.successCodes",
                          "evaluate.http.parameterMode",
                          "evaluate.http.caCert",
                          "evaluate.http.clientCert",
                          "evaluate.http.clientKey",
                          "interval",
                          "minReplicas",
                          "maxReplicas",
                          "runMode",
                          "startTime",
                          "logVerbosity",
                          "downscaleStabilization",
                          "apiConfig.enabled",
                          "apiConfig.useHTTPS",
                          "apiConfig.port",
                          "apiConfig.host",
                          "apiConfig.certFile",
                          "apiConfig.keyFile",
                          "apiConfig.tokenFile",
                          "apiConfig.clientCAFile",
                          "apiConfig.allow.reads",
                          "apiConfig.allow.dryRuns",
                          "apiConfig.allow.runs",
                          "apiConfig.allowedHosts",
                          "apiConfig.maxConcurrentCycles",
                          "kubernetesMetricSpecs",
                          "requireKubernetesMetrics",
                          "initialReadinessDelay",
                          "cpuInitializationPeriod",
                          "logFormat",
                          "decisionLog",
                          "stateFile",
                          "metricConcurrency",
                          "maxOutputBytes",
                          "maxCycleBytes",
                          "kubernetesTimeout",
                          "behavior",
                          "mode",
                          "steps",
                          "events",
                          "parity",
                          "maxSampleAge"}) {
    CAPTURE(key);
    CHECK(report.origins.given(key));
  }
}

TEST_CASE("config.yaml.example: names the variables of our own keys", "[config]") {
  for (const char* name :
       {"CPAB_LOG_FORMAT", "CPAB_DECISION_LOG", "CPAB_STATE_FILE", "CPAB_METRIC_CONCURRENCY",
        "CPAB_MAX_OUTPUT_BYTES", "CPAB_KUBERNETES_TIMEOUT", "CPAB_BEHAVIOR", "CPAB_STEPS",
        "CPAB_EVENTS", "CPAB_MODE", "CPAB_PARITY", "CPAB_MAX_SAMPLE_AGE", "CPAB_MAX_CYCLE_BYTES",
        "configPath"}) {
    CHECK(example().find(name) != std::string::npos);
  }
}

}  // namespace
}  // namespace cpab
