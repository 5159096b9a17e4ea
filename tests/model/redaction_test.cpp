#include "cpab/model/redaction.h"

#include <catch2/catch.hpp>

using namespace cpab;

TEST_CASE("Redaction: takes known secrets out of any text", "[model]") {
  const Redaction redacted({{"s3cr3t", true}, {"s3cr3t-and-more", true}});
  CHECK(redacted("a s3cr3t, s3cr3t-and-more") == "a ***, ***");
  CHECK(redacted("") == "");
  CHECK(Redaction()("s3cr3t") == "s3cr3t");
}

TEST_CASE("Redaction: in the forms in which secrets are written", "[model]") {
  const Redaction redacted({{"p\"w d/1", true}});
  CHECK(redacted("p\"w d/1") == "***");
  CHECK(redacted(R"({"password":"p\"w d/1"})") == R"({"password":"***"})");
  CHECK(redacted("?k=p%22w%20d%2F1&l=p%22w+d%2F1") == "?k=***&l=***");
}

TEST_CASE("Redaction: a secret that was given encoded is found as it is sent", "[model]") {
  CHECK(Redaction({{"pass%20word", true}})("pass word") == "***");
}

TEST_CASE("Redaction: the credentials of a header are found without their scheme", "[model]") {
  const Redaction bearer({{"Bearer abcdef", true}});
  CHECK(bearer("got Bearer abcdef or abcdef") == "got *** or ***");
  const Redaction basic({{"Basic bWU6cGFzc3dk", true}});  // me:passwd
  CHECK(basic("bWU6cGFzc3dk me:passwd passwd") == "*** *** ***");
}

TEST_CASE("Redaction: user information is found in the header Authorization", "[model]") {
  CHECK(Redaction({{"me:passwd", true}})("Basic bWU6cGFzc3dk") == "Basic ***");
  CHECK(Redaction({{"abcdef", true}})("Basic YWJjZGVmOg==") == "Basic ***");
}

TEST_CASE("Redaction: finds what is left of a secret where a text was cut", "[model]") {
  const Redaction redacted({{"0123456789ab", true}});
  CHECK(redacted("456789ab, then 01234567") == "***, then ***");
  CHECK(redacted("got '0123456789... (99 bytes)'") == "got '***... (99 bytes)'");
  CHECK(redacted("a...23456789ab\n") == "a...***\n");
  CHECK(redacted("56789ab, 0123456... 1...") == "56789ab, 0123456... 1...");
  CHECK(redacted("a 456789ab b") == "a 456789ab b");
}

TEST_CASE("Redaction: leaves alone what is short, and what only may be a secret", "[model]") {
  const Redaction redacted({{"five5", true}, {"production", false}, {"tenant-42", false}});
  CHECK(redacted("five5 production tenant-42") == "five5 production ***");
}
