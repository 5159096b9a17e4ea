#pragma once

#include <string>

#include "cpab/io/http_server.h"

namespace cpab {

/// What the request and the connection say about the form of the answer.
struct ResponseForm {
  bool http_1_0 = false;
  bool keep_alive = true;
  bool head_request = false;  ///< answered without a body
};

/// Whether the answer has a body on the wire: not for HEAD, 1xx, 204 and 304.
bool has_body(const ServerResponse& response, const ResponseForm& form);

/// Whether the body is sent in chunks: a stream, and the client knows chunks.
bool is_chunked(const ServerResponse& response, const ResponseForm& form);

/// Status line and headers, up to and including the empty line. `Date`, `Content-Length`,
/// `Transfer-Encoding` and `Connection` are ours; line breaks inside the values of other headers
/// become spaces.
std::string response_head(const ServerResponse& response, const ResponseForm& form);

/// The whole answer to a request that cannot be served, closing the connection. `text` follows
/// the status code in the status line and in the body, as `400 Bad Request`.
std::string refusal(int status, const std::string& text);

}  // namespace cpab
