#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cpab/app/demo_files.h"
#include "cpab/kubernetes/credentials.h"

namespace cpab {

/// What a sub-command ends with.
enum ExitCode : int {
  exit_ok = 0,
  exit_failure = 1,
  exit_usage = 2,      ///< wrong command line or unusable configuration
  exit_gate = 10,      ///< a replay was beyond a limit, of --fail-if or the default one
  exit_no_cycle = 11,  ///< no cycle of a replay succeeded
};

/// `cpab run`, the daemon. Returns when SIGTERM or SIGINT has been obeyed.
int run_command(const CredentialsRequest& credentials);

/// `cpab validate [FILE]`: prints the effective configuration, or all that is wrong with it.
int validate_command(const std::optional<std::string>& file);

struct ConvertOptions {
  std::string manifest;  ///< a path; `-` is standard input
  std::string name;  ///< NAME or NAMESPACE/NAME of the HorizontalPodAutoscaler; empty: the only one
};

/// `cpab convert MANIFEST`: prints the configuration for a HorizontalPodAutoscaler.
int convert_command(const ConvertOptions& options);

/// `cpab version`.
int version_command(bool json);

struct DemoOptions {
  DemoExample example = DemoExample::python;
  std::optional<std::int32_t> seconds;  ///< none: until SIGINT
  std::uint16_t api_port = 5000;        ///< of the autoscaler's REST API
  std::uint16_t cluster_port = 8001;    ///< of the simulated API server
  std::string kubeconfig;               ///< file to write for clients; empty: none
};

/// `cpab demo`: the daemon on a simulated cluster, with Python user logic or as an HPA.
int demo_command(const DemoOptions& options);

struct SimulateOptions {
  bool serve = false;

  // Replaying a scenario.
  std::string config;              ///< file; empty: none is replayed
  std::string scenario;            ///< file
  std::string compare;             ///< file of another configuration; empty: none
  std::string out;                 ///< folder for what came of it; empty: none
  std::vector<std::string> gates;  ///< such as `sloViolationShare>0.01`

  // Serving a cluster.
  std::string host = "127.0.0.1";
  std::uint16_t port = 8001;  ///< 0: any free one
  std::string token;          ///< the bearer token to ask for; empty: everybody is let in
  std::string tls_cert;       ///< files; empty: plain HTTP
  std::string tls_key;
  std::vector<std::string> manifests;  ///< files whose objects are there from the start
  std::string kubeconfig;              ///< file to write; empty: none
};

/// `cpab simulate --config C --scenario S`: replays a scenario on a virtual clock. Ends with
/// exit_gate when a replay is beyond one of the limits that are about it, and with exit_no_cycle
/// when not one of its cycles succeeded.
int backtest_command(const SimulateOptions& options);

/// `cpab simulate --serve`: a simulated cluster for clients of the Kubernetes API. Returns when
/// SIGTERM or SIGINT has been obeyed.
int simulate_command(const SimulateOptions& options);

/// Which running cpab to ask, and how.
struct DaemonOptions {
  std::string url = "http://127.0.0.1:5000";
  std::string token_file;  ///< its first line is sent; empty: none is
  std::string ca_file;     ///< whom its certificate must be from; empty: the system's CAs
};

struct ExplainOptions {
  std::optional<std::uint64_t> id;  ///< none: the last
  bool changed = false;             ///< the last that changed the count
};

/// `cpab explain`: one decision in plain language.
int explain_command(const DaemonOptions& daemon, const ExplainOptions& options);

/// `cpab watch`: what the autoscaler does, as it does it. Returns when SIGTERM or SIGINT has been
/// obeyed, or when nobody reads what is printed.
int watch_command(const DaemonOptions& daemon);

}  // namespace cpab
