#include <catch2/catch.hpp>

#include "cpab/io/answer_framing.h"

using namespace cpab;

namespace {

AnswerFraming framing(const HttpHeaders& headers, const std::string& method = "GET",
                      int status = 200) {
  return answer_framing(method, status, false, headers);
}

std::string refusal(const HttpHeaders& headers, bool http_1_0 = false) {
  try {
    answer_framing("GET", 200, http_1_0, headers);
  } catch (const FramingError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("answer_framing: chunks, then a length, then the end of the connection", "[io]") {
  CHECK(framing({}) == AnswerFraming{BodyEnd::close});
  CHECK(framing({{"content-length", "18"}}) == AnswerFraming{BodyEnd::length, 18});
  CHECK(framing({{"Content-Length", "0"}}) == AnswerFraming{BodyEnd::length, 0});
  CHECK(framing({{"Content-Length", "5"}, {"Content-Length", "05"}}) ==
        AnswerFraming{BodyEnd::length, 5});
  CHECK(framing({{"Content-Length", "9223372036854775807"}}).end == BodyEnd::length);
  CHECK(framing({{"Transfer-Encoding", "Chunked"}}) == AnswerFraming{BodyEnd::last_chunk});
  CHECK(framing({{"Content-Length", "5"}, {"Transfer-Encoding", "chunked"}}) ==
        AnswerFraming{BodyEnd::last_chunk});
}

TEST_CASE("answer_framing: some answers have no body, whatever they announce", "[io]") {
  const HttpHeaders headers = {{"Content-Length", "5"}};

  CHECK(framing(headers, "HEAD") == AnswerFraming{BodyEnd::none});
  CHECK(framing(headers, "GET", 204) == AnswerFraming{BodyEnd::none});
  CHECK(framing(headers, "GET", 304) == AnswerFraming{BodyEnd::none});
  CHECK(framing(headers, "POST", 205) == AnswerFraming{BodyEnd::length, 5});
}

TEST_CASE("answer_framing: what is no length is refused", "[io]") {
  for (const char* value : {"", "-1", "+5", "5 5", "5, 5", "0x5", "5.0", "five",
                            "9223372036854775808", "18446744073709551617"}) {
    INFO(value);
    CHECK(refusal({{"Content-Length", value}}) ==
          "malformed answer: Content-Length '" + std::string(value) + "' is not a length");
  }
  CHECK(refusal({{"Content-Length", "1"}, {"content-length", "18"}}) ==
        "malformed answer: content-length '18' follows another one");
  CHECK(refusal({{"Content-Length ", "1"}}) ==
        "malformed answer: header 'Content-Length ' has a blank in its name");
}

TEST_CASE("answer_framing: transfer encodings that nobody asked for are refused", "[io]") {
  for (const char* value : {"gzip, chunked", "identity", "chunked, chunked", "xchunked", ""}) {
    INFO(value);
    CHECK(refusal({{"Transfer-Encoding", value}}) ==
          "malformed answer: Transfer-Encoding '" + std::string(value) + "' was not asked for");
  }
  CHECK(refusal({{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}}) ==
        "malformed answer: Transfer-Encoding 'chunked' was not asked for");
  CHECK(refusal({{"Transfer-Encoding", "chunked"}}, true) ==
        "malformed answer: Transfer-Encoding 'chunked' is not part of HTTP/1.0");
}
