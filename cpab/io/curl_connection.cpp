#include "cpab/io/curl_connection.h"

#include <curl/curl.h>

#include <mutex>
#include <new>
#include <string_view>

#include "cpab/io/curl_exchange.h"
#include "cpab/io/errno_text.h"

namespace cpab {
namespace {

void free_easy(void* easy) { curl_easy_cleanup(easy); }
void free_multi(void* multi) { curl_multi_cleanup(multi); }
void free_list(void* list) { curl_slist_free_all(static_cast<curl_slist*>(list)); }

// On the first use rather than at start: it costs milliseconds that a daemon without HTTP saves.
void initialize_curl() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

void* checked(void* handle) {
  if (handle == nullptr) throw std::bad_alloc();
  return handle;
}

// Methods whose requests usually have a body: a server may insist on a length (RFC 9110, 8.6).
bool announces_length(std::string_view method) {
  return method == "POST" || method == "PUT" || method == "PATCH";
}

bool breaks_line(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string_view::npos;
}

// ---- the part of a URL that curl has to take apart

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, FreeUrl>;

Url parse(const std::string& text) {
  Url url(curl_url());
  if (!url) throw std::bad_alloc();
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    throw HttpError(HttpFailure::other, "invalid URL", redacted_url(text));
  }
  return url;
}

std::string part(const Url& url, CURLUPart which, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url.get(), which, &text, flags) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owner(text, curl_free);
  return text;
}

std::string host_and_port(const std::string& text) {
  const Url url = parse(text);
  return part(url, CURLUPART_HOST) + ':' + part(url, CURLUPART_PORT, CURLU_DEFAULT_PORT);
}

/// Adds a transfer to a multi handle for as long as this lives.
class Running {
 public:
  Running(CURLM* multi, CURL* easy) : multi_(multi), easy_(easy) {
    if (curl_multi_add_handle(multi, easy) != CURLM_OK) throw std::bad_alloc();
  }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() { curl_multi_remove_handle(multi_, easy_); }

 private:
  CURLM* multi_;
  CURL* easy_;
};

}  // namespace

CurlConnection::CurlConnection(const HttpClientOptions& options, const TlsMaterial& tls,
                               const ProxySettings& proxies)
    : proxies_(proxies),
      server_name_(options.tls.server_name),
      multi_(nullptr, free_multi),
      easy_(nullptr, free_easy),
      header_list_(nullptr, free_list),
      connect_to_(nullptr, free_list) {
  static_assert(sizeof error_text_ >= CURL_ERROR_SIZE);
  initialize_curl();
  multi_.reset(checked(curl_multi_init()));
  easy_.reset(checked(curl_easy_init()));
  set_fixed_options(options, tls);
}

template <class Value>
void CurlConnection::set(int option, Value value) {
  const CURLcode code = curl_easy_setopt(easy_.get(), static_cast<CURLoption>(option), value);
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK) throw std::logic_error(curl_easy_strerror(code));
}

void CurlConnection::set_fixed_options(const HttpClientOptions& options, const TlsMaterial& tls) {
  set(CURLOPT_ERRORBUFFER, error_text_.data());
  set(CURLOPT_HEADERFUNCTION, &CurlExchange::on_header);
  set(CURLOPT_WRITEFUNCTION, &CurlExchange::on_body);
  set(CURLOPT_PREREQFUNCTION, &CurlExchange::on_send);
  watch_connections();
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(CURLOPT_PATH_AS_IS, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // do not wait for a name server when told to stop
  set(CURLOPT_TCP_NODELAY, 1L);
  set(CURLOPT_TCP_KEEPALIVE, 1L);
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_NOPROXY, proxies_.exceptions.c_str());
  set(CURLOPT_PROXY, "");  // also stops curl from reading the environment itself
  set(CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
  if (!options.user_agent.empty()) set(CURLOPT_USERAGENT, options.user_agent.c_str());
  set(CURLOPT_HTTP_CONTENT_DECODING, 0L);  // curl does not notice gzip that ends early
  ask_for_gzip(true);

  const auto set_blob = [this](CURLoption option, const std::string& text) {
    curl_blob blob{const_cast<char*>(text.data()), text.size(), CURL_BLOB_COPY};
    set(option, &blob);
  };
  if (!tls.ca.empty()) {
    set_blob(CURLOPT_CAINFO_BLOB, tls.ca);
    set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // these roots instead of the system's
  }
  if (!tls.certificate.empty()) {
    set_blob(CURLOPT_SSLCERT_BLOB, tls.certificate);
    set_blob(CURLOPT_SSLKEY_BLOB, tls.key);
  }
  if (options.tls.insecure_skip_verify) {
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

void CurlConnection::watch_connections() {
  const curl_opensocket_callback on_open = [](void* sockets, curlsocktype, curl_sockaddr* address) {
    return static_cast<CurlSockets*>(sockets)->open(address);
  };
  const curl_closesocket_callback on_close = [](void* sockets, curl_socket_t socket) {
    return static_cast<CurlSockets*>(sockets)->close(socket);
  };
  const curl_ssl_ctx_callback on_tls = [](CURL*, void* context, void* watch) {
    static_cast<TlsWatch*>(watch)->listen_to(context);
    return CURLE_OK;
  };
  set(CURLOPT_OPENSOCKETFUNCTION, on_open);
  set(CURLOPT_OPENSOCKETDATA, &sockets_);
  set(CURLOPT_CLOSESOCKETFUNCTION, on_close);
  set(CURLOPT_CLOSESOCKETDATA, &sockets_);
  set(CURLOPT_SSL_CTX_FUNCTION, on_tls);
  set(CURLOPT_SSL_CTX_DATA, &tls_watch_);
}

CurlAnswer CurlConnection::exchange(const HttpRequest& request,
                                    std::optional<std::chrono::milliseconds> time) {
  CurlExchange exchange(easy_.get(), request, sockets_, tls_watch_);
  HttpHeaders extra_headers;
  set_target(request, extra_headers);
  set_method_and_body(request);
  set_headers(request, extra_headers);
  set(CURLOPT_HEADERDATA, &exchange);
  set(CURLOPT_WRITEDATA, &exchange);
  set(CURLOPT_PREREQDATA, &exchange);

  int code = perform(request.budget.stop, time);
  if (exchange.wants_new_connection(code)) {
    if (time) *time -= time_taken();
    exchange.begin_again();
    set(CURLOPT_FRESH_CONNECT, 1L);
    code = perform(request.budget.stop, time);
    set(CURLOPT_FRESH_CONNECT, 0L);
  }
  HttpResponse response = exchange.take_response(code, text_of(code));
  const char* redirect_url = nullptr;
  curl_easy_getinfo(easy_.get(), CURLINFO_REDIRECT_URL, &redirect_url);
  return {std::move(response), redirect_url == nullptr ? "" : redirect_url};
}

std::chrono::milliseconds CurlConnection::time_taken() const {
  curl_off_t microseconds = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_TOTAL_TIME_T, &microseconds);
  return std::chrono::ceil<std::chrono::milliseconds>(std::chrono::microseconds(microseconds));
}

void CurlConnection::set_target(const HttpRequest& request, HttpHeaders& extra_headers) {
  if (breaks_line(request.url) || breaks_line(request.method)) {
    throw HttpError(HttpFailure::other, "invalid URL or method", redacted_url(request.url));
  }
  if (!proxies_.http.empty() || !proxies_.https.empty()) {
    const bool is_https = same_header_name(request.url.substr(0, 6), "https:");
    set(CURLOPT_PROXY, (is_https ? proxies_.https : proxies_.http).c_str());
  }
  if (server_name_.empty()) {
    set(CURLOPT_URL, request.url.c_str());
  } else {
    set_server_name(request, extra_headers);
  }
}

// curl checks the certificate against the host of the URL. So the URL gets the wanted name, and the
// connection is led to the real host.
void CurlConnection::set_server_name(const HttpRequest& request, HttpHeaders& extra_headers) {
  const std::string real = host_and_port(request.url);
  const Url url = parse(request.url);
  curl_url_set(url.get(), CURLUPART_HOST, server_name_.c_str(), 0);
  connect_to_.reset(curl_slist_append(nullptr, ("::" + real).c_str()));
  set(CURLOPT_CONNECT_TO, static_cast<curl_slist*>(connect_to_.get()));
  set(CURLOPT_URL, part(url, CURLUPART_URL).c_str());
  if (!has_header(request.headers, "Host")) extra_headers.emplace_back("Host", real);
}

void CurlConnection::set_method_and_body(const HttpRequest& request) {
  // This order: setting a body or HTTPGET overrules what NOBODY has set before.
  set(CURLOPT_NOBODY, 0L);
  if (request.body) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body->size()));
    set(CURLOPT_POSTFIELDS, request.body->data());
  } else if (announces_length(request.method)) {
    set(CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t{0});
    set(CURLOPT_POSTFIELDS, "");
  } else {
    set(CURLOPT_HTTPGET, 1L);
  }
  if (request.method == "HEAD") {
    set(CURLOPT_NOBODY, 1L);
    if (request.body) set(CURLOPT_POSTFIELDS, request.body->data());
  }
  set(CURLOPT_CUSTOMREQUEST, request.method.c_str());
}

void CurlConnection::set_headers(const HttpRequest& request, const HttpHeaders& extra_headers) {
  curl_slist* list = nullptr;
  header_list_.reset();
  const auto append = [&](const std::string& line) {
    curl_slist* grown = curl_slist_append(list, line.c_str());
    if (grown == nullptr) throw std::bad_alloc();
    if (list == nullptr) header_list_.reset(grown);
    list = grown;
  };
  for (const HttpHeaders* headers : {&request.headers, &extra_headers}) {
    for (const auto& [name, value] : *headers) {
      if (breaks_line(name) || breaks_line(value)) {
        throw HttpError(HttpFailure::other, "invalid header '" + name + "'",
                        redacted_url(request.url));
      }
      std::string line = name;
      line += value.empty() ? ";" : ": ";  // a semicolon is curl's way to say "empty"
      append(line += value);
    }
  }
  // A name alone takes away what curl would add by itself.
  for (const char* name : {"Accept", "Expect", "Content-Type"}) {
    if (!has_header(request.headers, name)) append(std::string(name) + ':');
  }
  set(CURLOPT_HTTPHEADER, list);
  ask_for_gzip(!has_header(request.headers, "Accept-Encoding"));
}

void CurlConnection::ask_for_gzip(bool wanted) {
  if (wanted == asks_for_gzip_) return;
  set(CURLOPT_ACCEPT_ENCODING, wanted ? "gzip" : static_cast<const char*>(nullptr));
  asks_for_gzip_ = wanted;
}

// Returns curl's code, or that of an abort by the stop token.
int CurlConnection::perform(const std::stop_token& stop,
                            std::optional<std::chrono::milliseconds> time) {
  constexpr int longest_poll_ms = 60'000;  // curl returns earlier for its own timeouts
  if (time && time->count() <= 0) return CURLE_OPERATION_TIMEDOUT;
  error_text_[0] = '\0';
  set(CURLOPT_TIMEOUT_MS, time ? static_cast<long>(time->count()) : 0L);
  const Running transfer(multi_.get(), easy_.get());
  const std::stop_callback wake(stop, [this] { curl_multi_wakeup(multi_.get()); });
  for (;;) {
    int running = 0;
    if (stop.stop_requested()) return CURLE_ABORTED_BY_CALLBACK;
    if (curl_multi_perform(multi_.get(), &running) != CURLM_OK) return CURLE_FAILED_INIT;
    if (running == 0) break;
    curl_multi_poll(multi_.get(), nullptr, 0, longest_poll_ms, nullptr);
  }
  int left = 0;
  const CURLMsg* message = curl_multi_info_read(multi_.get(), &left);
  return message == nullptr ? CURLE_FAILED_INIT : message->data.result;
}

std::string CurlConnection::text_of(int code) const {
  if (code == CURLE_COULDNT_CONNECT) {
    long error = 0;
    const char* url = nullptr;
    curl_easy_getinfo(easy_.get(), CURLINFO_OS_ERRNO, &error);
    curl_easy_getinfo(easy_.get(), CURLINFO_EFFECTIVE_URL, &url);
    if (error != 0 && url != nullptr) {
      return "dial tcp " + host_and_port(url) + ": connect: " + errno_text(static_cast<int>(error));
    }
  }
  if (error_text_[0] != '\0') return error_text_.data();
  return curl_easy_strerror(static_cast<CURLcode>(code));
}

}  // namespace cpab
