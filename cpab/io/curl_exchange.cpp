#include "cpab/io/curl_exchange.h"

#include <curl/curl.h>

#include <new>
#include <utility>

namespace cpab {
namespace {

// A head of this size is no honest one. Less than curl's own limit, which reads as a broken
// connection.
constexpr std::size_t max_head_bytes = 1u << 18;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(blank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blank) - first + 1);
}

bool broke_off(int code) {
  return code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR || code == CURLE_GOT_NOTHING ||
         code == CURLE_PARTIAL_FILE;
}

long number(CURL* easy, CURLINFO which) {
  long value = 0;
  curl_easy_getinfo(easy, which, &value);
  return value;
}

// The SSL of the connection in use; null without TLS.
const void* tls_of(CURL* easy) {
  const curl_tlssessioninfo* info = nullptr;
  curl_easy_getinfo(easy, CURLINFO_TLS_SSL_PTR, &info);
  return info == nullptr ? nullptr : info->internals;
}

}  // namespace

// Called when a connection is there and the request is about to be sent: more than once when a
// kept connection turned out to be closed, whether curl notices that or we do.
int CurlExchange::on_send(void* self, char*, char*, int peer_port, int local_port) {
  const bool may_send = static_cast<CurlExchange*>(self)->prepare_sending(peer_port, local_port);
  return may_send ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

std::size_t CurlExchange::on_header(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<CurlExchange*>(self)->take(&CurlExchange::take_header, {data, size});
}

std::size_t CurlExchange::on_body(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<CurlExchange*>(self)->take(&CurlExchange::take_body, {data, size});
}

// Returns how much was taken, as curl wants to know. It must not see exceptions.
std::size_t CurlExchange::take(Taker taker, std::string_view piece) {
  try {
    (this->*taker)(piece);
    return piece.size();
  } catch (...) {
    thrown_ = std::current_exception();
    return 0;
  }
}

bool CurlExchange::prepare_sending(int peer_port, int local_port) {
  const void* tls = tls_of(easy_);
  spoilt_ = is_on_kept_connection() &&
            (sockets_.has_input(local_port, peer_port) || has_unread_bytes(tls));
  if (spoilt_) return false;
  tls_.use(tls);
  sent_ = true;
  ++times_sent_;
  return true;
}

bool CurlExchange::is_on_kept_connection() const {
  return number(easy_, CURLINFO_NUM_CONNECTS) == 0;
}

void CurlExchange::take_header(std::string_view line) {
  head_bytes_ += line.size();
  if (head_bytes_ > max_head_bytes) {
    throw failed(HttpFailure::too_large, "the head of the answer is longer than " +
                                             std::to_string(max_head_bytes) + " bytes");
  }
  if (head_complete_ && !line.starts_with("HTTP/")) return;  // a trailer
  if (line.starts_with("HTTP/")) {
    response_.headers.clear();  // what came before was an interim answer
    head_complete_ = false;
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    response_.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  } else if (trimmed(line).empty()) {
    end_head();
  }
}

void CurlExchange::end_head() {
  head_complete_ = true;
  response_.status = static_cast<int>(number(easy_, CURLINFO_RESPONSE_CODE));
  refuse_unasked();
  if (response_.status < 200) return;
  if (response_.status == 408 && is_on_kept_connection()) {
    spoilt_ = true;
    throw failed(HttpFailure::closed, "the server has given up the connection");
  }
  const bool http_1_0 = number(easy_, CURLINFO_HTTP_VERSION) == CURL_HTTP_VERSION_1_0;
  try {
    framing_ = answer_framing(request_.method, response_.status, http_1_0, response_.headers);
  } catch (const FramingError& error) {
    throw failed(HttpFailure::other, error.what());
  }
}

void CurlExchange::refuse_unasked() const {
  const bool asks_for_part = has_header(request_.headers, "Range");
  const char* what = response_.status == 101                     ? "another protocol"
                     : response_.status == 206 && !asks_for_part ? "a part of the content"
                                                                 : nullptr;
  if (what == nullptr) return;
  throw failed(HttpFailure::other, "malformed answer: " + std::string(what) + " (" +
                                       std::to_string(response_.status) +
                                       "), which was not asked for");
}

void CurlExchange::take_body(std::string_view piece) {
  if (piece.size() > request_.max_response_bytes - response_.body.size()) {
    throw failed(
        HttpFailure::too_large,
        "the answer is longer than " + std::to_string(request_.max_response_bytes) + " bytes");
  }
  if (response_.body.empty()) reserve();
  append_counted(request_.memory, response_.body, piece);
}

void CurlExchange::reserve() {
  if (framing_.end == BodyEnd::length && framing_.length <= request_.max_response_bytes) {
    response_.body.reserve(framing_.length);
  }
}

bool CurlExchange::wants_new_connection(int code) const {
  return spoilt_ || (is_on_kept_connection() && head_bytes_ == 0 && broke_off(code));
}

void CurlExchange::begin_again() {
  response_ = {};
  framing_ = {};
  head_bytes_ = 0;
  head_complete_ = false;
  spoilt_ = false;
  sent_ = false;
  thrown_ = nullptr;
  tls_.reset();
}

HttpResponse CurlExchange::take_response(int code, const std::string& text) {
  if (thrown_) std::rethrow_exception(thrown_);
  if (code != CURLE_OK) throw failure(code, text);
  if (!is_whole()) throw failure(CURLE_PARTIAL_FILE, "");
  response_.resent = sent_before();
  return std::move(response_);
}

// curl takes a head that breaks off for a whole one, and every end of a connection for the end of
// a body without length.
bool CurlExchange::is_whole() const {
  if (!head_complete_) return false;
  switch (framing_.end) {
    case BodyEnd::none:
    case BodyEnd::last_chunk:
      return true;
    case BodyEnd::length:
      return response_.body.size() == framing_.length;
    case BodyEnd::close:
      return tls_.was_closed_properly();
  }
  return false;
}

// Whether it was sent before the try that came to this. One that fails to connect sends nothing.
bool CurlExchange::sent_before(bool connected) const { return times_sent_ > (connected ? 1 : 0); }

HttpError CurlExchange::failed(HttpFailure failure, const std::string& message) const {
  const bool connected = failure != HttpFailure::connect && failure != HttpFailure::tls;
  return HttpError(failure, message, redacted_url(request_.url), sent_before(connected));
}

HttpError CurlExchange::failure(int code, const std::string& text) const {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return failed(HttpFailure::connect, text);
    case CURLE_OPERATION_TIMEDOUT:
      if (head_complete_) return failed(HttpFailure::body_timeout, "context deadline exceeded");
      return failed(HttpFailure::timeout,
                    !sent_ && tls_.began_handshake()
                        ? "context deadline exceeded: no answer to the TLS handshake; "
                          "does the server speak plain HTTP?"
                        : "context deadline exceeded");
    case CURLE_GOT_NOTHING:
      return failed(HttpFailure::closed, "EOF");
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
      if (head_bytes_ > 0) return failed(HttpFailure::truncated, "unexpected EOF");
      return failed(HttpFailure::closed, text);
    case CURLE_OUT_OF_MEMORY:
      // What curl says to a line of more than 100 KiB.
      if (head_bytes_ == 0) throw std::bad_alloc();
      return failed(HttpFailure::too_large, "the head of the answer has a line that is too long");
    case CURLE_ABORTED_BY_CALLBACK:
      return failed(HttpFailure::stopped, "context canceled");
    case CURLE_PEER_FAILED_VERIFICATION:
      return failed(HttpFailure::tls, "tls: failed to verify certificate: " + text);
    case CURLE_SSL_CONNECT_ERROR:
      if (text.find("wrong version number") != std::string::npos) {
        return failed(HttpFailure::tls,
                      "tls: the server answered in plain text; does it speak plain HTTP?");
      }
      return failed(HttpFailure::tls, "tls: " + text);
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
      return failed(HttpFailure::tls, "tls: " + text);
    default:
      break;
  }
  return failed(HttpFailure::other, text);
}

}  // namespace cpab
