#include "cpab/config/url.h"

#include <algorithm>

#include "cpab/config/display.h"
#include "cpab/model/masking.h"

namespace cpab {
namespace {

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

/// The first `%` that is not followed by two hexadecimal digits, with what follows it.
std::string_view bad_escape(std::string_view text) {
  for (std::size_t at = text.find('%'); at < text.size(); at = text.find('%', at + 1)) {
    if (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2])) {
      return text.substr(at, 3);
    }
  }
  return {};
}

/// The part of `host` that is not its port; `port` gets what follows the colon.
std::string_view split_port(std::string_view host, std::string_view& port) {
  const auto bracket = host.rfind(']');
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos || (bracket != std::string_view::npos && colon < bracket)) {
    return host;
  }
  port = host.substr(colon + 1);
  return host.substr(0, colon);
}

/// What is wrong with `host:port`, as the tail of a message; empty when nothing is.
std::string problem_of_authority(std::string_view authority) {
  const auto at = authority.rfind('@');
  if (at != std::string_view::npos) authority.remove_prefix(at + 1);
  std::string_view port;
  const std::string_view host = split_port(authority, port);
  if (!std::all_of(port.begin(), port.end(), is_digit)) {
    return "invalid port " + quoted(':' + masked_value(port)) + " after host";
  }
  if (host.empty()) return "no Host in request URL";
  if (host.starts_with('[') && !host.ends_with(']')) return "missing ']' in host";
  const auto bad = host.find_first_of(" {}|\\^`");
  if (bad != std::string_view::npos) {
    return "invalid character " + quoted(host.substr(bad, 1)) + " in host name";
  }
  return {};
}

}  // namespace

std::string problem_of_url(std::string_view url) {
  const std::string start = "parse " + quoted(masked_url(url)) + ": ";
  if (std::any_of(url.begin(), url.end(), is_control)) {
    return start + "net/url: invalid control character in URL";
  }
  const auto scheme_end = std::min(url.find("://"), url.size());
  const std::string scheme = lower(url.substr(0, scheme_end));
  if (scheme_end == url.size() || (scheme != "http" && scheme != "https")) {
    const std::string shown = scheme_end == url.size() ? std::string() : scheme;
    return "unsupported protocol scheme " + quoted(shown) + " in the url " +
           quoted(masked_url(url));
  }
  url.remove_prefix(scheme_end + 3);
  const auto authority_end = std::min(url.find_first_of("/?#"), url.size());
  const std::string problem = problem_of_authority(url.substr(0, authority_end));
  if (!problem.empty()) return start + problem;
  const auto path_end = std::min(url.find_first_of("?#"), url.size());
  const std::string_view escape = bad_escape(url.substr(0, path_end));
  return escape.empty() ? std::string() : start + "invalid URL escape " + quoted(escape);
}

}  // namespace cpab
