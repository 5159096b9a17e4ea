#pragma once

#include <cstddef>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cpab/model/budget.h"
#include "cpab/model/memory_account.h"

namespace cpab {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// Whether two header names are equal, which is without regard to ASCII case.
bool same_header_name(std::string_view a, std::string_view b);

/// The value of the first header called `name`, without regard to case; empty when absent.
std::string_view header(const HttpHeaders& headers, std::string_view name);
bool has_header(const HttpHeaders& headers, std::string_view name);

/// A URL for messages and logs: whatever may be secret is left out, that is credentials (`***@`),
/// the query (`?...`) and the fragment. Takes any text.
std::string redacted_url(std::string_view url);

struct HttpRequest {
  std::string method = "GET";  ///< sent as written
  std::string url;             ///< http:// or https://
  HttpHeaders headers;
  std::optional<std::string> body;  ///< none: no body and no Content-Length
  Budget budget;                    ///< covers connecting, TLS, redirects and the whole answer
  std::size_t max_response_bytes = 16u << 20;
  MemoryShare* memory = nullptr;  ///< counts the body of the answer; null: not counted
};

struct HttpResponse {
  int status = 0;
  HttpHeaders headers;  ///< of the final answer
  std::string body;     ///< decoded (gzip)
  /// A kept connection turned out to be closed and the request was sent once more on a new one: it
  /// may have been acted on before.
  bool resent = false;
};

/// Why no answer came.
enum class HttpFailure {
  connect,       ///< refused, unreachable, no such host
  tls,           ///< certificate or handshake
  timeout,       ///< before the headers were complete
  body_timeout,  ///< while the body was read
  closed,        ///< the connection ended before any of the answer came; it may have been acted on
  truncated,     ///< the connection ended before the answer did
  too_large,     ///< the answer is longer than allowed
  redirects,     ///< more than ten
  stopped,       ///< the stop token asked for it
  other,
};

/// The exchange failed before a whole answer was there. The message never holds the query part of
/// a URL or a header value.
struct HttpError : std::runtime_error {
  HttpError(HttpFailure failure_kind, const std::string& message, std::string about_url = {},
            bool sent_before = false)
      : std::runtime_error(message),
        failure(failure_kind),
        url(std::move(about_url)),
        resent(sent_before) {}
  HttpFailure failure;
  /// Where it went wrong: the request's URL or that of a redirect, without credentials and query.
  /// Empty when nothing was sent because a certificate or key cannot be used.
  std::string url;
  bool resent = false;  ///< as HttpResponse::resent
};

/// Whom to trust and who to be. Paths are read when the client is made and again when the files
/// change; `*_data` holds PEM text. Absent parts are not used.
struct TlsConfig {
  std::optional<std::string> ca_file;  ///< replaces the system's roots
  std::optional<std::string> ca_data;
  std::optional<std::string> client_cert_file;
  std::optional<std::string> client_cert_data;
  std::optional<std::string> client_key_file;
  std::optional<std::string> client_key_data;
  std::string server_name;  ///< checked instead of the host of the URL; empty = the host
  bool insecure_skip_verify = false;

  friend bool operator==(const TlsConfig&, const TlsConfig&) = default;
};

struct HttpClientOptions {
  TlsConfig tls;
  /// Up to ten redirects, as the reference's client does (contract 2.2): 301/302/303 as GET
  /// without body, 307/308 only when there is no body. Otherwise a redirect is an answer.
  bool follow_redirects = false;
  bool use_proxy_environment = false;  ///< HTTP_PROXY, HTTPS_PROXY, NO_PROXY
  std::string user_agent;
};

/// Keeps connections open between requests, one for each request that runs at the same time; so
/// requests made one after the other use a single connection. Safe to call from several threads.
class HttpClient {
 public:
  virtual ~HttpClient() = default;

  /// Any status is an answer. Throws HttpError when there is none, and MemoryError or
  /// std::bad_alloc when there is no memory for it.
  virtual HttpResponse send(const HttpRequest& request) = 0;
};

}  // namespace cpab
