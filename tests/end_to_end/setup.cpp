#include "tests/end_to_end/setup.h"

#include <unistd.h>

#include <algorithm>

#include "cpab/model/json_text.h"

namespace cpab {
namespace {

SimulationOptions immediate_pods() {
  SimulationOptions options;
  options.pod_start_time = options.pod_ready_time = options.pod_stop_time = Duration{0};
  return options;
}

ScaleTarget add_shop(SimulatedCluster& cluster) {
  WorkloadOptions options;
  options.name = "shop";
  return cluster.add_deployment(options);
}

}  // namespace

Setup::Setup(const SimulatedApiServerOptions& server_options)
    : cluster(clock, immediate_pods()), shop(add_shop(cluster)), server(cluster, server_options) {
  config = {{"scaleTargetRef", "{apiVersion: apps/v1, kind: Deployment, name: shop}"},
            {"runMode", "per-resource"},
            {"interval", "50"},
            {"apiConfig", "{host: 127.0.0.1, port: 0}"},
            {"metric", shell("echo 7")},
            {"evaluate", shell(R"(echo '{"targetReplicas":3}')")}};
  kubeconfig_cluster = "{server: '" + server.url() + "'}";
  variables = {{"HOME", folder.file("")}};
}

Daemon Setup::start() {
  variables["configPath"] = write_config();
  variables.try_emplace("KUBECONFIG", write_kubeconfig());
  return Daemon(arguments, variables);
}

std::string Setup::shell(const std::string& script, int timeout_ms) const {
  return "{type: shell, timeout: " + std::to_string(timeout_ms) +
         ", shell: {entrypoint: /bin/sh, command: [-c, " + json_quote(script) + "]}}";
}

std::string Setup::http(const std::string& url, const std::string& headers) {
  return "{type: http, timeout: 60000, http: {method: POST, url: '" + url +
         "', headers: " + headers + ", successCodes: [200], parameterMode: body}}";
}

std::string Setup::waiting(const std::string& name, const std::string& rest) const {
  return "echo > " + folder.file(name) + ".begun; while [ ! -e " + folder.file(name) +
         ".go ]; do sleep 0.02; done; " + rest;
}

bool Setup::has_begun(const std::string& name) const {
  const std::string file = folder.file(name + ".begun");
  return soon([&] { return ::access(file.c_str(), F_OK) == 0; });
}

void Setup::let_go(const std::string& name) const { folder.write(name + ".go", ""); }

bool Setup::reaches(std::int32_t wanted) {
  return soon([&] { return replicas() == wanted; });
}

std::string Setup::config_text() const {
  std::string text;
  for (const auto& [key, value] : config) text += key + ": " + value + "\n";
  return text;
}

std::string Setup::write_config() const { return folder.write("config.yaml", config_text()); }

std::string Setup::write_kubeconfig() const {
  return folder.write("kubeconfig",
                      "apiVersion: v1\n"
                      "kind: Config\n"
                      "current-context: test\n"
                      "contexts: [{name: test, context: {cluster: test, user: test}}]\n"
                      "clusters: [{name: test, cluster: " +
                          kubeconfig_cluster +
                          "}]\n"
                          "users: [{name: test, user: " +
                          kubeconfig_user + "}]\n");
}

std::vector<nlohmann::json> decisions(Daemon& daemon) {
  return nlohmann::json::parse(daemon.get("/api/v1/decisions?limit=1000").body);
}

bool has_decided(Daemon& daemon, std::size_t count) {
  return soon([&] { return decisions(daemon).size() >= count; });
}

nlohmann::json member(const std::string& text, const std::string& name) {
  const auto json = nlohmann::json::parse(text);
  return json.contains(name) ? json.at(name) : nlohmann::json();
}

std::size_t count_requests(SimulatedApiServer& server, std::string_view method,
                           std::string_view path_end) {
  const std::vector<LoggedRequest> requests = server.requests().requests();
  const auto count = std::count_if(requests.begin(), requests.end(), [&](const auto& request) {
    return request.method == method && request.target.ends_with(path_end);
  });
  return static_cast<std::size_t>(count);
}

}  // namespace cpab
