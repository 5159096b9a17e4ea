#include "cpab/io/curl_exchange.h"

#include <curl/curl.h>

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

}  // namespace

// Called when a connection is there and the request is about to be sent: more than once when a
// kept connection turned out to be closed, whether curl notices that or we do.
int CurlExchange::on_send(void* self, char*, char*, int, int) {
  ++static_cast<CurlExchange*>(self)->times_sent;
  return CURL_PREREQFUNC_OK;
}

std::size_t CurlExchange::on_header(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<CurlExchange*>(self)->take_header({data, size}) ? size : 0;
}

std::size_t CurlExchange::on_body(char* data, std::size_t, std::size_t size, void* self) {
  return static_cast<CurlExchange*>(self)->take_body({data, size}) ? size : 0;
}

bool CurlExchange::take_header(std::string_view line) {
  head_bytes += line.size();
  head_too_large = head_bytes > max_head_bytes;
  if (head_complete && !line.starts_with("HTTP/")) return !head_too_large;  // a trailer
  if (line.starts_with("HTTP/")) {
    response.headers.clear();  // what came before was an interim answer
    head_complete = false;
  } else if (const std::size_t colon = line.find(':'); colon != std::string_view::npos) {
    response.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
  } else {
    head_complete = trimmed(line).empty();
  }
  return !head_too_large;
}

bool CurlExchange::take_body(std::string_view piece) {
  too_large = piece.size() > request.max_response_bytes - response.body.size();
  if (too_large) return false;
  if (response.body.empty()) reserve();
  response.body.append(piece);
  return true;
}

void CurlExchange::reserve() {
  curl_off_t announced = -1;
  curl_easy_getinfo(easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &announced);
  const auto limit = static_cast<curl_off_t>(request.max_response_bytes);
  if (announced > 0 && announced <= limit) {
    response.body.reserve(static_cast<std::size_t>(announced));
  }
}

HttpError CurlExchange::failure(int code, const std::string& text) const {
  const std::string url = redacted_url(request.url);
  const auto failed = [&](HttpFailure failure, const std::string& message) {
    const bool connected = failure != HttpFailure::connect && failure != HttpFailure::tls;
    return HttpError(failure, message, url, sent_before(connected));
  };
  if (head_too_large) {
    return failed(HttpFailure::too_large, "the head of the answer is longer than " +
                                              std::to_string(max_head_bytes) + " bytes");
  }
  if (too_large) {
    return failed(
        HttpFailure::too_large,
        "the answer is longer than " + std::to_string(request.max_response_bytes) + " bytes");
  }
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
      return failed(HttpFailure::connect, text);
    case CURLE_OPERATION_TIMEDOUT:
      return failed(head_complete ? HttpFailure::body_timeout : HttpFailure::timeout,
                    "context deadline exceeded");
    case CURLE_GOT_NOTHING:
      return failed(HttpFailure::closed, "EOF");
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_PARTIAL_FILE:
      if (head_bytes > 0) return failed(HttpFailure::truncated, "unexpected EOF");
      return failed(HttpFailure::closed, text);
    case CURLE_OUT_OF_MEMORY:
      // What curl says to a line of more than 100 KiB.
      if (head_bytes == 0) break;
      return failed(HttpFailure::too_large, "the head of the answer has a line that is too long");
    case CURLE_ABORTED_BY_CALLBACK:
      return failed(HttpFailure::stopped, "context canceled");
    case CURLE_PEER_FAILED_VERIFICATION:
      return failed(HttpFailure::tls, "tls: failed to verify certificate: " + text);
    case CURLE_SSL_CONNECT_ERROR:
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
