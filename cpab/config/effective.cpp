#include "cpab/config/effective.h"

#include <algorithm>

#include "cpab/config/display.h"
#include "cpab/config/sections.h"
#include "cpab/config/yaml_scalar.h"
#include "cpab/config/yaml_writer.h"
#include "cpab/model/json_text.h"
#include "cpab/model/masked_arguments.h"
#include "cpab/model/masking.h"
#include "cpab/model/printable.h"

namespace cpab {
namespace {

std::string yaml(const std::string& value) { return yaml_text(value); }
std::string yaml(std::int64_t value) { return std::to_string(value); }
std::string yaml_bool(bool value) { return value ? "true" : "false"; }

template <typename Rep, typename Period>
std::string yaml(std::chrono::duration<Rep, Period> value) {
  return std::to_string(value.count());
}

/// Writes keys below each other; `path` is the object that is being written.
class Writer {
 public:
  explicit Writer(const Origins& origins) : origins_(origins) {}

  void line(const std::string& key, const std::string& value) {
    const std::string path = child(key);
    text_ += indentation() + key + ": " + value + "  # " + escaped(origins_.of(path)) + "\n";
  }

  void open(const std::string& key) {
    text_ += indentation() + key + ":\n";
    path_.push_back(key);
  }

  /// An object or list whose parts are written without origins of their own.
  void open_with_origin(const std::string& key) {
    text_ += indentation() + key + ":  # " + escaped(origins_.of(child(key))) + "\n";
    path_.push_back(key);
  }

  void close() { path_.pop_back(); }

  void raw(const std::string& text) { text_ += indentation() + text + "\n"; }

  std::string child(const std::string& key) const {
    std::string path;
    for (const std::string& part : path_) path += part + ".";
    return path + key;
  }

  std::string take() { return std::move(text_); }

 private:
  std::string indentation() const { return std::string(2 * path_.size(), ' '); }

  const Origins& origins_;
  std::vector<std::string> path_;
  std::string text_;
};

void write(Writer& writer, const ShellConfig& shell) {
  std::string arguments;
  for (const std::string& argument : masked_arguments(shell.command)) {
    arguments += (arguments.empty() ? "" : ", ") + quoted_scalar(argument);
  }
  writer.open("shell");
  writer.line("entrypoint", yaml(shell.entrypoint));
  writer.line("command", "[" + arguments + "]");
  writer.line("logStderr", yaml_bool(shell.log_stderr));
  writer.close();
}

void write_headers(Writer& writer, const HttpConfig& http) {
  std::string headers;
  for (const auto& [name, value] : http.headers) {
    headers += (headers.empty() ? "" : ", ") + quoted_scalar(name) + ": " +
               quoted_scalar(masked_header(name, value));
  }
  writer.line("headers", "{" + headers + "}");
}

void write_file(Writer& writer, const std::string& key, const std::optional<std::string>& file) {
  if (file) writer.line(key, yaml(*file));
}

void write(Writer& writer, const HttpConfig& http) {
  std::string codes;
  for (const std::int64_t code : http.success_codes) {
    codes += (codes.empty() ? "" : ", ") + std::to_string(code);
  }
  writer.open("http");
  writer.line("method", yaml(http.method));
  writer.line("url", yaml(masked_url(http.url)));
  write_headers(writer, http);
  writer.line("successCodes", "[" + codes + "]");
  writer.line("parameterMode", yaml(http.parameter_mode));
  write_file(writer, "caCert", http.ca_cert);
  write_file(writer, "clientCert", http.client_cert);
  write_file(writer, "clientKey", http.client_key);
  writer.close();
}

void write(Writer& writer, const HpaConfig& hpa) {
  writer.open("hpa");
  writer.line("tolerance", float_as_json(hpa.tolerance));
  writer.close();
}

void write(Writer& writer, const std::string& key, const std::optional<MethodConfig>& method) {
  if (!method) {
    writer.line(key, "null");
    return;
  }
  writer.open(key);
  writer.line("type", yaml(method->type));
  if (method->calls_user_logic()) writer.line("timeout", yaml(method->timeout));
  if (method->shell) write(writer, *method->shell);
  if (method->http) write(writer, *method->http);
  if (method->type == "hpa") write(writer, method->hpa.value_or(HpaConfig{}));
  writer.close();
}

void write_target(Writer& writer, const Config& config) {
  writer.open("scaleTargetRef");
  writer.line("apiVersion", yaml(config.target.api_version));
  writer.line("kind", yaml(config.target.kind));
  writer.line("name", yaml(config.target.name));
  writer.close();
  writer.line("namespace", yaml(config.target.namespace_name));
}

void write_allow(Writer& writer, const ApiConfig& api) {
  const auto line = [&](const char* key, std::optional<Callers> rule) {
    writer.line(key, std::string(word_of(api.allowed(rule))));
  };
  writer.open("allow");
  line("reads", api.allow.reads);
  line("dryRuns", api.allow.dry_runs);
  line("runs", api.allow.runs);
  writer.close();
}

void write_allowed_hosts(Writer& writer, const ApiConfig& api) {
  std::string names;
  for (const std::string& name : api.allowed_hosts) {
    names += (names.empty() ? "" : ", ") + quoted_scalar(name);
  }
  writer.line("allowedHosts", "[" + names + "]");
}

void write_api(Writer& writer, const ApiConfig& api) {
  writer.open("apiConfig");
  writer.line("enabled", yaml_bool(api.enabled));
  writer.line("useHTTPS", yaml_bool(api.use_https));
  writer.line("port", yaml(api.port));
  writer.line("host", yaml(api.host));
  writer.line("certFile", yaml(api.cert_file));
  writer.line("keyFile", yaml(api.key_file));
  writer.line("tokenFile", yaml(api.token_file));
  writer.line("clientCAFile", yaml(api.client_ca_file));
  write_allow(writer, api);
  write_allowed_hosts(writer, api);
  writer.line("maxConcurrentCycles", yaml(api.max_concurrent_cycles));
  writer.close();
}

void write_metric_specs(Writer& writer, const Config& config) {
  const std::string key = "kubernetesMetricSpecs";
  if (!config.kubernetes_metric_specs) return writer.line(key, "null");
  if (config.kubernetes_metric_specs->empty()) return writer.line(key, "[]");
  writer.open_with_origin(key);
  for (const MetricSpec& spec : *config.kubernetes_metric_specs)
    writer.raw("- " + printable_json(to_json(spec)));
  writer.close();
}

std::string yaml(const ScalingPolicy& policy) {
  const bool percent = policy.type == ScalingPolicy::Type::percent;
  return std::string("{type: ") + (percent ? "Percent" : "Pods") +
         ", value: " + std::to_string(policy.value) + ", periodSeconds: " + yaml(policy.period) +
         "}";
}

void write(Writer& writer, const std::string& key, const DirectionRules& rules) {
  std::string policies;
  for (const ScalingPolicy& policy : rules.policies) {
    policies += (policies.empty() ? "" : ", ") + yaml(policy);
  }
  writer.open(key);
  const auto& window = rules.stabilization_window;
  if (window) writer.line("stabilizationWindowSeconds", yaml(*window));
  writer.line("selectPolicy", std::string(word_of(rules.select_policy)));
  writer.line("policies", "[" + policies + "]");
  if (rules.tolerance) writer.line("tolerance", float_as_json(*rules.tolerance));
  writer.close();
}

void write_behavior(Writer& writer, const Config& config) {
  if (!config.behavior) return writer.line("behavior", "null");
  writer.open("behavior");
  write(writer, "scaleUp", config.behavior->scale_up);
  write(writer, "scaleDown", config.behavior->scale_down);
  writer.close();
}

void write_steps(Writer& writer, const ReplicaSteps& steps) {
  if (steps.allows_any()) return writer.line("steps", "null");
  writer.open("steps");
  if (steps.multiple_of) writer.line("multipleOf", yaml(*steps.multiple_of));
  std::string allowed;
  for (const std::int32_t count : steps.allowed) {
    allowed += (allowed.empty() ? "" : ", ") + std::to_string(count);
  }
  if (!steps.allowed.empty()) writer.line("allowed", "[" + allowed + "]");
  writer.close();
}

void write_loop(Writer& writer, const Config& config) {
  writer.line("runMode", config.run_mode == RunMode::per_pod ? "per-pod" : "per-resource");
  writer.line("interval", yaml(config.interval));
  writer.line("startTime", yaml(config.start_time));
  writer.line("minReplicas", yaml(config.bounds.minimum));
  writer.line("maxReplicas", yaml(config.bounds.maximum));
  writer.line("downscaleStabilization", yaml(config.downscale_stabilization));
  writer.line("logVerbosity", yaml(config.log_verbosity));
}

void write_own_keys(Writer& writer, const Config& config) {
  writer.line("logFormat", config.log_format == LogFormat::text ? "text" : "json");
  writer.line("decisionLog", yaml(config.decision_log));
  writer.line("stateFile", yaml(config.state_file));
  writer.line("metricConcurrency", yaml(config.metric_concurrency));
  writer.line("maxOutputBytes", yaml(static_cast<std::int64_t>(config.max_output_bytes)));
  writer.line("maxCycleBytes", yaml(static_cast<std::int64_t>(config.max_cycle_bytes)));
  writer.line("kubernetesTimeout", yaml(config.kubernetes_timeout));
  writer.line("mode", std::string(to_string(config.mode)));
  write_behavior(writer, config);
  write_steps(writer, config.steps);
  writer.line("events", yaml_bool(config.events));
  writer.line("parity", std::string(yaml_of(config.parity)));
  writer.line("maxSampleAge", yaml(config.max_sample_age));
}

}  // namespace

std::string effective_config(const LoadedConfig& loaded) {
  const Config& config = loaded.config;
  Writer writer(loaded.origins);
  write_target(writer, config);
  write(writer, "metric", config.metric);
  write(writer, "evaluate", config.evaluate);
  for (const MethodKey& key : method_keys) {
    const bool is_hook = key.member != &Config::metric && key.member != &Config::evaluate;
    if (is_hook) write(writer, key.name, config.*key.member);
  }
  write_loop(writer, config);
  write_api(writer, config.api);
  write_metric_specs(writer, config);
  writer.line("requireKubernetesMetrics", yaml_bool(config.require_kubernetes_metrics));
  writer.line("initialReadinessDelay", yaml(config.initial_readiness_delay));
  writer.line("cpuInitializationPeriod", yaml(config.cpu_initialization_period));
  write_own_keys(writer, config);
  return writer.take();
}

}  // namespace cpab
