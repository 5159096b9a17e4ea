#include "cpab/io/answer_framing.h"

#include <charconv>
#include <limits>
#include <optional>
#include <string>

namespace cpab {
namespace {

std::optional<std::uint64_t> parse_length(std::string_view text) {
  std::uint64_t length = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, length);
  const bool is_number = error == std::errc() && stop == end;
  // What is longer than a file can be was not meant.
  if (!is_number || length > std::numeric_limits<std::int64_t>::max()) return std::nullopt;
  return length;
}

[[noreturn]] void refuse(std::string_view name, std::string_view value, const char* why) {
  throw FramingError("malformed answer: " + std::string(name) + " '" +
                     std::string(value.substr(0, 100)) + "' " + why);
}

// `Content-Length : 5` is one to some readers and none to others.
void refuse_blank_before_colon(const HttpHeaders& headers) {
  for (const auto& [name, value] : headers) {
    if (name.find_first_of(" \t") != std::string::npos) {
      refuse("header", name, "has a blank in its name");
    }
  }
}

bool is_chunked(bool http_1_0, const HttpHeaders& headers) {
  bool found = false;
  for (const auto& [name, value] : headers) {
    if (!same_header_name(name, "Transfer-Encoding")) continue;
    if (found || !same_header_name(value, "chunked")) refuse(name, value, "was not asked for");
    if (http_1_0) refuse(name, value, "is not part of HTTP/1.0");
    found = true;
  }
  return found;
}

std::optional<std::uint64_t> content_length(const HttpHeaders& headers) {
  std::optional<std::uint64_t> found;
  for (const auto& [name, value] : headers) {
    if (!same_header_name(name, "Content-Length")) continue;
    const auto length = parse_length(value);
    if (!length) refuse(name, value, "is not a length");
    if (found && found != length) refuse(name, value, "follows another one");
    found = length;
  }
  return found;
}

}  // namespace

bool never_has_body(std::string_view method, int status) {
  return method == "HEAD" || status == 204 || status == 304;
}

AnswerFraming answer_framing(std::string_view method, int status, bool http_1_0,
                             const HttpHeaders& headers) {
  if (never_has_body(method, status)) return {BodyEnd::none};
  refuse_blank_before_colon(headers);
  if (is_chunked(http_1_0, headers)) return {BodyEnd::last_chunk};
  if (const auto length = content_length(headers)) return {BodyEnd::length, *length};
  return {BodyEnd::close};
}

}  // namespace cpab
