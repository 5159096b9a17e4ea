#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "cpab/config/config.h"
#include "cpab/config/http_url.h"
#include "cpab/io/clock.h"
#include "cpab/io/http_client.h"
#include "cpab/methods/method.h"
#include "cpab/model/redaction.h"

namespace cpab {

/// `type: http`: a request per call, the input in its body or in its query, the answer in the body
/// of the response (contract section 2.2).
class HttpMethod : public Method {
 public:
  /// Throws MethodError (`config`) for what can never work: an invalid method, URL, parameter mode
  /// or header. The clock outlives this; `max_output_bytes` is the limit of an answer.
  HttpMethod(HttpConfig config, Duration timeout, std::unique_ptr<HttpClient> client,
             const Clock& clock, std::size_t max_output_bytes);

  std::string run(std::string_view input, const CallLimits& limits) override;

 private:
  void check() const;
  std::size_t copies_of_input() const;
  HttpRequest request(std::string_view input, const CallLimits& limits) const;
  std::string query_address(std::string_view input) const;
  HttpResponse send(const HttpRequest& request);
  MethodError error_of(const HttpError& error) const;
  std::string at_url(const std::string& url) const;

  const HttpConfig config_;
  const std::string verb_;  // the method; GET when none is configured
  const HttpUrl url_;
  const Duration timeout_;
  const std::unique_ptr<HttpClient> client_;
  const Clock& clock_;
  const std::size_t max_output_bytes_;
  HttpHeaders headers_;  // the configured ones, as they are sent; not changed after construction
  const Redaction redacted_;  // of what is sent
};

/// The client that calls an `http` method's server as the reference does: redirects are followed;
/// with any TLS file it trusts that CA only and asks no proxy, otherwise the environment's proxies
/// and the system's roots count. Warns about half a client certificate, which is not used.
std::unique_ptr<HttpClient> make_method_http_client(const HttpConfig& config, const Clock& clock);

}  // namespace cpab
