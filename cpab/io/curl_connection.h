#pragma once

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "cpab/io/curl_sockets.h"
#include "cpab/io/http_client.h"
#include "cpab/io/proxy_settings.h"
#include "cpab/io/tls_material.h"
#include "cpab/io/tls_watch.h"

namespace cpab {

/// An answer, and where it sends us if it is a redirect.
struct CurlAnswer {
  HttpResponse response;
  std::string redirect_url;  ///< absolute; empty = none
};

/// One curl handle with the connections it keeps open. Used by one thread at a time.
class CurlConnection {
 public:
  CurlConnection(const HttpClientOptions& options, const TlsMaterial& tls,
                 const ProxySettings& proxies);
  CurlConnection(const CurlConnection&) = delete;
  CurlConnection& operator=(const CurlConnection&) = delete;

  /// One request, one answer, whose body is not decoded; `time` is what is left for it, none =
  /// unlimited. Throws HttpError.
  CurlAnswer exchange(const HttpRequest& request, std::optional<std::chrono::milliseconds> time);

 private:
  using Handle = std::unique_ptr<void, void (*)(void*)>;

  void set_fixed_options(const HttpClientOptions& options, const TlsMaterial& tls);
  void set_target(const HttpRequest& request, HttpHeaders& extra_headers);
  void set_server_name(const HttpRequest& request, HttpHeaders& extra_headers);
  void set_method_and_body(const HttpRequest& request);
  void set_headers(const HttpRequest& request, const HttpHeaders& extra_headers);
  void ask_for_gzip(bool wanted);
  void watch_connections();
  int perform(const std::stop_token& stop, std::optional<std::chrono::milliseconds> time);
  std::chrono::milliseconds time_taken() const;
  std::string text_of(int code) const;

  template <class Value>
  void set(int option, Value value);

  const ProxySettings proxies_;
  const std::string server_name_;
  CurlSockets sockets_;  // before multi_, which uses both until its end
  TlsWatch tls_watch_;
  Handle multi_;  // owns the connections
  Handle easy_;
  Handle header_list_;
  Handle connect_to_;
  std::array<char, 256> error_text_{};  // CURL_ERROR_SIZE
  bool asks_for_gzip_ = false;
};

}  // namespace cpab
