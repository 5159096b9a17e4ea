#include "cpab/api/browser_guard.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>

#include "cpab/model/ascii.h"

namespace cpab {
namespace {

/// A host, without brackets around an address, and a port, as a URL or the header `Host` has them.
struct Authority {
  std::string host;
  std::string port;
};

/// In small letters, and without the dot that may end a full name.
std::string normal_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return lower(name);
}

std::vector<std::string> normal_names(std::vector<std::string> names) {
  for (std::string& name : names) name = normal_name(name);
  return names;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// An empty host when `text` is none.
Authority parse_authority(std::string_view text) {
  const bool bracketed = text.starts_with('[');
  std::string_view host = text.substr(0, bracketed ? text.find(']') : text.find(':'));
  std::string_view rest = text.substr(host.size());
  if (bracketed) {
    host.remove_prefix(1);
    rest.remove_prefix(std::min<std::size_t>(rest.size(), 1));
  }
  if (!rest.empty() && rest.front() != ':') return {};
  return {normal_name(host), std::string(rest.substr(rest.empty() ? 0 : 1))};
}

bool is_address(const std::string& host) {
  in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

/// Names that no public name server answers for, so that nobody elsewhere can have them.
bool is_local_name(std::string_view name) {
  static constexpr std::array<std::string_view, 3> endings = {".localhost", ".svc",
                                                              ".cluster.local"};
  return name.find('.') == name.npos ||
         std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

std::string_view default_port(std::string_view scheme) {
  if (scheme == "http") return "80";
  return scheme == "https" ? "443" : "";
}

}  // namespace

bool is_of_browser(const ServerRequest& request) {
  for (const char* name : {"Sec-Fetch-Site", "Origin", "Referer"}) {
    if (has_header(request.headers, name)) return true;
  }
  if (has_header(request.headers, "Sec-Fetch-Mode"))
    return false;  // alone only from Node.js, never from a page
  if (has_header(request.headers, "Accept-Language")) return true;
  const std::string_view agent = header(request.headers, "User-Agent");
  return agent.starts_with("Mozilla/") && agent.find("PowerShell/") == agent.npos;
}

BrowserGuard::BrowserGuard(std::vector<std::string> allowed, std::vector<std::string> own)
    : allowed_(normal_names(std::move(allowed))), own_(normal_names(std::move(own))) {}

bool BrowserGuard::asks_by_own_name(const ServerRequest& request) const {
  const std::string name = parse_authority(header(request.headers, "Host")).host;
  return !name.empty() && (is_address(name) || is_local_name(name) || contains(allowed_, name) ||
                           contains(own_, name));
}

/// `Sec-Fetch-Site` cannot be forged by a page, and stays right behind a proxy that changes `Host`;
/// but over plain HTTP browsers send it to their own machine only.
bool BrowserGuard::is_from_own_page(const ServerRequest& request) const {
  const std::string_view host = header(request.headers, "Host");
  if (has_header(request.headers, "Sec-Fetch-Site")) {
    const std::string_view site = header(request.headers, "Sec-Fetch-Site");
    return site == "same-origin" || site == "none";  // none: a person has typed it
  }
  for (const char* name : {"Origin", "Referer"}) {
    if (has_header(request.headers, name)) return is_own_url(header(request.headers, name), host);
  }
  return false;
}

/// Whether `url` leads to where the request was sent, or to an allowed name: that of a proxy, which
/// may have sent it on with another `Host`.
bool BrowserGuard::is_own_url(std::string_view url, std::string_view host) const {
  const std::size_t scheme_end = url.find("://");
  if (scheme_end == url.npos) return false;
  const std::string_view rest = url.substr(scheme_end + 3);
  const auto port = default_port(url.substr(0, scheme_end));
  Authority theirs = parse_authority(rest.substr(0, rest.find_first_of("/?#")));
  Authority ours = parse_authority(host);
  if (theirs.port.empty()) theirs.port = port;
  if (ours.port.empty()) ours.port = port;
  return contains(allowed_, theirs.host) || (theirs.host == ours.host && theirs.port == ours.port);
}

}  // namespace cpab
