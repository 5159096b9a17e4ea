#include "cpab/config/validate.h"

#include <arpa/inet.h>

#include <algorithm>
#include <chrono>

#include "cpab/config/checker.h"
#include "cpab/config/display.h"
#include "cpab/config/sections.h"
#include "cpab/model/ascii.h"
#include "cpab/model/masking.h"

namespace cpab {
namespace {

/// Longer than anybody waits, short enough for clock arithmetic in milliseconds.
constexpr std::chrono::hours longest_time{100 * 365 * 24};

/// `key` holds `time`, counted in its own unit, and needs at least `smallest` of them.
template <typename Time>
void check_time(Checker& checker, const std::string& key, Time time, Time smallest,
                const std::string& unit) {
  const bool fine = time >= smallest && time <= Time(longest_time);
  checker.require(fine, key, key + " is " + std::to_string(time.count()),
                  "it is a number of " + unit + " from " + std::to_string(smallest.count()) +
                      " to " + std::to_string(Time(longest_time).count()));
}

void check_times(const Config& config, Checker& checker) {
  using std::chrono::seconds;
  check_time(checker, "interval", config.interval, Duration(1), "milliseconds");
  check_time(checker, "startTime", config.start_time, Duration(1), "milliseconds");
  check_time(checker, "kubernetesTimeout", config.kubernetes_timeout, Duration(1), "milliseconds");
  check_time(checker, "downscaleStabilization", config.downscale_stabilization, seconds(0),
             "seconds");
  check_time(checker, "initialReadinessDelay", config.initial_readiness_delay, seconds(0),
             "seconds");
  check_time(checker, "maxSampleAge", config.max_sample_age, seconds(0), "seconds");
  check_time(checker, "cpuInitializationPeriod", config.cpu_initialization_period, seconds(0),
             "seconds");
}

template <typename Number>
void check_range(Checker& checker, const std::string& key, Number value, Number smallest,
                 Number largest) {
  checker.require(value >= smallest && value <= largest, key, key + " is " + std::to_string(value),
                  "it is from " + std::to_string(smallest) + " to " + std::to_string(largest));
}

void check_bounds(const Config& config, Checker& checker) {
  const auto [minimum, maximum] = config.bounds;
  checker.require(minimum >= 0, "minReplicas", "minReplicas is " + std::to_string(minimum),
                  "it is at least 0; 0 allows scaling to and from zero");
  checker.require(maximum >= 0, "maxReplicas", "maxReplicas is " + std::to_string(maximum),
                  "it is at least 0");
  if (minimum < 0 || maximum < 0 || minimum <= maximum) return;
  checker.require(false, "minReplicas",
                  "minReplicas is " + std::to_string(minimum) + ", above maxReplicas, which is " +
                      std::to_string(maximum) + ", " + checker.origins().of("maxReplicas"),
                  "raise maxReplicas or lower minReplicas");
}

void check_group_version(const std::string& api_version, Checker& checker) {
  const std::string path = "scaleTargetRef.apiVersion";
  checker.require_text(api_version, path, "write apps/v1 for a Deployment, v1 for the core group");
  checker.require(std::count(api_version.begin(), api_version.end(), '/') <= 1, path,
                  "unexpected GroupVersion string: " + escaped_value(api_version),
                  "write group/version, such as apps/v1");
}

void check_target(const Config& config, Checker& checker) {
  checker.require_text(config.target.namespace_name, "namespace",
                       "name the namespace of the target");
  checker.require(config.has_scale_target_ref, "scaleTargetRef", "scaleTargetRef is missing",
                  "say what is to be scaled: its apiVersion, kind and name");
  if (!config.has_scale_target_ref) return;
  check_group_version(config.target.api_version, checker);
  checker.require_text(config.target.kind, "scaleTargetRef.kind", "write a kind like Deployment");
  checker.require_text(config.target.name, "scaleTargetRef.name", "name the object to scale");
}

void check_methods(const Config& config, Checker& checker) {
  checker.require(config.metric.has_value(), "metric", "metric is missing",
                  "say how a metric is gathered: a method of type shell, http or kubernetes");
  checker.require(config.evaluate.has_value(), "evaluate", "evaluate is missing",
                  "say how metrics become a replica count: a method of type shell, http or hpa");
  for (const MethodKey& key : method_keys) {
    const auto& method = config.*key.member;
    if (method) validate_method(*method, key.name, checker);
  }
}

void check_callers(const ApiConfig& api, Checker& checker) {
  checker.require(api.use_https || api.client_ca_file.empty(), "apiConfig.clientCAFile",
                  "apiConfig.clientCAFile is set and useHTTPS is not",
                  "client certificates come with HTTPS only: set useHTTPS, certFile and keyFile");
  if (api.can_authenticate()) return;
  const std::pair<const char*, std::optional<Callers>> rules[] = {
      {"apiConfig.allow.reads", api.allow.reads},
      {"apiConfig.allow.dryRuns", api.allow.dry_runs},
      {"apiConfig.allow.runs", api.allow.runs}};
  for (const auto& [path, rule] : rules) {
    checker.require(rule != Callers::authenticated, path,
                    std::string(path) + " is authenticated and callers have no way to be",
                    "set apiConfig.tokenFile or apiConfig.clientCAFile, or write anyone or nobody");
  }
}

/// Of names of hosts, and of addresses of IPv4.
bool has_letters_of_hosts(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return is_letter_or_digit(c) || c == '.' || c == '-' || c == '_';
  });
}

/// What no resolver knows: not even the name of a host, nor an address.
bool can_be_host(const std::string& text) {
  if (text.find(':') != std::string::npos) {
    in6_addr address{};
    return inet_pton(AF_INET6, text.substr(0, text.find('%')).c_str(), &address) == 1;
  }
  return has_letters_of_hosts(text);
}

bool is_host_name(std::string_view name) {
  return !name.empty() && has_letters_of_hosts(name) && name.front() != '.' &&
         name.find("..") == name.npos;
}

void check_allowed_hosts(const ApiConfig& api, Checker& checker) {
  std::size_t index = 0;
  for (const std::string& name : api.allowed_hosts) {
    const std::string path = "apiConfig.allowedHosts[" + std::to_string(index++) + "]";
    checker.require(is_host_name(name), path, path + " is " + quoted_value(masked_url(name)),
                    "write a name as browsers know it, without scheme, port, path and wildcards: "
                    "cpab.example.com");
  }
}

/// What is wrong with an API that is off harms nobody.
void check_api(const ApiConfig& api, Checker& checker) {
  if (!api.enabled) return;
  checker.require(
      can_be_host(api.host), "apiConfig.host",
      "apiConfig.host is " + quoted_value(masked_url(api.host)),
      "write an address or a name to listen on, such as 127.0.0.1 or ::, without a port");
  check_range<std::int64_t>(checker, "apiConfig.port", api.port, 0, 65535);
  check_range<std::int64_t>(checker, "apiConfig.maxConcurrentCycles", api.max_concurrent_cycles, 1,
                            200);
  check_callers(api, checker);
  check_allowed_hosts(api, checker);
  if (!api.use_https) return;
  checker.require_text(api.cert_file, "apiConfig.certFile",
                       "useHTTPS needs the path of a certificate (PEM)");
  checker.require_text(api.key_file, "apiConfig.keyFile",
                       "useHTTPS needs the path of the certificate's key (PEM)");
}

void check_metric_specs(const Config& config, Checker& checker) {
  if (!config.kubernetes_metric_specs) {
    if (config.require_kubernetes_metrics) {
      checker.warn("requireKubernetesMetrics",
                   "has no effect, since there are no kubernetesMetricSpecs");
    }
    return;
  }
  std::size_t index = 0;
  for (const MetricSpec& spec : *config.kubernetes_metric_specs) {
    validate_metric_spec(spec, "kubernetesMetricSpecs[" + std::to_string(index++) + "]", checker);
  }
}

/// The state file is replaced as a whole, again and again.
void check_state_file(const Config& config, Checker& checker) {
  const bool clash = !config.state_file.empty() && config.state_file == config.decision_log;
  checker.require(!clash, "stateFile", "stateFile and decisionLog are the same file",
                  "give each a path of its own");
}

}  // namespace

void validate(const Config& config, Report& report) {
  Checker checker(report);
  check_target(config, checker);
  check_methods(config, checker);
  check_times(config, checker);
  check_bounds(config, checker);
  validate_behavior(config, checker);
  validate_steps(config, checker);
  check_api(config.api, checker);
  check_metric_specs(config, checker);
  check_state_file(config, checker);
  validate_hpa(config, checker);
  check_range<std::int32_t>(checker, "metricConcurrency", config.metric_concurrency, 1, 256);
  check_range<std::size_t>(checker, "maxOutputBytes", config.max_output_bytes, 1, 1u << 30);
  check_range<std::size_t>(checker, "maxCycleBytes", config.max_cycle_bytes, 1u << 20,
                           std::size_t{64} << 30);
}

}  // namespace cpab
