#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace cpab {

/// Text that is not a URL; the message is the reference's: `parse "http://[x": missing ']' in
/// host`.
struct HttpUrlError : std::runtime_error {
  HttpUrlError(const std::string& url, std::string why);

  std::string reason;  ///< the message without the URL
};

/// The URL of an `http` method, taken apart the way the reference's language does it.
struct HttpUrl {
  std::string scheme;       ///< lower case; empty when there is none
  std::string credentials;  ///< `user:password`, decoded; empty when there are none
  std::string host;         ///< with the port, as written; empty when there is none
  std::string path;         ///< percent-encoded
  std::string query;        ///< as written, without the `?`

  /// Whether a request can be sent there, as far as the URL tells.
  bool is_http() const { return scheme == "http" || scheme == "https"; }
  bool has_host() const { return !host.empty() && host[0] != ':'; }

  /// The address to ask: without credentials, with `?query` unless that is empty.
  std::string address() const;
};

/// Takes a URL apart; its fragment is dropped. Throws HttpUrlError.
HttpUrl parse_http_url(const std::string& text);

/// Why no HTTP request can be sent to `url`, in the reference's words as far as it has any; empty
/// when one can. The text is one line, and shows the URL without its secrets.
std::string problem_of_url(const std::string& url);

/// The pairs of a form-encoded query by key, each key's values in their order. Pairs that cannot be
/// decoded are left out, as the reference does.
using QueryValues = std::map<std::string, std::vector<std::string>>;
QueryValues parse_query(std::string_view query);

/// Form-encodes the pairs, sorted by key: a space is `+`, hex digits are upper case.
std::string encode_query(const QueryValues& values);

}  // namespace cpab
