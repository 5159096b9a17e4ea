#include <catch2/catch.hpp>
#include <chrono>

#include "cpab/io/curl_http_client.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/gzip_bytes.h"
#include "tests/fakes/raw_http_server.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

// Sends this text for each request, then closes the connection.
RawHttpServer::Serve say(const std::string& text) {
  return [text](RawConnection& connection) {
    connection.read_request();
    connection.send(text);
  };
}

// As say(), with TLS's own goodbye.
RawHttpServer::Serve say_and_goodbye(const std::string& text) {
  return [text](RawConnection& connection) {
    connection.read_request();
    connection.send(text);
    connection.say_goodbye();
  };
}

struct Fixture {
  SystemClock clock;
  HttpClientOptions options;
  TestAuthority authority;

  static HttpRequest get(const std::string& url) {
    HttpRequest request;
    request.url = url;
    request.budget.deadline = std::chrono::steady_clock::now() + 10s;
    return request;
  }

  // `status body`, or `failed: why`.
  std::string outcome(const HttpRequest& request) const {
    CurlHttpClient client(options, clock);
    try {
      const HttpResponse response = client.send(request);
      return std::to_string(response.status) + ' ' + response.body;
    } catch (const HttpError& error) {
      return error.failure == HttpFailure::truncated ? "failed: cut"
                                                     : "failed: " + std::string(error.what());
    }
  }

  std::string outcome(const RawHttpServer::Serve& serve) const {
    const RawHttpServer server(serve);
    return outcome(get(server.url()));
  }

  std::string outcome_of(const std::string& head, const std::string& body) const {
    return outcome(say(head + "\r\n\r\n" + body));
  }

  // Of an answer with this header.
  std::string outcome_with(const std::string& header, const std::string& body) const {
    return outcome_of("HTTP/1.1 200 OK\r\n" + header, body);
  }

  std::string outcome_over_tls(const RawHttpServer::Serve& serve) {
    const RawHttpServer server(serve, RawTls{authority.issue("IP:127.0.0.1"), ""});
    options.tls.ca_data = authority.certificate();
    return outcome(get(server.url()));
  }
};

}  // namespace

TEST_CASE_METHOD(Fixture, "http answer: one with a length is whole when it has come", "[io]") {
  CHECK(outcome_with("Content-Length: 2", "18") == "200 18");
  CHECK(outcome_with("Content-Length: 2", "1") == "failed: cut");
  CHECK(outcome_with("Content-Length: 2", "") == "failed: cut");
  CHECK(outcome_with("Content-Length: 2\r\nContent-Length: 2", "18") == "200 18");
  CHECK(outcome_with("Content-Length: 1\r\nContent-Length: 2", "18") ==
        "failed: malformed answer: Content-Length '2' follows another one");
  CHECK(outcome_with("Content-Length: 9223372036854775807", "1") == "failed: cut");
  for (const char* length :
       {"9223372036854775808", "99999999999999999999999", "-1", "1, 18", "+2", ""}) {
    INFO(length);
    CHECK_THAT(outcome_with("Content-Length: " + std::string(length), "18"),
               Catch::StartsWith("failed: "));
  }
}

TEST_CASE_METHOD(Fixture, "http answer: one in chunks is whole with the last of them", "[io]") {
  const std::string chunked = "Transfer-Encoding: chunked";
  const std::string whole = "1\r\n1\r\n1;x=y\r\n8\r\n0\r\nX-Trailer: 1\r\n\r\n";

  CHECK(outcome_with(chunked, whole) == "200 18");
  CHECK(outcome_with(chunked + "\r\nContent-Length: 1", whole) == "200 18");
  for (std::size_t size = 0; size + 1 < whole.size(); ++size) {  // curl can do without the last \n
    INFO(whole.substr(0, size));
    CHECK(outcome_with(chunked, whole.substr(0, size)) == "failed: cut");
  }
  CHECK_THAT(outcome_with("Transfer-Encoding: gzip, chunked", whole),
             Catch::EndsWith("'gzip, chunked' was not asked for"));
  CHECK_THAT(outcome_with("Transfer-Encoding: identity", "18"),
             Catch::EndsWith("'identity' was not asked for"));
  CHECK_THAT(outcome_of("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked", whole),
             Catch::EndsWith("is not part of HTTP/1.0"));
}

TEST_CASE_METHOD(Fixture, "http answer: one without length ends with its connection", "[io]") {
  CHECK(outcome_with("X: y", "18") == "200 18");
  CHECK(outcome_of("HTTP/1.0 200 OK\r\nX: y", "18") == "200 18");
}

TEST_CASE_METHOD(Fixture, "http answer: over TLS only the server can end one without length",
                 "[io]") {
  const std::string head = "HTTP/1.1 200 OK\r\n";
  const std::string no_length = head + "\r\n1";
  const std::string with_length = head + "Content-Length: 2\r\n\r\n1";
  const std::string in_chunks = head + "Transfer-Encoding: chunked\r\n\r\n1\r\n1\r\n";

  CHECK(outcome_over_tls(say(no_length)) == "failed: cut");
  CHECK(outcome_over_tls(say_and_goodbye(no_length)) == "200 1");
  CHECK(outcome_over_tls(say(with_length)) == "failed: cut");
  CHECK(outcome_over_tls(say_and_goodbye(with_length)) == "failed: cut");
  CHECK(outcome_over_tls(say(with_length + "8")) == "200 18");
  CHECK(outcome_over_tls(say(in_chunks)) == "failed: cut");
  CHECK(outcome_over_tls(say_and_goodbye(in_chunks)) == "failed: cut");
  CHECK(outcome_over_tls(say(in_chunks + "0\r\n\r\n")) == "200 1");
}

TEST_CASE_METHOD(Fixture, "http answer: what has no body needs none", "[io]") {
  CHECK(outcome_of("HTTP/1.1 204 No Content\r\nContent-Length: 2", "") == "204 ");
  CHECK(outcome_of("HTTP/1.1 204 No Content\r\nContent-Encoding: gzip", "18") == "204 ");
  CHECK(outcome_of("HTTP/1.1 304 Not Modified\r\nContent-Length: 2", "18") == "304 ");
}

TEST_CASE_METHOD(Fixture, "http answer: a part or another protocol is none", "[io]") {
  const std::string part = "HTTP/1.1 206 Partial Content\r\nContent-Length: 1";
  CHECK(outcome_of(part, "1") ==
        "failed: malformed answer: a part of the content (206), which was not asked for");
  CHECK(outcome_of("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x", "18") ==
        "failed: malformed answer: another protocol (101), which was not asked for");

  const RawHttpServer server(say(part + "\r\n\r\n1"));
  HttpRequest asks_for_part = get(server.url());
  asks_for_part.headers = {{"Range", "bytes=0-0"}};
  CHECK(outcome(asks_for_part) == "206 1");
}

TEST_CASE_METHOD(Fixture, "http answer: gzip that ends early is none", "[io]") {
  const std::string whole = gzip_bytes("18");
  const auto gzipped = [&](const std::string& body, const std::string& encoding = "gzip") {
    return outcome_with(
        "Content-Encoding: " + encoding + "\r\nContent-Length: " + std::to_string(body.size()),
        body);
  };

  CHECK(gzipped(whole) == "200 18");
  CHECK(gzipped(whole, "X-GZip") == "200 18");
  CHECK(gzipped("18", "identity") == "200 18");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    INFO(size);
    CHECK(gzipped(whole.substr(0, size)) == "failed: cut");
    CHECK(outcome_with("Content-Encoding: gzip", whole.substr(0, size)) == "failed: cut");
  }
  CHECK(gzipped("18 in plain text") == "failed: gzip: invalid header");
  CHECK(gzipped(whole + "18") == "failed: gzip: invalid header");
  for (const char* encoding : {"br", "deflate", "zstd", "gzip, gzip", "unheard-of"}) {
    CHECK(gzipped(whole, encoding) == "failed: malformed answer: Content-Encoding '" +
                                          std::string(encoding) + "' was not asked for");
  }
}

TEST_CASE_METHOD(Fixture, "http answer: what gzip unfolds to has the same limit", "[io]") {
  const RawHttpServer server(RawHttpServer::answering([](const std::string&) {
    return raw_answer(200, gzip_bytes(std::string(60'000, 'x')), "Content-Encoding: gzip\r\n");
  }));
  HttpRequest request = get(server.url());

  request.max_response_bytes = 70'000;
  CHECK(outcome(request).size() == 4 + 60'000);
  CurlHttpClient client(options, clock);
  request.max_response_bytes = 60'100;  // room for the compressed form
  CHECK(client.send(request).body.size() == 60'000);
  request.max_response_bytes = 59'999;
  CHECK(outcome(request) == "failed: the answer is longer than 59999 bytes");
}

TEST_CASE_METHOD(Fixture, "http answer: the body of a redirect does not matter", "[io]") {
  options.follow_redirects = true;
  const RawHttpServer server(RawHttpServer::answering([](const std::string& request) {
    if (request.starts_with("GET /target ")) return raw_answer(200, "18");
    return raw_answer(302, "", "Content-Encoding: gzip\r\nLocation: /target\r\n");
  }));

  CHECK(outcome(get(server.url())) == "200 18");
}

TEST_CASE_METHOD(Fixture, "https client: a server of plain text is told from a slow one", "[io]") {
  const RawHttpServer plain([](RawConnection& connection) {
    connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    connection.wait_for_close();
  });
  const RawHttpServer waiting([](RawConnection& connection) { connection.wait_for_close(); });
  const auto start = clock.now();

  CHECK(outcome(get("https://" + plain.host())) ==
        "failed: tls: the server answered in plain text; does it speak plain HTTP?");
  HttpRequest request = get("https://" + waiting.host());
  request.budget.deadline = clock.now() + 100ms;
  CHECK(outcome(request) ==
        "failed: context deadline exceeded: no answer to the TLS handshake; does the server speak "
        "plain HTTP?");
  CHECK(clock.now() - start < 5s);
}
