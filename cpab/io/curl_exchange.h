#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "cpab/io/http_client.h"

namespace cpab {

/// What curl hands over while a request runs, and what that means when it ends badly.
struct CurlExchange {
  /// `easy` is the handle that runs `request`; both outlive it.
  CurlExchange(void* easy_handle, const HttpRequest& sent) : easy(easy_handle), request(sent) {}

  void* const easy;
  const HttpRequest& request;
  HttpResponse response;
  std::size_t head_bytes = 0;
  bool head_complete = false;
  bool head_too_large = false;
  bool too_large = false;
  int times_sent = 0;

  /// For CURLOPT_PREREQFUNCTION, CURLOPT_HEADERFUNCTION and CURLOPT_WRITEFUNCTION; `self` is the
  /// exchange.
  static int on_send(void* self, char*, char*, int, int);
  static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self);

  /// Whether it was sent before the try that came to this. One that fails to connect sends nothing.
  bool sent_before(bool connected = true) const { return times_sent > (connected ? 1 : 0); }

  /// The failure behind curl's `code`, not CURLE_OK; `text` is what can be said about it.
  HttpError failure(int code, const std::string& text) const;

 private:
  bool take_header(std::string_view line);
  bool take_body(std::string_view piece);
  void reserve();
};

}  // namespace cpab
