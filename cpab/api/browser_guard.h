#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cpab/io/http_server.h"

namespace cpab {

/// Whether a browser sends this, going by headers that all of them send, and that no page can keep
/// them from sending (docs/api.md). Programs such as curl send none of them.
bool is_of_browser(const ServerRequest& request);

/// Tells cpab's own page in a browser from all others. A page elsewhere can have a browser send
/// requests to whatever that reaches; and it can, by a name of its own that suddenly leads to us,
/// have the browser believe that we are its own site (DNS rebinding). Safe to use from several
/// threads.
class BrowserGuard {
 public:
  /// `allowed` and `own` are names that count as ours, beside those that no page elsewhere can
  /// have: addresses, names without a dot, and those that only a cluster or the machine itself
  /// resolves. Behind the `allowed` ones is nothing but us, whatever the port.
  BrowserGuard(std::vector<std::string> allowed, std::vector<std::string> own);

  /// Whether the request asks for us by a name of ours.
  bool asks_by_own_name(const ServerRequest& request) const;

  /// Whether the browser says that it is our own page which sends the request, or the user.
  bool is_from_own_page(const ServerRequest& request) const;

 private:
  bool is_own_url(std::string_view url, std::string_view host) const;

  const std::vector<std::string> allowed_;
  const std::vector<std::string> own_;
};

}  // namespace cpab
