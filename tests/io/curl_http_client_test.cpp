#include <catch2/catch.hpp>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "cpab/io/curl_http_client.h"
#include "cpab/io/http_redirect.h"
#include "cpab/io/manual_clock.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/raw_http_server.h"
#include "tests/fakes/test_processes.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.budget.deadline = std::chrono::steady_clock::now() + 10s;
  return request;
}

struct Fixture {
  SystemClock clock;
  CurlHttpClient client{{}, clock};

  HttpFailure failure(const HttpRequest& request) {
    try {
      client.send(request);
    } catch (const HttpError& error) {
      message = error.what();
      url = error.url;
      return error.failure;
    }
    FAIL("an answer came");
    return HttpFailure::other;
  }

  std::string message;
  std::string url;
};

// Answers with the request it got.
RawHttpServer::Serve echo() {
  return RawHttpServer::answering(
      [](const std::string& request) { return raw_answer(200, request); });
}

// Sends this text for each request, then closes the connection.
RawHttpServer::Serve say(const std::string& text) {
  return [text](RawConnection& connection) {
    connection.read_request();
    connection.send(text);
  };
}

// Sends this text, then nothing until the client gives up.
RawHttpServer::Serve say_and_stall(const std::string& text) {
  return [text](RawConnection& connection) {
    connection.read_request();
    connection.send(text);
    connection.wait_for_close();
  };
}

}  // namespace

TEST_CASE_METHOD(Fixture, "http client: a GET is plain and complete", "[io]") {
  const RawHttpServer server(echo());

  const HttpResponse response = client.send(get(server.url("/a/../b%20c?x=1&y=/?")));

  CHECK(response.status == 200);
  CHECK(response.body == "GET /a/../b%20c?x=1&y=/? HTTP/1.1\r\nHost: " + server.host() +
                             "\r\nAccept-Encoding: gzip\r\n\r\n");
  CHECK(header(response.headers, "content-length") == std::to_string(response.body.size()));
}

TEST_CASE_METHOD(Fixture, "http client: any method can carry a body, and headers are exact",
                 "[io]") {
  const RawHttpServer server(echo());

  for (const char* method : {"GET", "POST", "PATCH", "DELETE", "post", "FOO"}) {
    HttpRequest request = get(server.url());
    request.method = method;
    request.body = "{}";
    request.headers = {{"X-Empty", ""}, {"X-Two", "a"}, {"X-Two", "b"}, {"User-Agent", "me/1"}};

    CHECK(client.send(request).body ==
          std::string(method) + " / HTTP/1.1\r\nHost: " + server.host() +
              "\r\nAccept-Encoding: gzip\r\nX-Empty:\r\nX-Two: a\r\nX-Two: b\r\nUser-Agent: me/1"
              "\r\nContent-Length: 2\r\n\r\n{}");
  }
}

TEST_CASE_METHOD(Fixture, "http client: what may have a body has a length, else there is none",
                 "[io]") {
  const RawHttpServer server(echo());
  const std::string no_length = "Content-Length: 0\r\n";
  HttpRequest request = get(server.url());

  for (const char* method : {"POST", "PUT", "PATCH"}) {
    request.method = method;
    CHECK(client.send(request).body.find(no_length) != std::string::npos);
  }
  for (const char* method : {"GET", "DELETE"}) {
    request.method = method;
    CHECK(client.send(request).body.find("Content-Length") == std::string::npos);
  }
  request.body = "";
  CHECK(client.send(request).body.find(no_length) != std::string::npos);
}

TEST_CASE_METHOD(Fixture, "http client: a large body is sent without waiting to be asked", "[io]") {
  const RawHttpServer server(echo());
  HttpRequest request = get(server.url());
  request.method = "POST";
  request.body = std::string(3u << 20, 'x');

  const HttpResponse response = client.send(request);

  CHECK(response.body.find("Expect") == std::string::npos);
  CHECK(response.body.ends_with("\r\n\r\n" + *request.body));
}

TEST_CASE_METHOD(Fixture, "http client: HEAD has no body, and the connection goes on", "[io]") {
  std::vector<std::string> seen;
  const RawHttpServer server(
      RawHttpServer::answering([&](const std::string& request) -> std::string {
        seen.push_back(request.substr(0, request.find(' ')));
        if (request.starts_with("HEAD")) return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n";
        return raw_answer(200, "12345");
      }));
  HttpRequest head = get(server.url());
  head.method = "HEAD";

  CHECK(client.send(head).body.empty());
  head.body = "{}";
  CHECK(client.send(head).body.empty());
  CHECK(client.send(get(server.url())).body == "12345");
  CHECK(seen == std::vector<std::string>{"HEAD", "HEAD", "GET"});
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "http client: any status is an answer", "[io]") {
  const RawHttpServer server(RawHttpServer::answering([](const std::string&) {
    return raw_answer(503, "busy", "Retry-After: 7\r\nLocation: /x\r\n");
  }));

  const HttpResponse response = client.send(get(server.url()));

  CHECK(response.status == 503);
  CHECK(response.body == "busy");
  CHECK(header(response.headers, "RETRY-AFTER") == "7");
}

TEST_CASE_METHOD(Fixture, "http client: chunks, interim answers and trailers are understood",
                 "[io]") {
  const RawHttpServer server(
      say("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
          "3\r\nabc\r\n2\r\nde\r\n0\r\nX-Trailer: 1\r\n\r\n"));

  const HttpResponse response = client.send(get(server.url()));

  CHECK(response.body == "abcde");
  CHECK(response.headers == HttpHeaders{{"Transfer-Encoding", "chunked"}});
}

TEST_CASE_METHOD(Fixture, "http client: a body may end with the connection", "[io]") {
  const RawHttpServer server(say("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nto the end"));

  CHECK(client.send(get(server.url())).body == "to the end");
}

TEST_CASE_METHOD(Fixture, "http client: gzip is decoded unless the caller asks for an encoding",
                 "[io]") {
  const std::string gzip(
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x2b\x4f\x2c\x56\x48\xaf\xca\x2c\x00\x00\x34\xd3"
      "\xac\xb9\x08\x00\x00\x00",
      28);
  const RawHttpServer server(RawHttpServer::answering(
      [&](const std::string&) { return raw_answer(200, gzip, "Content-Encoding: gzip\r\n"); }));
  HttpRequest own = get(server.url());
  own.headers = {{"Accept-Encoding", "gzip"}};

  CHECK(client.send(get(server.url())).body == "was gzip");
  CHECK(client.send(own).body == gzip);
  CHECK(client.send(get(server.url())).body == "was gzip");
}

TEST_CASE_METHOD(Fixture, "http client: requests one after the other share a connection", "[io]") {
  const RawHttpServer server(echo());
  client.send(get(server.url()));
  const int before = open_descriptors();

  for (int i = 0; i < 200; ++i) client.send(get(server.url()));

  CHECK(server.connections() == 1);
  CHECK(open_descriptors() == before);
}

TEST_CASE_METHOD(Fixture, "http client: a connection that the server closed meanwhile is replaced",
                 "[io]") {
  const RawHttpServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send(raw_answer(200, "one"));  // and then it is closed without a word
  });

  for (int i = 0; i < 20; ++i) CHECK(client.send(get(server.url())).body == "one");

  CHECK(server.connections() == 20);
}

TEST_CASE_METHOD(Fixture, "http client: a request that was sent twice says so", "[io]") {
  const RawHttpServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send(raw_answer(200, "one"));
    connection.read_request();  // the next one is heard and not answered
  });

  CHECK_FALSE(client.send(get(server.url())).resent);
  CHECK(client.send(get(server.url())).resent);
  CHECK(client.send(get(server.url())).resent);
  CHECK(server.connections() == 3);
}

TEST_CASE_METHOD(Fixture, "http client: a new connection closed without an answer is a failure",
                 "[io]") {
  const RawHttpServer server(say(""));

  CHECK(failure(get(server.url("/close?secret=1"))) == HttpFailure::closed);
  CHECK(message == "EOF");
  CHECK(url == server.url("/close?..."));
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "http client: sixteen callers at once get their own answers", "[io]") {
  const RawHttpServer server(echo());
  std::vector<std::string> bodies(16);
  {
    std::vector<std::jthread> threads;
    for (std::size_t i = 0; i < bodies.size(); ++i) {
      threads.emplace_back([&, i] {
        for (int k = 0; k < 20; ++k) {
          bodies[i] = client.send(get(server.url("/" + std::to_string(i)))).body;
        }
      });
    }
  }

  for (std::size_t i = 0; i < bodies.size(); ++i) {
    CHECK(bodies[i].starts_with("GET /" + std::to_string(i) + " HTTP"));
  }
  CHECK(server.connections() <= 16);
}

TEST_CASE_METHOD(Fixture, "http client: nobody listening is a connect failure", "[io]") {
  std::string dead_host;
  {
    const RawHttpServer server(echo());
    dead_host = server.host();
  }

  CHECK(failure(get("http://" + dead_host + "/x?secret=1")) == HttpFailure::connect);
  CHECK(message == "dial tcp " + dead_host + ": connect: connection refused");
  CHECK(failure(get("http://no-such-host.invalid/x")) == HttpFailure::connect);
}

TEST_CASE_METHOD(Fixture, "http client: a deadline counts until the last byte",
                 "[io][contract-37]") {
  const RawHttpServer silent(say_and_stall(""));
  const RawHttpServer stalls(say_and_stall("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
  HttpRequest request = get(silent.url());
  const auto start = clock.now();

  request.budget.deadline = clock.now() + 80ms;
  CHECK(failure(request) == HttpFailure::timeout);
  CHECK(message == "context deadline exceeded");
  request.url = stalls.url();
  request.budget.deadline = clock.now() + 80ms;
  CHECK(failure(request) == HttpFailure::body_timeout);
  CHECK(message == "context deadline exceeded");
  CHECK(clock.now() - start < 5s);
}

TEST_CASE_METHOD(Fixture, "http client: dripping bytes do not extend the deadline", "[io]") {
  const RawHttpServer server([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n");
    while (connection.send("x")) std::this_thread::sleep_for(5ms);
  });
  HttpRequest request = get(server.url());
  request.budget.deadline = clock.now() + 100ms;

  CHECK(failure(request) == HttpFailure::body_timeout);
}

TEST_CASE("http client: the deadline is that of the clock it was given", "[io]") {
  ManualClock clock;
  CurlHttpClient client({}, clock);
  const RawHttpServer server(echo());
  HttpRequest request;
  request.url = server.url();

  request.budget.deadline = clock.now() + 10s;
  CHECK(client.send(request).status == 200);
  clock.advance(10s);
  CHECK_THROWS_AS(client.send(request), HttpError);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "http client: a stop ends a request at once", "[io]") {
  std::stop_source source;
  const RawHttpServer server([&](RawConnection& connection) {
    connection.read_request();
    source.request_stop();
    connection.wait_for_close();
  });
  HttpRequest request = get(server.url());
  request.budget.deadline = TimePoint::max();
  request.budget.stop = source.get_token();

  CHECK(failure(request) == HttpFailure::stopped);
  CHECK(failure(request) == HttpFailure::stopped);
  CHECK(server.connections() == 1);
}

TEST_CASE_METHOD(Fixture, "http client: an answer that breaks off is told from a short one",
                 "[io]") {
  const RawHttpServer in_body(say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc"));
  const RawHttpServer in_chunks(
      say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc"));
  const RawHttpServer in_head(say("HTTP/1.1 200 OK\r\nContent-"));
  const RawHttpServer garbage(say("garbage\r\n\r\n"));

  CHECK(failure(get(in_body.url())) == HttpFailure::truncated);
  CHECK(message == "unexpected EOF");
  CHECK(failure(get(in_chunks.url())) == HttpFailure::truncated);
  CHECK(failure(get(in_head.url())) == HttpFailure::truncated);
  CHECK(message == "unexpected EOF");
  CHECK(failure(get(garbage.url())) == HttpFailure::other);
}

TEST_CASE_METHOD(Fixture, "http client: a longer answer than allowed is refused", "[io]") {
  const RawHttpServer server(RawHttpServer::answering([](const std::string& request) {
    return raw_answer(200, std::string(request.starts_with("GET /101") ? 101 : 100, 'x'));
  }));
  const RawHttpServer endless([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\n");
    while (connection.send("X-Filler: " + std::string(10'000, 'x') + "\r\n")) {
    }
  });
  HttpRequest request = get(server.url("/100"));
  request.max_response_bytes = 100;

  CHECK(client.send(request).body.size() == 100);
  request.url = server.url("/101");
  CHECK(failure(request) == HttpFailure::too_large);
  CHECK(message == "the answer is longer than 100 bytes");
  CHECK(failure(get(endless.url())) == HttpFailure::too_large);
  CHECK(message == "the head of the answer is longer than 262144 bytes");
  const RawHttpServer endless_line([](RawConnection& connection) {
    connection.read_request();
    connection.send("HTTP/1.1 200 OK\r\nX-Filler: ");
    while (connection.send(std::string(10'000, 'x'))) {
    }
  });
  CHECK(failure(get(endless_line.url())) == HttpFailure::too_large);
  CHECK(message == "the head of the answer has a line that is too long");
}

TEST_CASE_METHOD(Fixture, "http client: nothing can be smuggled into a request", "[io]") {
  const RawHttpServer server(echo());
  HttpRequest header_break = get(server.url());
  header_break.headers = {{"X", "a\r\nHost: evil"}};
  HttpRequest method_break = get(server.url());
  method_break.method = "GET / HTTP/1.1\r\nX: y\r\n\r\n";

  CHECK(failure(header_break) == HttpFailure::other);
  CHECK(failure(method_break) == HttpFailure::other);
  CHECK(failure(get("file:///etc/passwd")) == HttpFailure::other);
  CHECK(server.connections() == 0);
}

TEST_CASE("http client: a user agent of its own", "[io]") {
  SystemClock clock;
  HttpClientOptions options;
  options.user_agent = "cpab/test";
  CurlHttpClient client(options, clock);
  const RawHttpServer server(echo());

  CHECK(client.send(get(server.url())).body.find("User-Agent: cpab/test\r\n") != std::string::npos);
}

TEST_CASE("http client: proxies of the environment are used only when wanted", "[io]") {
  const RawHttpServer proxy(echo());
  ::setenv("HTTP_PROXY", ("http://" + proxy.host()).c_str(), 1);
  SystemClock clock;
  HttpClientOptions options;
  options.use_proxy_environment = true;
  CurlHttpClient through(options, clock);
  CurlHttpClient direct({}, clock);
  ::unsetenv("HTTP_PROXY");

  CHECK(through.send(get("http://somewhere.invalid/x"))
            .body.starts_with("GET http://somewhere.invalid/x HTTP/1.1\r\n"));
  const RawHttpServer local(echo());
  CHECK(through.send(get(local.url())).body.starts_with("GET / HTTP/1.1\r\n"));
  CHECK_THROWS_AS(direct.send(get("http://somewhere.invalid/x")), HttpError);
}

// ---- redirects

TEST_CASE("http client: redirects are answers unless they are to be followed", "[io]") {
  SystemClock clock;
  CurlHttpClient client({}, clock);
  const RawHttpServer server(RawHttpServer::answering(
      [](const std::string&) { return raw_answer(302, "", "Location: /target\r\n"); }));

  CHECK(client.send(get(server.url())).status == 302);
}

TEST_CASE("http client: follows redirects as GET without the body", "[io][contract-40]") {
  SystemClock clock;
  HttpClientOptions options;
  options.follow_redirects = true;
  CurlHttpClient client(options, clock);
  const RawHttpServer server(RawHttpServer::answering([](const std::string& request) {
    if (request.find(" /target ") != std::string::npos) return raw_answer(200, request);
    return raw_answer(302, "", "Location: /target\r\n");
  }));
  HttpRequest request = get(server.url("/start?value=1"));
  request.method = "POST";
  request.body = "{}";
  request.headers = {{"Content-Type", "application/json"}, {"X-Kept", "1"}};

  CHECK(client.send(request).body == "GET /target HTTP/1.1\r\nHost: " + server.host() +
                                         "\r\nAccept-Encoding: gzip\r\nX-Kept: 1\r\n\r\n");
}

TEST_CASE("http client: gives up at the tenth redirect", "[io][contract-40]") {
  SystemClock clock;
  HttpClientOptions options;
  options.follow_redirects = true;
  CurlHttpClient client(options, clock);
  int asked = 0;
  const RawHttpServer server(RawHttpServer::answering([&](const std::string&) {
    ++asked;
    return raw_answer(302, "", "Location: /loop?secret=1\r\n");
  }));

  try {
    client.send(get(server.url()));
    FAIL("an answer came");
  } catch (const HttpError& error) {
    CHECK(error.failure == HttpFailure::redirects);
    CHECK(std::string(error.what()) == "stopped after 10 redirects");
    CHECK(error.url == server.url("/loop?..."));
  }
  CHECK(asked == 10);
}

TEST_CASE("redirected_request: which answers are followed", "[io][contract-40]") {
  HttpRequest without_body = get("http://a/x");
  without_body.method = "PUT";
  HttpRequest with_body = without_body;
  with_body.body = "{}";
  HttpRequest head = get("http://a/x");
  head.method = "HEAD";
  const auto method_of = [](const HttpRequest& request, int status, const char* target) {
    const auto next = redirected_request(request, status, target);
    return next ? next->method + (next->body ? " with body" : "") : "none";
  };

  for (const int status : {301, 302, 303}) {
    CHECK(method_of(with_body, status, "http://a/y") == "GET");
    CHECK(method_of(without_body, status, "http://a/y") == "GET");
    CHECK(method_of(head, status, "http://a/y") == "HEAD");
    CHECK(method_of(with_body, status, "") == "none");
  }
  for (const int status : {307, 308}) {
    CHECK(method_of(with_body, status, "http://a/y") == "none");
    CHECK(method_of(without_body, status, "http://a/y") == "PUT");
  }
  for (const int status : {200, 300, 304, 305, 400, 500}) {
    CHECK(method_of(without_body, status, "http://a/y") == "none");
  }
}

TEST_CASE("redirected_request: credentials stay where they belong", "[io]") {
  HttpRequest request = get("https://a:1/x");
  request.headers = {{"authorization", "Basic x"},
                     {"Cookie", "c"},
                     {"X-Api-Key", "k"},
                     {"Private-Token", "t"},
                     {"X-Auth", "a"},
                     {"X-Session-Id", "s"},
                     {"X-Secret", "e"},
                     {"X-On-Behalf", "bearer b"},
                     {"X-Other", "o"}};
  const auto headers_at = [&](const char* target) {
    return redirected_request(request, 302, target)->headers;
  };

  CHECK(headers_at("https://a:1/y") == request.headers);
  CHECK(headers_at("https://b:1/y") == HttpHeaders{{"X-Other", "o"}});
  CHECK(headers_at("https://a:2/y") == HttpHeaders{{"X-Other", "o"}});
  CHECK(headers_at("http://a:1/y") == HttpHeaders{{"X-Other", "o"}});
}

TEST_CASE("redacted_url: leaves out whatever may be secret", "[io]") {
  CHECK(redacted_url("http://h:1/p") == "http://h:1/p");
  CHECK(redacted_url("http://h/p?value=1#f") == "http://h/p?...");
  CHECK(redacted_url("http://u:p@h/p@q#f") == "http://***@h/p@q");
  CHECK(redacted_url("http://u:p@@h") == "http://***@h");
  CHECK(redacted_url("") == "");
  CHECK(redacted_url("?x") == "?...");
}
