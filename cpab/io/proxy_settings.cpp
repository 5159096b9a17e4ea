#include "cpab/io/proxy_settings.h"

#include <cstdlib>

namespace cpab {
namespace {

std::string environment(const char* upper, const char* lower) {
  if (const char* value = std::getenv(upper); value != nullptr && *value != '\0') return value;
  const char* value = std::getenv(lower);
  return value == nullptr ? "" : value;
}

}  // namespace

ProxySettings ProxySettings::from_environment() {
  ProxySettings settings;
  settings.http = environment("HTTP_PROXY", "http_proxy");
  settings.https = environment("HTTPS_PROXY", "https_proxy");
  settings.exceptions = environment("NO_PROXY", "no_proxy");
  if (settings.exceptions != "*") settings.exceptions += ",localhost,127.0.0.0/8,::1";
  return settings;
}

}  // namespace cpab
