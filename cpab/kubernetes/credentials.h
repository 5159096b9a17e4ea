#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "cpab/io/http_client.h"

namespace cpab {

using Environment = std::map<std::string, std::string>;

/// There is no way to reach a cluster, or not the one asked for. The message names the file and
/// the key, and never holds a secret.
struct CredentialsError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Where the API server is and who we are.
struct Credentials {
  std::string server;  ///< `https://10.0.0.1:443`, no slash at the end
  TlsConfig tls;
  std::string token;                  ///< bearer token as text; empty = none
  std::string token_file;             ///< wins over `token`; empty = none
  std::string namespace_name;         ///< of the kubeconfig's context; empty = not said
  std::vector<std::string> warnings;  ///< what the user should be told, one sentence each

  friend bool operator==(const Credentials&, const Credentials&) = default;
};

/// Where Kubernetes puts the token and the CA of a pod's service account.
inline constexpr const char* service_account_directory =
    "/var/run/secrets/kubernetes.io/serviceaccount";

/// The service account of the pod we run in (contract section 0). A CA that cannot be read is a
/// warning: the system's roots are used then. Throws CredentialsError when the environment does
/// not name the API server or the token cannot be read.
Credentials in_cluster_credentials(const Environment& environment,
                                   const std::string& directory = service_account_directory);

/// What the user said on the command line.
struct CredentialsRequest {
  std::string kubeconfig;  ///< `--kubeconfig`; empty = not given
  std::string context;     ///< `--context`; empty = not given
};

/// The credentials to use: those of the kubeconfig when one of the flags is given, else those of
/// the pod we run in, else those of KUBECONFIG or ~/.kube/config. Throws CredentialsError, which
/// begins with the reference's words when there is none of them.
Credentials find_credentials(const CredentialsRequest& request, const Environment& environment,
                             const std::string& directory = service_account_directory);

}  // namespace cpab
