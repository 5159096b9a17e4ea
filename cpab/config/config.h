#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cpab/decision/behavior.h"
#include "cpab/decision/bounds.h"
#include "cpab/decision/parity.h"
#include "cpab/decision/replica_steps.h"
#include "cpab/model/metric_spec.h"
#include "cpab/model/mode.h"
#include "cpab/model/scale_target.h"
#include "cpab/model/time.h"

namespace cpab {

/// `shell`: a program per call. No shell is involved unless the entrypoint is one.
struct ShellConfig {
  std::string entrypoint;            ///< searched in PATH when it has no `/`
  std::vector<std::string> command;  ///< the arguments, each handed over as it is
  bool log_stderr = false;

  friend bool operator==(const ShellConfig&, const ShellConfig&) = default;
};

/// `http`: a request per call. For the file paths, absent and empty differ: an empty one fails.
struct HttpConfig {
  std::string method;
  std::string url;
  std::map<std::string, std::string> headers;
  std::vector<std::int64_t> success_codes;
  std::string parameter_mode;  ///< `body` or `query`
  std::optional<std::string> ca_cert;
  std::optional<std::string> client_cert;
  std::optional<std::string> client_key;

  friend bool operator==(const HttpConfig&, const HttpConfig&) = default;
};

/// `hpa`: the formula of the Horizontal Pod Autoscaler.
struct HpaConfig {
  /// How far usage may be off its target, as a share of it, before that is worth a change.
  double tolerance = 0.1;

  friend bool operator==(const HpaConfig&, const HpaConfig&) = default;
};

/// How a stage or a hook is done.
struct MethodConfig {
  std::string type;  ///< `shell`, `http`, `kubernetes` (only `metric`) or `hpa` (only `evaluate`)
  Duration timeout{0};  ///< has no default: validation asks for a positive one
  std::optional<ShellConfig> shell;
  std::optional<HttpConfig> http;
  std::optional<HpaConfig> hpa;

  /// Whether it calls user logic, which takes time and may fail to answer.
  bool calls_user_logic() const { return type != "kubernetes" && type != "hpa"; }

  friend bool operator==(const MethodConfig&, const MethodConfig&) = default;
};

/// Who may do something over the API. Callers are authenticated by a token of `tokenFile` or a
/// certificate that `clientCAFile` vouches for.
enum class Callers { anyone, authenticated, nobody };

/// `apiConfig.allow`. None: ApiConfig::allowed() knows.
struct ApiAllow {
  std::optional<Callers> reads;     ///< whatever runs no user logic
  std::optional<Callers> dry_runs;  ///< whatever runs user logic and does not scale
  std::optional<Callers> runs;      ///< whatever may scale

  friend bool operator==(const ApiAllow&, const ApiAllow&) = default;
};

/// `apiConfig`. The keys from `tokenFile` on are ours.
struct ApiConfig {
  bool enabled = true;
  bool use_https = false;
  std::int64_t port = 5000;  ///< 0 asks the system for a free one
  std::string host = "0.0.0.0";
  std::string cert_file;
  std::string key_file;
  std::string token_file{};      ///< bearer tokens, one a line; empty = none
  std::string client_ca_file{};  ///< whom client certificates must be from; empty = not asked for
  ApiAllow allow{};
  std::vector<std::string> allowed_hosts{};  ///< further names a browser may call us by
  std::int64_t max_concurrent_cycles = 16;   ///< requests that run user logic at the same time

  /// Whether a caller can be authenticated at all.
  bool can_authenticate() const { return !token_file.empty() || !client_ca_file.empty(); }

  /// Who may do what `rule`, a member of `allow`, is about.
  Callers allowed(std::optional<Callers> rule) const {
    return rule.value_or(can_authenticate() ? Callers::authenticated : Callers::anyone);
  }

  friend bool operator==(const ApiConfig&, const ApiConfig&) = default;
};

enum class RunMode { per_pod, per_resource };

enum class LogFormat { text, json };

inline constexpr std::chrono::seconds default_max_sample_age{300};

/// Everything the daemon can be told. The value of each field is the default of its key.
struct Config {
  std::optional<MethodConfig> metric;
  std::optional<MethodConfig> evaluate;
  std::optional<MethodConfig> pre_metric;
  std::optional<MethodConfig> post_metric;
  std::optional<MethodConfig> pre_evaluate;
  std::optional<MethodConfig> post_evaluate;
  std::optional<MethodConfig> pre_scale;
  std::optional<MethodConfig> post_scale;

  /// `scaleTargetRef` and `namespace`.
  ScaleTarget target{.api_version = {}, .kind = {}, .name = {}, .namespace_name = "default"};
  bool has_scale_target_ref = false;

  Duration interval{15'000};
  Duration start_time{1};
  Bounds bounds;
  RunMode run_mode = RunMode::per_pod;
  /// By `downscaleStabilization`, by the window of `behavior`, or as Kubernetes does.
  std::chrono::seconds downscale_stabilization{0};
  std::int32_t log_verbosity = 0;
  ApiConfig api;

  /// None: Kubernetes metrics are off. An empty list is on, and gathers nothing.
  std::optional<std::vector<MetricSpec>> kubernetes_metric_specs;
  bool require_kubernetes_metrics = false;
  std::chrono::seconds initial_readiness_delay{30};
  std::chrono::seconds cpu_initialization_period{300};

  // Keys the reference does not have. In the environment they are called CPAB_..., in capitals.
  bool events = false;                     ///< `events`, CPAB_EVENTS
  LogFormat log_format = LogFormat::text;  ///< `logFormat`, CPAB_LOG_FORMAT
  std::string decision_log;                ///< `decisionLog`, CPAB_DECISION_LOG: path; empty = off
  std::string state_file;                  ///< `stateFile`, CPAB_STATE_FILE: path; empty = off
  std::int32_t metric_concurrency = 1;     ///< `metricConcurrency`, CPAB_METRIC_CONCURRENCY
  std::size_t max_output_bytes = 16u << 20;  ///< `maxOutputBytes`, CPAB_MAX_OUTPUT_BYTES: of one
                                             ///< stream of a call, or of one HTTP answer
  /// `maxCycleBytes`, CPAB_MAX_CYCLE_BYTES: of what a cycle keeps in memory, and of what those over
  /// the API keep at the same time
  std::size_t max_cycle_bytes = 64u << 20;
  Duration kubernetes_timeout{10'000};  ///< `kubernetesTimeout`, CPAB_KUBERNETES_TIMEOUT: ms
                                        ///< of one call to the API server
  Mode mode = Mode::active;             ///< `mode`, CPAB_MODE
  std::optional<Behavior> behavior;     ///< `behavior`, CPAB_BEHAVIOR
  ReplicaSteps steps;                   ///< `steps`, CPAB_STEPS
  Parity parity = Parity::none;         ///< `parity`, CPAB_PARITY
  /// `maxSampleAge`, CPAB_MAX_SAMPLE_AGE: how old what is measured may be for type `hpa`; 0 = any
  /// age. 300 s, or with `parity` any age.
  std::chrono::seconds max_sample_age = default_max_sample_age;

  /// Whether the target is evaluated by the formula of the HPA.
  bool evaluated_as_hpa() const { return evaluate && evaluate->type == "hpa"; }

  /// Whether the metric is what was gathered from Kubernetes.
  bool measured_by_kubernetes() const { return metric && metric->type == "kubernetes"; }

  friend bool operator==(const Config&, const Config&) = default;
};

}  // namespace cpab
