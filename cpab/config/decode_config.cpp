#include "cpab/config/display.h"
#include "cpab/config/sections.h"

namespace cpab {
namespace {

/// A null takes the reference away, as with any object.
Field target_field(Decoder& decoder, Config& config) {
  return {"scaleTargetRef", [&](const Node& node, const std::string& path) {
            config.has_scale_target_ref = node.kind != Node::Kind::null;
            decode(decoder, node, path, config.target);
          }};
}

/// A null here crashes the reference; validation refuses it.
Field api_field(Decoder& decoder, Draft& draft) {
  return {"apiConfig", [&](const Node& node, const std::string& path) {
            draft.api_is_null = node.kind == Node::Kind::null;
            decode(decoder, node, path, draft.config.api);
          }};
}

/// The keys that the reference does not have.
void add_own_fields(Decoder& decoder, Draft& draft, std::vector<Field>& fields) {
  Config& config = draft.config;
  fields.push_back(decoder.own_field("logFormat", draft.log_format));
  fields.push_back(decoder.own_field("decisionLog", config.decision_log));
  fields.push_back(decoder.own_field("stateFile", config.state_file));
  fields.push_back(decoder.own_field("metricConcurrency", config.metric_concurrency));
  fields.push_back(decoder.own_field("maxOutputBytes", config.max_output_bytes));
  fields.push_back(decoder.own_field("maxCycleBytes", config.max_cycle_bytes));
  fields.push_back(decoder.own_field("kubernetesTimeout", config.kubernetes_timeout));
  fields.push_back(decoder.own_field("mode", draft.mode));
  fields.push_back(decoder.own_field("behavior", config.behavior));
  fields.push_back(decoder.own_field("steps", config.steps));
  fields.push_back(decoder.own_field("events", config.events));
  fields.push_back(decoder.own_field("parity", config.parity));
  fields.push_back(decoder.own_field("maxSampleAge", draft.max_sample_age));
}

}  // namespace

void decode(Decoder& decoder, const Node& node, const std::string& path, ApiConfig& api) {
  decoder.object(
      node, path,
      {decoder.field("enabled", api.enabled), decoder.field("useHTTPS", api.use_https),
       decoder.field("port", api.port), decoder.field("host", api.host),
       decoder.field("certFile", api.cert_file), decoder.field("keyFile", api.key_file),
       decoder.own_field("tokenFile", api.token_file),
       decoder.own_field("clientCAFile", api.client_ca_file), decoder.own_field("allow", api.allow),
       decoder.own_field("allowedHosts", api.allowed_hosts),
       decoder.own_field("maxConcurrentCycles", api.max_concurrent_cycles)});
}

/// A slip here would leave open what was meant to be closed, so it is no mere warning.
void decode(Decoder& decoder, const Node& node, const std::string& path, ApiAllow& allow) {
  decoder.object(node, path,
                 {decoder.field("reads", allow.reads), decoder.field("dryRuns", allow.dry_runs),
                  decoder.field("runs", allow.runs)},
                 Decoder::Unknown::refused);
}

void decode(Decoder& decoder, const Node& node, const std::string& path, Callers& callers) {
  std::string word;
  decoder.text(node, path, word);
  if (word.empty() && node.kind != Node::Kind::string) return;  // complained of
  for (const Callers known : {Callers::anyone, Callers::authenticated, Callers::nobody}) {
    if (word == word_of(known)) {
      callers = known;
      return;
    }
  }
  decoder.complain(node, path, path + " is " + quoted_value(word),
                   "write anyone, authenticated or nobody");
}

std::string_view word_of(Callers callers) {
  switch (callers) {
    case Callers::anyone:
      return "anyone";
    case Callers::authenticated:
      return "authenticated";
    case Callers::nobody:
      break;
  }
  return "nobody";
}

/// 1.24 is a number without its quotes, too. A slip would change how often it scales: no warning.
void decode(Decoder& decoder, const Node& node, const std::string& path, Parity& parity) {
  if (node.kind == Node::Kind::null) {
    parity = Parity::none;
  } else if (node.kind == Node::Kind::boolean) {
    bool on = false;
    decoder.boolean(node, path, on);
    parity = on ? Parity::current : Parity::none;
  } else if (node.text == "1.24") {
    parity = Parity::kubernetes_1_24;
  } else {
    decoder.complain(node, path, path + " is " + quoted_value(node.text),
                     "write true, false or \"1.24\"");
  }
}

std::string_view yaml_of(Parity parity) {
  switch (parity) {
    case Parity::none:
      return "false";
    case Parity::current:
      return "true";
    case Parity::kubernetes_1_24:
      break;
  }
  return "\"1.24\"";
}

void decode(Decoder& decoder, const Node& node, const std::string& path, ScaleTarget& target) {
  if (node.kind == Node::Kind::null) {
    target = {.api_version = {}, .kind = {}, .name = {}, .namespace_name = target.namespace_name};
  }
  decoder.object(node, path,
                 {decoder.field("kind", target.kind), decoder.field("name", target.name),
                  decoder.field("apiVersion", target.api_version)});
}

void decode(Decoder& decoder, const Node& node, const std::string& path, Draft& draft) {
  Config& config = draft.config;
  std::vector<Field> fields = {
      target_field(decoder, config),
      decoder.field("interval", config.interval),
      decoder.field("namespace", config.target.namespace_name),
      decoder.field("minReplicas", config.bounds.minimum),
      decoder.field("maxReplicas", config.bounds.maximum),
      decoder.field("runMode", draft.run_mode),
      decoder.field("startTime", config.start_time),
      decoder.field("logVerbosity", config.log_verbosity),
      decoder.field("downscaleStabilization", draft.downscale_stabilization),
      api_field(decoder, draft),
      decoder.field("kubernetesMetricSpecs", config.kubernetes_metric_specs),
      decoder.field("requireKubernetesMetrics", config.require_kubernetes_metrics),
      decoder.field("initialReadinessDelay", config.initial_readiness_delay),
      decoder.field("cpuInitializationPeriod", config.cpu_initialization_period)};
  for (const MethodKey& key : method_keys) {
    fields.push_back(decoder.field(key.name, config.*key.member));
  }
  add_own_fields(decoder, draft, fields);
  decoder.object(node, path, fields);
}

}  // namespace cpab
