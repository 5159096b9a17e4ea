#include "cpab/kubernetes/credentials.h"

#include <filesystem>
#include <optional>

#include "cpab/io/file.h"
#include "cpab/kubernetes/kubeconfig.h"
#include "cpab/kubernetes/token_source.h"

namespace cpab {
namespace {

constexpr const char* not_in_cluster =
    "unable to load in-cluster configuration, KUBERNETES_SERVICE_HOST and "
    "KUBERNETES_SERVICE_PORT must be defined";

std::string value_of(const Environment& environment, const std::string& name) {
  const auto found = environment.find(name);
  return found == environment.end() ? std::string() : found->second;
}

/// `https://host:port`, an IPv6 address in brackets; none outside a cluster.
std::optional<std::string> in_cluster_server(const Environment& environment) {
  const std::string host = value_of(environment, "KUBERNETES_SERVICE_HOST");
  const std::string port = value_of(environment, "KUBERNETES_SERVICE_PORT");
  if (host.empty() || port.empty()) return std::nullopt;
  const bool ipv6 = host.find(':') != std::string::npos && host.front() != '[';
  return "https://" + (ipv6 ? "[" + host + "]" : host) + ":" + port;
}

/// Why the file cannot serve as a CA; none when it can.
std::optional<std::string> ca_problem(const std::string& file) {
  try {
    const std::string text = read_file(file, file_kind::certificate);
    if (text.find("-----BEGIN CERTIFICATE-----") != std::string::npos) return {};
    return file + " holds no certificate";
  } catch (const FileError& error) {
    return error.what();
  }
}

bool exists(const std::string& file) {
  std::error_code ignored;
  return std::filesystem::exists(file, ignored);
}

}  // namespace

Credentials in_cluster_credentials(const Environment& environment, const std::string& directory) {
  const auto server = in_cluster_server(environment);
  if (!server) throw CredentialsError(not_in_cluster);
  Credentials credentials;
  credentials.server = *server;
  credentials.token_file = directory + "/token";
  try {
    read_token(credentials.token_file);
  } catch (const TokenError& error) {
    throw CredentialsError(error.what());
  }
  const std::string ca = directory + "/ca.crt";
  if (const auto problem = ca_problem(ca)) {
    credentials.warnings.push_back("the cluster's CA cannot be used (" + *problem +
                                   "); trusting the system's certificates instead");
  } else {
    credentials.tls.ca_file = ca;
  }
  return credentials;
}

Credentials find_credentials(const CredentialsRequest& request, const Environment& environment,
                             const std::string& directory) {
  if (!request.kubeconfig.empty()) {
    return kubeconfig_credentials({request.kubeconfig}, request.context);
  }
  if (request.context.empty() && in_cluster_server(environment)) {
    return in_cluster_credentials(environment, directory);
  }
  const auto files = kubeconfig_files(environment);
  const bool said = !value_of(environment, "KUBECONFIG").empty() || !request.context.empty();
  if (said || (!files.empty() && exists(files.front()))) {
    return kubeconfig_credentials(files, request.context);
  }
  throw CredentialsError(std::string(not_in_cluster) +
                         "; outside a cluster, name a kubeconfig file with --kubeconfig or "
                         "KUBECONFIG, or create ~/.kube/config");
}

}  // namespace cpab
