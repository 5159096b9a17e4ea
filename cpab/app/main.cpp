#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cpab/app/commands.h"
#include "cpab/app/reference_flags.h"

namespace {

constexpr const char* examples = R"(
Examples:
  cpab                                   run with /config.yaml, as in a container
  configPath=./config.yaml cpab run --kubeconfig ~/.kube/config
  cpab validate config.yaml              check a file, show what it amounts to
  cpab convert hpa.yaml                  print what a HorizontalPodAutoscaler becomes
  cpab demo                              see it work, without a cluster
  cpab explain                           why did it scale, or not?
  cpab watch                             see it decide, live
  curl -X POST 'localhost:5000/api/v1/evaluation?dry_run=true&explain=true'
)";

const std::map<std::string, cpab::DemoExample> demo_examples = {
    {"python", cpab::DemoExample::python}, {"hpa", cpab::DemoExample::hpa}};

void add_credentials(CLI::App& command, cpab::CredentialsRequest& request) {
  command.add_option("--kubeconfig", request.kubeconfig,
                     "kubeconfig to use (default: the pod's service account, then KUBECONFIG, "
                     "then ~/.kube/config)");
  command.add_option("--context", request.context, "context of the kubeconfig");
}

void add_simulate_options(CLI::App& command, cpab::SimulateOptions& options) {
  command.add_option("--config", options.config, "configuration to replay the scenario with");
  command.add_option("--scenario", options.scenario, "the load and the cluster (docs/backtest.md)");
  command.add_option("--compare", options.compare, "another configuration, to be shown beside it");
  command.add_option("--out", options.out, "folder for timeline, decisions and summary");
  command
      .add_option("--fail-if", options.gates,
                  "limit of the summary, such as 'sloViolationShare>0.01'; beyond it, exit with 10")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_flag("--serve", options.serve, "serve the simulated cluster until Ctrl-C");
  command.add_option("--host", options.host, "address to listen on")->capture_default_str();
  command.add_option("--port", options.port, "port to listen on; 0: any free one")
      ->capture_default_str();
  command.add_option("--token", options.token, "bearer token to ask clients for");
  command.add_option("--tls-cert", options.tls_cert, "certificate (PEM), to serve HTTPS");
  command.add_option("--tls-key", options.tls_key, "its key (PEM)");
  command
      .add_option("--manifest", options.manifests, "YAML of objects that are there at the start")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  command.add_option("--kubeconfig", options.kubeconfig, "kubeconfig to write for clients");
  command.footer(
      "Examples:\n  cpab simulate --config config.yaml --scenario day.yaml\n"
      "  cpab simulate --config a.yaml --compare b.yaml --scenario day.yaml --out replay\n"
      "  cpab simulate --serve --manifest web.yaml --kubeconfig kubeconfig");
}

void add_daemon_options(CLI::App& command, cpab::DaemonOptions& options) {
  command.add_option("--url", options.url, "address of its API")->capture_default_str();
  command.add_option("--token-file", options.token_file, "file with a bearer token to send");
  command.add_option("--ca-file", options.ca_file, "CA (PEM) of its certificate");
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("cpab: a custom pod autoscaler base for Kubernetes", "cpab");
  app.failure_message(CLI::FailureMessage::help);
  app.footer(examples);
  app.require_subcommand(0, 1);
  cpab::CredentialsRequest credentials;
  add_credentials(app, credentials);

  CLI::App* run = app.add_subcommand("run", "Run the autoscaler (also without a sub-command)");
  add_credentials(*run, credentials);
  run->footer("Example:\n  configPath=./config.yaml cpab run --kubeconfig ~/.kube/config");

  std::optional<std::string> file;
  CLI::App* validate =
      app.add_subcommand("validate", "Check a configuration and print what it amounts to");
  validate->add_option("FILE", file, "file to check (default: $configPath, then /config.yaml)");
  validate->footer("Example:\n  minReplicas=2 cpab validate config.yaml");

  cpab::ConvertOptions convert_options;
  CLI::App* convert = app.add_subcommand(
      "convert", "Print the configuration that does what a HorizontalPodAutoscaler does");
  convert->add_option("MANIFEST", convert_options.manifest, "YAML or JSON; -: standard input")
      ->required();
  convert->add_option("--name", convert_options.name, "which one, when there are several");
  convert->footer(
      "Examples:\n  cpab convert hpa.yaml > config.yaml\n"
      "  kubectl get hpa shop -o yaml | cpab convert -");

  bool json = false;
  CLI::App* version = app.add_subcommand("version", "Print the version");
  version->add_flag("--json", json, "as JSON");
  version->footer("Example:\n  cpab version --json");

  cpab::DemoOptions demo_options;
  CLI::App* demo = app.add_subcommand(
      "demo", "Run the real daemon on a simulated cluster, with Python user logic or as an HPA");
  demo->add_option("--example", demo_options.example, "what decides: Python scripts, or an HPA")
      ->transform(CLI::CheckedTransformer(demo_examples))
      ->default_str("python");
  demo->add_option("--seconds", demo_options.seconds, "end by itself after this time")
      ->check(CLI::Range(1, 86'400));
  demo->add_option("--port", demo_options.api_port, "port of the autoscaler's REST API")
      ->capture_default_str();
  demo->add_option("--api-port", demo_options.cluster_port, "port of the simulated Kubernetes API")
      ->capture_default_str();
  demo->footer("Examples:\n  cpab demo --seconds 60\n  cpab demo --example hpa");

  cpab::SimulateOptions simulate_options;
  CLI::App* simulate = app.add_subcommand(
      "simulate", "Replay days of load in seconds, or serve a simulated Kubernetes cluster");
  add_simulate_options(*simulate, simulate_options);

  cpab::DaemonOptions daemon;
  std::optional<std::uint64_t> id;
  CLI::App* explain = app.add_subcommand("explain", "Say why a running cpab scaled, or did not");
  explain->add_option("ID", id, "number of the decision (default: the last)")
      ->check(CLI::PositiveNumber);
  add_daemon_options(*explain, daemon);
  explain->footer("Example:\n  cpab explain --url http://127.0.0.1:5000");

  CLI::App* watch = app.add_subcommand("watch", "Watch a running cpab decide, until Ctrl-C");
  add_daemon_options(*watch, daemon);
  watch->footer("Example:\n  cpab watch --url http://127.0.0.1:5000");

  try {
    std::vector<std::string> arguments = cpab::without_reference_flags({argv + 1, argv + argc});
    std::reverse(arguments.begin(), arguments.end());  // the order CLI11 takes them in
    app.parse(arguments);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? cpab::exit_ok : cpab::exit_usage;
  }
  if (*validate) return cpab::validate_command(file);
  if (*convert) return cpab::convert_command(convert_options);
  if (*version) return cpab::version_command(json);
  if (*demo) return cpab::demo_command(demo_options);
  if (*simulate) return cpab::simulate_command(simulate_options);
  if (*explain) return cpab::explain_command(daemon, id);
  if (*watch) return cpab::watch_command(daemon);
  return cpab::run_command(credentials);
}
