#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "cpab/io/clock.h"
#include "cpab/io/curl_connection.h"
#include "cpab/io/http_client.h"
#include "cpab/io/tls_material.h"

namespace cpab {

/// HTTP/1.1 over libcurl. Keeps up to 32 idle handles, each with its connection, its resolved names
/// and its TLS session; nothing is made before the first request. When a TLS file changes, later
/// requests read it again on new connections.
class CurlHttpClient : public HttpClient {
 public:
  /// The clock says how much of a budget is left. Throws std::invalid_argument for a server name
  /// together with redirects: the name would be wrong for wherever they lead.
  CurlHttpClient(HttpClientOptions options, const Clock& clock);

  HttpResponse send(const HttpRequest& request) override;

 private:
  /// What new connections are made from. Replaced as a whole when a file changes.
  struct Tls {
    std::vector<FileStamp> stamps;
    TlsMaterial material;
  };
  struct Lease;

  Lease take();
  void give_back(std::unique_ptr<CurlConnection> connection, const std::shared_ptr<const Tls>& tls);
  std::shared_ptr<const Tls> current_tls();
  CurlAnswer exchange(CurlConnection& connection, const HttpRequest& request) const;
  std::optional<HttpRequest> next_request(const HttpRequest& request,
                                          const CurlAnswer& answer) const;

  const HttpClientOptions options_;
  const Clock& clock_;
  const ProxySettings proxies_;

  std::mutex mutex_;
  std::shared_ptr<const Tls> tls_;                     // guarded by mutex_; null = not read yet
  std::vector<std::unique_ptr<CurlConnection>> idle_;  // guarded by mutex_; all made from tls_
};

}  // namespace cpab
