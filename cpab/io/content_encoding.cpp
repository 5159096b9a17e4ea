#include "cpab/io/content_encoding.h"

#include "cpab/io/answer_framing.h"
#include "cpab/io/gzip.h"

namespace cpab {
namespace {

HttpFailure failure_of(GzipError::Kind kind) {
  switch (kind) {
    case GzipError::Kind::cut:
      return HttpFailure::truncated;
    case GzipError::Kind::damaged:
      return HttpFailure::other;
    case GzipError::Kind::too_large:
      return HttpFailure::too_large;
  }
  return HttpFailure::other;
}

/// The values of all `Content-Encoding` headers, in order.
std::string encodings(const HttpHeaders& headers) {
  std::string all;
  for (const auto& [name, value] : headers) {
    if (!same_header_name(name, "Content-Encoding") || value.empty()) continue;
    all += (all.empty() ? "" : ", ") + value;
  }
  return all;
}

bool is_plain(const std::string& encoding) {
  return encoding.empty() || same_header_name(encoding, "identity");
}

bool is_gzip(const std::string& encoding) {
  return same_header_name(encoding, "gzip") || same_header_name(encoding, "x-gzip");
}

}  // namespace

HttpResponse decoded(HttpResponse response, const HttpRequest& request) {
  const std::string encoding = encodings(response.headers);
  if (is_plain(encoding) || never_has_body(request.method, response.status)) return response;
  if (has_header(request.headers, "Accept-Encoding")) return response;
  const auto fail = [&](HttpFailure failure, const std::string& message) {
    throw HttpError(failure, message, redacted_url(request.url), response.resent);
  };
  if (!is_gzip(encoding)) {
    fail(HttpFailure::other,
         "malformed answer: Content-Encoding '" + encoding.substr(0, 100) + "' was not asked for");
  }
  try {
    const std::size_t compressed = response.body.size();
    response.body = gunzip(response.body, request.max_response_bytes, request.memory);
    if (request.memory != nullptr) request.memory->shrink_to(request.memory->bytes() - compressed);
  } catch (const GzipError& error) {
    fail(failure_of(error.kind), error.what());
  }
  return response;
}

}  // namespace cpab
