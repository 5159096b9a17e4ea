#include "cpab/app/daemon_address.h"

#include "cpab/model/version.h"

namespace cpab {

DaemonAddress daemon_address(const DaemonOptions& options) {
  return {options.url, options.token_file.empty() ? "" : token_of_file(options.token_file)};
}

HttpClientOptions daemon_client_options(const DaemonOptions& options) {
  HttpClientOptions client;
  if (!options.ca_file.empty()) client.tls.ca_file = options.ca_file;
  client.user_agent = user_agent();
  return client;
}

}  // namespace cpab
