#include "cpab/config/environment.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <optional>
#include <string_view>

#include "cpab/config/display.h"
#include "cpab/config/sections.h"
#include "cpab/model/closest.h"

extern char** environ;

namespace cpab {
namespace {

Source source_of(const std::string& name) { return {Source::Kind::environment, name}; }

/// Reads what base-10 integers are in the environment: an optional sign, then digits only. None
/// after a complaint.
std::optional<std::int64_t> strict_integer(const std::string& name, const std::string& value,
                                           Report& report) {
  std::string_view digits = value;
  if (digits.starts_with('+') && !digits.substr(1).starts_with('-')) digits.remove_prefix(1);
  std::int64_t number = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, number);
  const bool in_form = stop == end && error != std::errc::invalid_argument;
  if (in_form && error == std::errc{}) return number;
  report.broken.insert(name);
  report.complaints.push_back(
      "Fail to parse configuration: invalid format of integer field value: strconv.ParseInt: "
      "parsing " +
      quoted_value(value) + (in_form ? ": value out of range" : ": invalid syntax") + " (" +
      source_of(name).at(1) + "); write a whole number in decimal digits, without blanks");
  return std::nullopt;
}

/// Applies the variables one after the other.
class EnvironmentReader {
 public:
  EnvironmentReader(const Environment& environment, Report& report)
      : environment_(environment), report_(report) {}

  /// Class S: taken as it is. `name` is the variable, `key` the key of the file.
  void text(const std::string& name, const std::string& key, std::string& target) {
    const std::string* value = find(name, key);
    if (value != nullptr) target = *value;
  }

  /// Class I.
  template <typename T>
  void integer(const std::string& name, const std::string& key, T& target) {
    const std::string* value = find(name, key);
    if (value == nullptr) return;
    if (const auto number = strict_integer(name, *value, report_)) {
      assign(name, *number, target);
    } else {
      report_.broken.insert(key);
    }
  }

  /// Class Y: a document of its own, decoded into a zero value. Returns its root when there was
  /// one that could be parsed.
  template <typename T>
  std::optional<Node> document(const std::string& name, const std::string& key, T& target, T zero) {
    const std::string* value = find(name, key);
    if (value == nullptr) return std::nullopt;
    auto parsed = parse(name, key, *value);
    if (!parsed) return std::nullopt;
    Decoder decoder(source_of(name), parsed->language, report_);
    decode(decoder, parsed->root, key, zero);
    decoder.note_ignored_text(*parsed);
    target = std::move(zero);
    return std::move(parsed->root);
  }

  /// The same where the variable has the name of the key.
  template <typename T>
  std::optional<Node> document(const std::string& key, T& target, T zero) {
    return document(key, key, target, std::move(zero));
  }

  /// Class Y for scalars, where null means zero.
  template <typename T>
  void scalar(const std::string& key, T& target, const std::string& zero_text) {
    const auto root = document(key, target, T{});
    if (root && root->kind == Node::Kind::null) {
      report_.warnings.push_back(key + " (" + source_of(key).at(1) + "): null means " + zero_text +
                                 " here, not the default; unset the variable to get the default");
    }
  }

 private:
  const std::string* find(const std::string& name, const std::string& key) {
    const auto found = environment_.find(name);
    if (found == environment_.end()) return nullptr;
    report_.origins.replace(key, source_of(name).at(1));
    return &found->second;
  }

  std::optional<Document> parse(const std::string& name, const std::string& key,
                                const std::string& value) {
    try {
      return parse_document(value);
    } catch (const DocumentError& error) {
      const Source source = source_of(name);
      report_.broken.insert(key);
      report_.complaints.push_back(std::string(source.complaint_prefix()) + escaped(error.what()) +
                                   " (" + source.at(1) + "); write YAML or JSON");
      return std::nullopt;
    }
  }

  void assign(const std::string& name, std::int64_t number, std::int32_t& target) {
    using Limits = std::numeric_limits<std::int32_t>;
    if (number < Limits::min() || number > Limits::max()) return out_of_range(name, number);
    target = static_cast<std::int32_t>(number);
  }

  void assign(const std::string& name, std::int64_t number, std::size_t& target) {
    if (number < 0) return out_of_range(name, number);
    target = static_cast<std::size_t>(number);
  }

  template <typename T>
  void assign(const std::string& name, std::int64_t number, std::optional<T>& target) {
    assign(name, number, target.emplace());
  }

  template <typename Rep, typename Period>
  void assign(const std::string&, std::int64_t number, std::chrono::duration<Rep, Period>& target) {
    target = std::chrono::duration<Rep, Period>(number);
  }

  void out_of_range(const std::string& name, std::int64_t number) {
    report_.broken.insert(name);
    report_.complaints.push_back(
        "Fail to parse configuration: invalid format of integer field value: " +
        std::to_string(number) + ": value out of range (" + source_of(name).at(1) +
        "); see docs/configuration.md for what is allowed");
  }

  const Environment& environment_;
  Report& report_;
};

/// The reference is never without an object where the variable holds one, so only the three parts
/// change and the namespace stays.
void read_target(EnvironmentReader& reader, Config& config) {
  ScaleTarget zero;
  zero.namespace_name = config.target.namespace_name;
  const auto root = reader.document("scaleTargetRef", config.target, zero);
  if (root) config.has_scale_target_ref = root->kind != Node::Kind::null;
}

void read_api(EnvironmentReader& reader, Draft& draft, Report& report) {
  ApiConfig zero;
  zero.enabled = false;
  zero.port = 0;
  zero.host.clear();
  const auto root = reader.document("apiConfig", draft.config.api, zero);
  if (!root) return;
  draft.api_is_null = root->kind == Node::Kind::null;
  if (root->kind == Node::Kind::map && !has_key(*root, "enabled")) {
    report.warnings.push_back(
        "apiConfig (" + source_of("apiConfig").at(1) +
        "): the variable replaces the whole object and has no `enabled`, so the API is off; add "
        "\"enabled\": true, and `host` and `port` as needed, to have it");
  }
}

void read_own_keys(EnvironmentReader& reader, Draft& draft) {
  Config& config = draft.config;
  reader.text("CPAB_LOG_FORMAT", "logFormat", draft.log_format);
  reader.text("CPAB_DECISION_LOG", "decisionLog", config.decision_log);
  reader.text("CPAB_STATE_FILE", "stateFile", config.state_file);
  reader.integer("CPAB_METRIC_CONCURRENCY", "metricConcurrency", config.metric_concurrency);
  reader.integer("CPAB_MAX_OUTPUT_BYTES", "maxOutputBytes", config.max_output_bytes);
  reader.integer("CPAB_MAX_CYCLE_BYTES", "maxCycleBytes", config.max_cycle_bytes);
  reader.integer("CPAB_KUBERNETES_TIMEOUT", "kubernetesTimeout", config.kubernetes_timeout);
  reader.text("CPAB_MODE", "mode", draft.mode);
  reader.document("CPAB_BEHAVIOR", "behavior", config.behavior, std::optional<Behavior>());
  reader.document("CPAB_STEPS", "steps", config.steps, ReplicaSteps());
  reader.document("CPAB_EVENTS", "events", config.events, false);
  reader.document("CPAB_PARITY", "parity", config.parity, Parity::none);
  reader.integer("CPAB_MAX_SAMPLE_AGE", "maxSampleAge", draft.max_sample_age);
}

void warn_of_misspelt_names(const Environment& environment, Report& report) {
  const std::vector<std::string> known = {"CPAB_LOG_FORMAT",       "CPAB_DECISION_LOG",
                                          "CPAB_STATE_FILE",       "CPAB_METRIC_CONCURRENCY",
                                          "CPAB_MAX_OUTPUT_BYTES", "CPAB_KUBERNETES_TIMEOUT",
                                          "CPAB_BEHAVIOR",         "CPAB_STEPS",
                                          "CPAB_EVENTS",           "CPAB_MODE",
                                          "CPAB_PARITY",           "CPAB_MAX_SAMPLE_AGE",
                                          "CPAB_MAX_CYCLE_BYTES"};
  for (const auto& [name, value] : environment) {
    const bool ours = name.starts_with("CPAB_");
    if (!ours || std::find(known.begin(), known.end(), name) != known.end()) continue;
    if (const auto meant = closest(name, known)) {
      report.warnings.push_back("environment variable " + escaped(name) +
                                " is not known and ignored; did you mean " + *meant + "?");
    }
  }
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

void merge_environment(const Environment& environment, Draft& draft, Report& report) {
  EnvironmentReader reader(environment, report);
  Config& config = draft.config;
  read_target(reader, config);
  for (const MethodKey& key : method_keys) {
    reader.document(key.name, config.*key.member, std::optional<MethodConfig>());
  }
  reader.integer("interval", "interval", config.interval);
  reader.text("namespace", "namespace", config.target.namespace_name);
  reader.scalar("minReplicas", config.bounds.minimum, "0");
  reader.scalar("maxReplicas", config.bounds.maximum, "0");
  reader.text("runMode", "runMode", draft.run_mode);
  reader.scalar("startTime", config.start_time, "0");
  reader.scalar("logVerbosity", config.log_verbosity, "0");
  reader.integer("downscaleStabilization", "downscaleStabilization", draft.downscale_stabilization);
  read_api(reader, draft, report);
  reader.document("kubernetesMetricSpecs", config.kubernetes_metric_specs,
                  std::optional<std::vector<MetricSpec>>());
  reader.scalar("requireKubernetesMetrics", config.require_kubernetes_metrics, "false");
  reader.scalar("initialReadinessDelay", config.initial_readiness_delay, "0");
  reader.scalar("cpuInitializationPeriod", config.cpu_initialization_period, "0");
  read_own_keys(reader, draft);
  warn_of_misspelt_names(environment, report);
}

}  // namespace cpab
