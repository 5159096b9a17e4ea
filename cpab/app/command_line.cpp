#include "cpab/app/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <optional>
#include <utility>

#include "cpab/app/commands.h"
#include "cpab/app/print_error.h"
#include "cpab/app/reference_flags.h"

namespace cpab {
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

const std::map<std::string, DemoExample> demo_examples = {{"python", DemoExample::python},
                                                          {"hpa", DemoExample::hpa}};

/// What was written behind `cpab`: the options of each sub-command, and which one is to run.
class CommandLine {
 public:
  CommandLine() : app_("cpab: a custom pod autoscaler base for Kubernetes", "cpab") {
    app_.failure_message(CLI::FailureMessage::help);
    app_.footer(examples);
    app_.require_subcommand(0, 1);
    add_credentials(app_);
    add_run();
    add_validate();
    add_convert();
    add_version();
    add_demo();
    add_simulate();
    add_explain();
    add_watch();
  }

  int run(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());  // the order CLI11 takes them in
    try {
      app_.parse(arguments);
    } catch (const CLI::ParseError& error) {
      return app_.exit(error) == 0 ? exit_ok : exit_usage;
    }
    return chosen_();
  }

 private:
  /// A sub-command for `run`; `example` ends its help.
  CLI::App& add(const std::string& name, const std::string& what, const std::string& example,
                std::function<int()> run) {
    CLI::App& command = *app_.add_subcommand(name, what);
    command.footer(example);
    command.callback([this, run = std::move(run)] { chosen_ = run; });
    return command;
  }

  void add_credentials(CLI::App& command) {
    command.add_option("--kubeconfig", credentials_.kubeconfig,
                       "kubeconfig to use (default: the pod's service account, then KUBECONFIG, "
                       "then ~/.kube/config)");
    command.add_option("--context", credentials_.context, "context of the kubeconfig");
  }

  void add_run() {
    add_credentials(add("run", "Run the autoscaler (also without a sub-command)",
                        "Example:\n  configPath=./config.yaml cpab run --kubeconfig ~/.kube/config",
                        [this] { return run_command(credentials_); }));
  }

  void add_validate() {
    add("validate", "Check a configuration and print what it amounts to",
        "Example:\n  minReplicas=2 cpab validate config.yaml",
        [this] { return validate_command(file_); })
        .add_option("FILE", file_, "file to check (default: $configPath, then /config.yaml)");
  }

  void add_convert() {
    CLI::App& command =
        add("convert", "Print the configuration that does what a HorizontalPodAutoscaler does",
            "Examples:\n  cpab convert hpa.yaml > config.yaml\n"
            "  kubectl get hpa shop -o yaml | cpab convert -",
            [this] { return convert_command(convert_); });
    command.add_option("MANIFEST", convert_.manifest, "YAML or JSON; -: standard input")
        ->required();
    command.add_option("--name", convert_.name,
                       "which one, when there are several: NAME or NAMESPACE/NAME");
  }

  void add_version() {
    add("version", "Print the version", "Example:\n  cpab version --json", [this] {
      return version_command(json_);
    }).add_flag("--json", json_, "as JSON");
  }

  void add_demo() {
    CLI::App& command = add(
        "demo", "Run the real daemon on a simulated cluster, with Python user logic or as an HPA",
        "Examples:\n  cpab demo --seconds 60\n  cpab demo --example hpa",
        [this] { return demo_command(demo_); });
    command.add_option("--example", demo_.example, "what decides: Python scripts, or an HPA")
        ->transform(CLI::CheckedTransformer(demo_examples))
        ->default_str("python");
    command.add_option("--seconds", demo_.seconds, "end by itself after this time")
        ->check(CLI::Range(1, 86'400));
    command.add_option("--port", demo_.api_port, "port of the autoscaler's REST API")
        ->capture_default_str();
    command.add_option("--api-port", demo_.cluster_port, "port of the simulated Kubernetes API")
        ->capture_default_str();
    command.add_option("--kubeconfig", demo_.kubeconfig, "kubeconfig to write for clients");
  }

  void add_simulate() {
    CLI::App& command =
        add("simulate", "Replay days of load in seconds, or serve a simulated Kubernetes cluster",
            "Examples:\n  cpab simulate --config config.yaml --scenario day.yaml\n"
            "  cpab simulate --config a.yaml --compare b.yaml --scenario day.yaml --out replay\n"
            "  cpab simulate --serve --manifest web.yaml --kubeconfig kubeconfig",
            [this] { return simulate_command(simulate_); });
    add_replay_options(command);
    add_serve_options(command);
  }

  void add_replay_options(CLI::App& command) {
    command.add_option("--config", simulate_.config, "configuration to replay the scenario with");
    command.add_option("--scenario", simulate_.scenario,
                       "the load and the cluster, or a decision log (docs/backtest.md)");
    command.add_option("--compare", simulate_.compare,
                       "another configuration, to be shown beside it");
    command.add_option("--out", simulate_.out,
                       "folder for the report, timeline, decisions and summary");
    command
        .add_option(
            "--fail-if", simulate_.gates,
            "limit, such as 'sloViolationShare>0.01', or for --compare 'podHours>1.1x' of "
            "what --config "
            "has; beyond it, exit with 10. Unless one says otherwise, no cycle may fail but in a "
            "fault of the scenario; when all fail, exit with 11")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  }

  void add_serve_options(CLI::App& command) {
    command.add_flag("--serve", simulate_.serve, "serve the simulated cluster until Ctrl-C");
    command.add_option("--host", simulate_.host, "address to listen on")->capture_default_str();
    command.add_option("--port", simulate_.port, "port to listen on; 0: any free one")
        ->capture_default_str();
    command.add_option("--token", simulate_.token, "bearer token to ask clients for");
    command.add_option("--tls-cert", simulate_.tls_cert, "certificate (PEM), to serve HTTPS");
    command.add_option("--tls-key", simulate_.tls_key, "its key (PEM)");
    command
        .add_option("--manifest", simulate_.manifests,
                    "YAML of objects that are there at the start")
        ->expected(1)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command.add_option("--kubeconfig", simulate_.kubeconfig, "kubeconfig to write for clients");
  }

  void add_explain() {
    CLI::App& command = add("explain", "Say why a running cpab scaled, or did not",
                            "Examples:\n  cpab explain\n"
                            "  cpab explain --changed --url http://127.0.0.1:5000",
                            [this] { return explain_command(daemon_, explain_); });
    CLI::Option* id =
        command.add_option("ID", explain_.id, "number of the decision (default: the last)")
            ->check([](const std::string& text) {
              return text == "0" || text.starts_with('-') ? std::string("decisions count from 1")
                                                          : std::string();
            });
    command.add_flag("--changed", explain_.changed, "the last that changed the count")
        ->excludes(id);
    add_daemon_options(command);
  }

  void add_watch() {
    add_daemon_options(add("watch", "Watch a running cpab decide, until Ctrl-C",
                           "Example:\n  cpab watch --url http://127.0.0.1:5000",
                           [this] { return watch_command(daemon_); }));
  }

  void add_daemon_options(CLI::App& command) {
    command.add_option("--url", daemon_.url, "address of its API")->capture_default_str();
    command.add_option("--token-file", daemon_.token_file, "file with a bearer token to send");
    command.add_option("--ca-file", daemon_.ca_file, "CA (PEM) of its certificate");
  }

  CLI::App app_;
  std::function<int()> chosen_ = [this] { return run_command(credentials_); };
  CredentialsRequest credentials_;
  std::optional<std::string> file_;
  ConvertOptions convert_;
  bool json_ = false;
  DemoOptions demo_;
  SimulateOptions simulate_;
  DaemonOptions daemon_;
  ExplainOptions explain_;
};

}  // namespace

int run_command_line(const std::vector<std::string>& arguments) {
  const int code = CommandLine().run(without_reference_flags(arguments));
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return code;
  print_error("cpab: standard output cannot be written; what is there is not whole");
  return code == exit_ok ? exit_failure : code;
}

}  // namespace cpab
