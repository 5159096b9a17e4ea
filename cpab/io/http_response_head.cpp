#include "cpab/io/http_response_head.h"

#include <strings.h>

#include <array>
#include <boost/beast/http/status.hpp>
#include <ctime>
#include <string_view>

namespace cpab {
namespace {

std::string_view reason_phrase(int status) {
  const auto known = boost::beast::http::int_to_status(static_cast<unsigned>(status));
  return boost::beast::http::obsolete_reason(known);
}

/// RFC 9110 section 5.6.7, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
std::string http_date() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::array<char, 40> text{};
  const auto length = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
  return {text.data(), length};
}

bool is_ours(const std::string& name) {
  for (const char* own : {"Date", "Content-Length", "Transfer-Encoding", "Connection"}) {
    if (strcasecmp(name.c_str(), own) == 0) return true;
  }
  return false;
}

void append_header(std::string& head, std::string_view name, std::string_view value) {
  head.append(name).append(": ");
  for (const char c : value) head.push_back(c == '\r' || c == '\n' || c == '\0' ? ' ' : c);
  head.append("\r\n");
}

bool status_allows_body(int status) { return status >= 200 && status != 204 && status != 304; }

}  // namespace

bool has_body(const ServerResponse& response, const ResponseForm& form) {
  return !form.head_request && status_allows_body(response.status);
}

bool is_chunked(const ServerResponse& response, const ResponseForm& form) {
  return response.stream && !form.http_1_0;
}

std::string response_head(const ServerResponse& response, const ResponseForm& form) {
  std::string head;
  head.reserve(256);
  head.append(form.http_1_0 ? "HTTP/1.0 " : "HTTP/1.1 ").append(std::to_string(response.status));
  head.append(" ").append(reason_phrase(response.status)).append("\r\n");
  for (const auto& [name, value] : response.headers) {
    if (!is_ours(name)) append_header(head, name, value);
  }
  append_header(head, "Date", http_date());
  if (is_chunked(response, form)) {
    append_header(head, "Transfer-Encoding", "chunked");
  } else if (!response.stream && status_allows_body(response.status)) {
    append_header(head, "Content-Length", std::to_string(response.body.size()));
  }
  if (!form.keep_alive) append_header(head, "Connection", "close");
  if (form.keep_alive && form.http_1_0) append_header(head, "Connection", "keep-alive");
  return head.append("\r\n");
}

std::string refusal(int status, const std::string& text) {
  const std::string line = std::to_string(status) + " " + text;
  return "HTTP/1.1 " + line +
         "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n" + line;
}

}  // namespace cpab
