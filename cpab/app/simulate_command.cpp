#include <cstdio>

#include "cpab/app/client_kubeconfig.h"
#include "cpab/app/commands.h"
#include "cpab/app/print_error.h"
#include "cpab/io/file.h"
#include "cpab/io/inherited_descriptors.h"
#include "cpab/io/logging.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/system_clock.h"
#include "cpab/simulation/simulated_api_server.h"
#include "cpab/simulation/simulated_cluster.h"

namespace cpab {
namespace {

int refuse(const std::string& message) {
  print_error("cpab simulate: " + message);
  return exit_usage;
}

void apply_manifest(SimulatedCluster& cluster, const std::string& path) {
  try {
    cluster.apply_manifest(read_file(path, file_kind::manifest));
  } catch (const std::exception& error) {
    throw std::runtime_error("apply manifest " + path + ": " + error.what());
  }
}

SimulatedApiServerOptions server_options(const SimulateOptions& options) {
  SimulatedApiServerOptions result;
  result.host = options.host;
  result.port = options.port;
  result.token = options.token;
  if (!options.tls_cert.empty()) result.tls = ServerTls{options.tls_cert, options.tls_key};
  return result;
}

void introduce(const SimulateOptions& options, const SimulatedApiServer& server) {
  std::string kubectl = "kubectl --server " + server.url();
  if (!options.tls_cert.empty()) kubectl += " --insecure-skip-tls-verify";
  if (!options.token.empty()) kubectl += " --token ...";
  if (!options.kubeconfig.empty()) kubectl = "kubectl --kubeconfig " + options.kubeconfig;
  std::printf(
      "cpab simulate: a simulated Kubernetes cluster.\n"
      "\n"
      "  Kubernetes API  %s\n"
      "\n"
      "Try from another terminal:\n"
      "  %s api-resources\n"
      "  %s get deployments,pods --all-namespaces\n"
      "  curl %s-X PUT -d 120 %s/simulation/namespaces/default/deployments/NAME/load\n"
      "\n"
      "Ctrl-C ends it.\n",
      server.url().c_str(), kubectl.c_str(), kubectl.c_str(),
      options.tls_cert.empty() ? "" : "--insecure ", server.url().c_str());
  if (!options.token.empty() && options.tls_cert.empty()) {
    std::printf("kubectl sends no token over plain HTTP: give --tls-cert and --tls-key as well.\n");
  }
  std::fflush(stdout);
}

void serve(const SimulateOptions& options, StopSignals& signals) {
  SystemClock clock;
  SimulatedCluster cluster(clock);
  for (const auto& manifest : options.manifests) apply_manifest(cluster, manifest);
  const SimulatedApiServer server(cluster, server_options(options));
  if (!options.kubeconfig.empty()) write_kubeconfig(server, options.kubeconfig);
  introduce(options, server);
  signals.wait();
}

}  // namespace

int simulate_command(const SimulateOptions& options) {
  if (!options.serve) {
    if (!options.config.empty() && !options.scenario.empty()) return backtest_command(options);
    return refuse(
        "give --config and --scenario to replay a scenario, or --serve to serve a simulated "
        "cluster to kubectl and other clients");
  }
  if (options.tls_cert.empty() != options.tls_key.empty()) {
    return refuse("--tls-cert and --tls-key go together; give both or none");
  }
  close_inherited_descriptors_on_exec();
  StopSignals signals;
  set_up_logging({.verbosity = -1, .output = [](std::string_view) {}});
  try {
    serve(options, signals);
    return exit_ok;
  } catch (const std::exception& error) {
    print_error(std::string("cpab simulate could not start: ") + error.what());
    return exit_failure;
  }
}

}  // namespace cpab
