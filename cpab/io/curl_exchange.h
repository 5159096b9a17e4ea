#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

#include "cpab/io/answer_framing.h"
#include "cpab/io/curl_sockets.h"
#include "cpab/io/http_client.h"
#include "cpab/io/tls_watch.h"

namespace cpab {

/// What curl hands over while a request runs, and what that means when it ends.
class CurlExchange {
 public:
  /// `easy` is the handle that runs `request`, with its sockets and TLS; all outlive this.
  CurlExchange(void* easy, const HttpRequest& request, const CurlSockets& sockets, TlsWatch& tls)
      : easy_(easy), request_(request), sockets_(sockets), tls_(tls) {
    tls_.reset();
  }

  /// For CURLOPT_PREREQFUNCTION, CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION; `self` is this.
  static int on_send(void* self, char*, char*, int peer_port, int local_port);
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);

  /// Whether the request came to `code` only because the connection had been kept: closed
  /// meanwhile, given up by the server (408), or with something on it that nobody asked for. It is
  /// worth another try on a new one. curl does so for closed ones, but (7.88) five times in the
  /// life of a handle, not five times a request.
  bool wants_new_connection(int code) const;

  /// Forgets the answer, for that other try.
  void begin_again();

  /// The answer, after curl's `code`; `text` is what can be said about that. Throws HttpError
  /// unless it is whole.
  HttpResponse take_response(int code, const std::string& text);

 private:
  using Taker = void (CurlExchange::*)(std::string_view);

  std::size_t take(Taker taker, std::string_view piece);
  bool is_on_kept_connection() const;
  bool prepare_sending(int peer_port, int local_port);
  void take_header(std::string_view line);
  void end_head();
  void refuse_unasked() const;
  void take_body(std::string_view piece);
  void reserve();
  bool sent_before(bool connected = true) const;
  bool is_whole() const;
  HttpError failed(HttpFailure failure, const std::string& message) const;
  HttpError failure(int code, const std::string& text) const;

  void* const easy_;
  const HttpRequest& request_;
  const CurlSockets& sockets_;
  TlsWatch& tls_;
  HttpResponse response_;
  AnswerFraming framing_;
  std::size_t head_bytes_ = 0;
  bool head_complete_ = false;
  bool spoilt_ = false;  ///< the kept connection, by what has come in
  bool sent_ = false;    ///< in this try
  int times_sent_ = 0;
  std::exception_ptr thrown_;  ///< by a callback
};

}  // namespace cpab
