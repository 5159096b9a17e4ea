#include "cpab/io/curl_http_client.h"

#include <optional>
#include <stdexcept>
#include <utility>

#include "cpab/io/content_encoding.h"
#include "cpab/io/http_redirect.h"

namespace cpab {
namespace {

constexpr std::size_t max_idle = 32;

// The reference gives up at the tenth answer that is a redirect.
constexpr int max_requests = 10;

// What is left of the budget, in curl's unit and never 0, which would mean "unlimited" to it; none
// when there is no deadline.
std::optional<std::chrono::milliseconds> time_left(const HttpRequest& request, TimePoint now) {
  if (request.budget.deadline == TimePoint::max()) return std::nullopt;
  if (request.budget.deadline <= now) {
    throw HttpError(HttpFailure::timeout, "context deadline exceeded", redacted_url(request.url));
  }
  return std::chrono::ceil<std::chrono::milliseconds>(request.budget.deadline - now);
}

}  // namespace

/// A connection taken from the pool, and what it was made from. Goes back by itself.
struct CurlHttpClient::Lease {
  Lease(CurlHttpClient& client, std::unique_ptr<CurlConnection> taken,
        std::shared_ptr<const Tls> made_from)
      : owner(client), connection(std::move(taken)), tls(std::move(made_from)) {}
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;
  ~Lease() { owner.give_back(std::move(connection), tls); }

  CurlHttpClient& owner;
  std::unique_ptr<CurlConnection> connection;
  std::shared_ptr<const Tls> tls;
};

CurlHttpClient::CurlHttpClient(HttpClientOptions options, const Clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      proxies_(options_.use_proxy_environment ? ProxySettings::from_environment()
                                              : ProxySettings{}) {
  if (options_.follow_redirects && !options_.tls.server_name.empty()) {
    throw std::invalid_argument("an HTTP client cannot have both a server name and redirects");
  }
}

HttpResponse CurlHttpClient::send(const HttpRequest& request) {
  const Lease lease = take();
  CurlAnswer answer = exchange(*lease.connection, request);
  auto next = next_request(request, answer);
  if (!next) return decoded(std::move(answer.response), request);

  for (int sent = 1;; ++sent) {
    const HttpRequest current = *std::move(next);
    if (sent == max_requests) {
      throw HttpError(HttpFailure::redirects, "stopped after 10 redirects",
                      redacted_url(current.url));
    }
    answer = exchange(*lease.connection, current);
    next = next_request(current, answer);
    if (!next) return decoded(std::move(answer.response), current);
  }
}

std::optional<HttpRequest> CurlHttpClient::next_request(const HttpRequest& request,
                                                        const CurlAnswer& answer) const {
  if (!options_.follow_redirects) return std::nullopt;
  return redirected_request(request, answer.response.status, answer.redirect_url);
}

CurlAnswer CurlHttpClient::exchange(CurlConnection& connection, const HttpRequest& request) const {
  return connection.exchange(request, time_left(request, clock_.now()));
}

CurlHttpClient::Lease CurlHttpClient::take() {
  auto tls = current_tls();
  std::unique_ptr<CurlConnection> connection;
  {
    const std::scoped_lock lock(mutex_);
    if (tls == tls_ && !idle_.empty()) {
      connection = std::move(idle_.back());  // the last one used: its connection is the freshest
      idle_.pop_back();
    }
  }
  if (!connection) {
    connection = std::make_unique<CurlConnection>(options_, tls->material, proxies_);
  }
  return Lease(*this, std::move(connection), std::move(tls));
}

void CurlHttpClient::give_back(std::unique_ptr<CurlConnection> connection,
                               const std::shared_ptr<const Tls>& tls) {
  const std::scoped_lock lock(mutex_);
  if (tls == tls_ && idle_.size() < max_idle) idle_.push_back(std::move(connection));
}

std::shared_ptr<const CurlHttpClient::Tls> CurlHttpClient::current_tls() {
  auto stamps = tls_file_stamps(options_.tls);
  {
    const std::scoped_lock lock(mutex_);
    if (tls_ && tls_->stamps == stamps) return tls_;
  }
  // Stamped before it is read: a change in between is seen the next time.
  auto tls = std::make_shared<const Tls>(Tls{std::move(stamps), load_tls_material(options_.tls)});
  std::vector<std::unique_ptr<CurlConnection>> outdated;  // closed after the lock is released
  const std::scoped_lock lock(mutex_);
  if (tls_ && tls_->stamps == tls->stamps) return tls_;  // somebody else was faster
  outdated.swap(idle_);
  idle_.reserve(max_idle);  // so that giving back cannot fail
  tls_ = tls;
  return tls;
}

}  // namespace cpab
