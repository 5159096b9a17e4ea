#pragma once

#include <string>

namespace cpab {

/// The proxies to ask; empty = none.
struct ProxySettings {
  std::string http;        ///< for http:// URLs
  std::string https;       ///< for https:// URLs
  std::string exceptions;  ///< hosts that are asked directly, separated by commas

  /// HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in capitals or not. What is on this machine is always
  /// asked directly, as the reference does.
  static ProxySettings from_environment();
};

}  // namespace cpab
