#include "cpab/kubernetes/kubeconfig.h"

#include "fuzz/property.h"
#include "fuzz/targets.h"
#include "tests/fakes/temporary_directory.h"

namespace cpab {

void fuzz_kubeconfig(std::string_view input) {
  static const TemporaryDirectory folder;
  const std::string file = folder.write("kubeconfig", std::string(input));
  try {
    const Credentials credentials = kubeconfig_credentials({file}, "");
    require(credentials.server.starts_with("http"), "a server is a URL");
    require(credentials.server.back() != '/', "a server has no slash at its end");
    require(credentials.server.find('@') == std::string::npos, "a server has no credentials");
    const TlsConfig& tls = credentials.tls;
    require((tls.client_cert_data || tls.client_cert_file) ==
                (tls.client_key_data || tls.client_key_file),
            "a certificate comes with its key");
  } catch (const CredentialsError& error) {
    require(*error.what() != '\0', "an error says something");
  }
}

}  // namespace cpab
