#pragma once

#include <cstdint>
#include <stdexcept>
#include <string_view>

#include "cpab/io/http_client.h"

namespace cpab {

/// How one tells where the body of an answer ends.
enum class BodyEnd {
  none,        ///< there is no body
  length,      ///< after as many bytes as `Content-Length` says
  last_chunk,  ///< `Transfer-Encoding: chunked`
  close,       ///< with the connection
};

struct AnswerFraming {
  BodyEnd end = BodyEnd::close;
  std::uint64_t length = 0;  ///< only for BodyEnd::length

  friend bool operator==(const AnswerFraming&, const AnswerFraming&) = default;
};

/// One cannot tell, or two readers might tell differently.
struct FramingError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Whether an answer with `status` to a request of `method` never has a body, whatever its head
/// says.
bool never_has_body(std::string_view method, int status);

/// What RFC 9112, section 6.3, says about the body of a final answer with this head to a request of
/// `method`. `http_1_0`: the answer is of that version. Throws FramingError.
AnswerFraming answer_framing(std::string_view method, int status, bool http_1_0,
                             const HttpHeaders& headers);

}  // namespace cpab
