#include "tests/end_to_end/live_cluster.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>

namespace cpab {
namespace {

const char* named_kubeconfig() { return std::getenv("CPAB_E2E_KUBECONFIG"); }

/// Pods that nobody starts.
SimulationOptions without_kubelets() {
  SimulationOptions options;
  options.pod_start_time = options.pod_ready_time = std::chrono::hours{24};
  options.pod_stop_time = Duration{0};
  return options;
}

std::string trimmed(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

bool is_ready(const nlohmann::json& pod) {
  const auto conditions = pod.value("/status/conditions"_json_pointer, nlohmann::json::array());
  return std::any_of(conditions.begin(), conditions.end(), [](const auto& condition) {
    return condition.at("type") == "Ready" && condition.at("status") == "True";
  });
}

/// A scheduler has found a node for it.
bool has_node(const nlohmann::json& pod) {
  return !pod.value("/spec/nodeName"_json_pointer, std::string()).empty();
}

bool is_ending(const nlohmann::json& pod) {
  return pod.at("metadata").contains("deletionTimestamp");
}

}  // namespace

struct LiveCluster::Simulation {
  SystemClock clock;
  TlsFiles tls;
  SimulatedCluster cluster{clock, without_kubelets()};
  SimulatedApiServer server{cluster, {.tls = tls.server(), .token = "e2e-token"}};

  std::string kubeconfig() const {
    return "apiVersion: v1\nkind: Config\ncurrent-context: e2e\n"
           "contexts: [{name: e2e, context: {cluster: e2e, user: e2e}}]\n"
           "clusters: [{name: e2e, cluster: {server: '" +
           server.url() + "', certificate-authority: " + tls.ca_file() +
           "}}]\n"
           "users: [{name: e2e, user: {token: e2e-token}}]\n";
  }
};

LiveCluster::LiveCluster()
    : simulation_(named_kubeconfig() == nullptr ? std::make_shared<Simulation>() : nullptr),
      kubeconfig_(simulation_ ? folder_.write("kubeconfig", simulation_->kubeconfig())
                              : std::filesystem::absolute(named_kubeconfig()).string()) {
  namespace_ = make_namespace();
  delete_in_the_end("namespace/" + namespace_);
}

std::string LiveCluster::make_namespace() {
  const std::string file = folder_.write("namespace.yaml",
                                         "apiVersion: v1\n"
                                         "kind: Namespace\n"
                                         "metadata: {generateName: cpab-e2e-}\n");
  const std::string name = trimmed(must({"create", "--validate=false", "-f", file, "-o", "name"}));
  return name.substr(name.find('/') + 1);
}

// A process that waits for our end, whatever that is, and then deletes. The pipe to it is closed
// with us and is not handed down to the programs that we start.
void LiveCluster::delete_in_the_end(const std::string& resource) {
  const std::string guard = "trap '' HUP INT TERM; cat > /dev/null; HOME='" + folder_.file("") +
                            "' kubectl --kubeconfig '" + kubeconfig_ + "' delete '" + resource +
                            "' --ignore-not-found --wait=false > /dev/null 2>&1";
  guards_.emplace_back(::popen(guard.c_str(), "we"));
}

Outcome LiveCluster::kubectl(std::vector<std::string> arguments) {
  std::vector<std::string> command{"kubectl", "--kubeconfig", kubeconfig_};
  if (!namespace_.empty()) command.insert(command.end(), {"--namespace", namespace_});
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_program(command, variables());
}

std::string LiveCluster::must(const std::vector<std::string>& arguments) {
  const Outcome outcome = kubectl(arguments);
  if (outcome.exit_code == 0) return outcome.out;
  std::string command = "kubectl";
  for (const std::string& argument : arguments) command += " " + argument;
  throw std::runtime_error(command + ": " + outcome.err);
}

void LiveCluster::create(const std::string& manifest) {
  must({"create", "--validate=false", "-f", folder_.write("manifest.yaml", manifest)});
}

int LiveCluster::replicas(const std::string& target) {
  const Outcome outcome = kubectl({"get", target, "-o", "jsonpath={.spec.replicas}"});
  return outcome.exit_code == 0 && !outcome.out.empty() ? std::stoi(outcome.out) : -1;
}

bool LiveCluster::has_ready_pods(const std::string& selector, std::size_t count) {
  return soon([&] {
    const auto list = nlohmann::json::parse(must({"get", "pods", "-l", selector, "-o", "json"}));
    std::size_t ready = 0;
    for (const auto& pod : list.at("items")) {
      if (is_ready(pod) && !is_ending(pod)) ++ready;
      const bool has_kubelet = has_node(pod) && !simulation_;
      if (!is_ready(pod) && !has_kubelet) make_ready(pod);
    }
    return ready == count && list.at("items").size() == count;
  });
}

/// Plays the kubelet. The pod may be gone by now.
void LiveCluster::make_ready(nlohmann::json pod) {
  const std::string path = "/api/v1/namespaces/" + namespace_ + "/pods/" +
                           pod.at("metadata").at("name").get<std::string>() + "/status";
  pod["status"]["phase"] = "Running";
  pod["status"]["conditions"] = {{{"type", "Ready"}, {"status", "True"}}};
  kubectl({"replace", "--raw", path, "-f", folder_.write("pod.json", pod.dump())});
}

Daemon LiveCluster::start(const std::string& config) {
  const std::string common = "namespace: " + namespace_ +
                             "\n"
                             "interval: 500\n"
                             "apiConfig: {host: 127.0.0.1, port: 0}\n";
  Program::Variables environment = variables();
  environment["configPath"] = folder_.write("config.yaml", common + config);
  return Daemon({"run", "--kubeconfig", kubeconfig_}, environment);
}

}  // namespace cpab
