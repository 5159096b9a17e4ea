#pragma once

#include <string>
#include <string_view>

#include "cpab/config/config.h"
#include "cpab/config/decoder.h"

namespace cpab {

/// How each section of the configuration is read; one function per type, overloads of decode().
/// Keys and types: contract section 1.1.

void decode(Decoder& decoder, const Node& node, const std::string& path, ShellConfig& shell);
void decode(Decoder& decoder, const Node& node, const std::string& path, HttpConfig& http);
void decode(Decoder& decoder, const Node& node, const std::string& path, HpaConfig& hpa);
void decode(Decoder& decoder, const Node& node, const std::string& path, MethodConfig& method);
void decode(Decoder& decoder, const Node& node, const std::string& path, ApiConfig& api);
void decode(Decoder& decoder, const Node& node, const std::string& path, ApiAllow& allow);
void decode(Decoder& decoder, const Node& node, const std::string& path, Callers& callers);
void decode(Decoder& decoder, const Node& node, const std::string& path, MetricSpec& spec);

void decode(Decoder& decoder, const Node& node, const std::string& path, Behavior& behavior);
void decode(Decoder& decoder, const Node& node, const std::string& path, ReplicaSteps& steps);
/// `true`, `false` or `"1.24"`.
void decode(Decoder& decoder, const Node& node, const std::string& path, Parity& parity);

/// Only the reference; the namespace is a key of its own and stays as it is.
void decode(Decoder& decoder, const Node& node, const std::string& path, ScaleTarget& target);

/// A configuration on its way: file and environment are merged, the words of enumerations are not
/// looked at yet, since a later source may replace them.
struct Draft {
  Config config;
  std::string run_mode = "per-pod";
  std::string log_format = "text";
  std::string mode = "active";
  std::optional<std::chrono::seconds> downscale_stabilization;
  std::optional<std::chrono::seconds> max_sample_age;
  bool api_is_null = false;
};

/// The top level.
void decode(Decoder& decoder, const Node& node, const std::string& path, Draft& draft);

/// `Max`, `Min` or `Disabled`.
std::string_view word_of(SelectPolicy policy);

/// `anyone`, `authenticated` or `nobody`.
std::string_view word_of(Callers callers);

/// As it is written in a configuration: `true`, `false` or `"1.24"`.
std::string_view yaml_of(Parity parity);

/// The keys that may also be given under `metric`, `evaluate` and so on: every stage and hook.
struct MethodKey {
  const char* name;
  std::optional<MethodConfig> Config::*member;
};
inline constexpr MethodKey method_keys[] = {
    {"preMetric", &Config::pre_metric},     {"postMetric", &Config::post_metric},
    {"preEvaluate", &Config::pre_evaluate}, {"postEvaluate", &Config::post_evaluate},
    {"preScale", &Config::pre_scale},       {"postScale", &Config::post_scale},
    {"evaluate", &Config::evaluate},        {"metric", &Config::metric},
};

}  // namespace cpab
