#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <thread>

#include "cpab/io/curl_http_client.h"
#include "cpab/io/system_clock.h"
#include "tests/fakes/raw_http_server.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

HttpRequest get(const std::string& url) {
  HttpRequest request;
  request.url = url;
  request.budget.deadline = std::chrono::steady_clock::now() + 10s;
  return request;
}

// The path that a request names, as its answer.
std::string own_answer(const std::string& request) {
  const std::size_t start = request.find(' ') + 1;
  return raw_answer(200, request.substr(start, request.find(' ', start) - start));
}

/// Answers each request, and behind the first answer of each connection sends something unasked.
struct Chatterbox {
  std::string unasked;
  bool in_one_piece;            ///< with that answer
  std::atomic<int>& exchanges;  ///< those that are over

  void operator()(RawConnection& connection) const {
    for (bool first = true; const auto request = connection.read_request(); first = false) {
      const std::string behind = first ? unasked : "";
      if (in_one_piece) {
        connection.send(own_answer(*request) + behind);
      } else {
        connection.send(own_answer(*request));
        connection.send(behind);
      }
      ++exchanges;
    }
  }
};

struct Fixture {
  SystemClock clock;
  CurlHttpClient client{{}, clock};
  std::atomic<int> exchanges = 0;

  // What comes to ten requests for /0 to /9, each sent when nothing more of the last one will come.
  std::string ask_ten_times(CurlHttpClient& asked, const std::string& server_url) {
    std::string answers;
    for (int i = 0; i < 10; ++i) {
      const int before = exchanges;
      answers += asked.send(get(server_url + std::to_string(i))).body;
      while (exchanges == before) std::this_thread::yield();
    }
    return answers;
  }
};

constexpr char ten_answers[] = "/0/1/2/3/4/5/6/7/8/9";

}  // namespace

TEST_CASE_METHOD(Fixture, "kept connection: an answer too many is nobody's", "[io]") {
  const std::string chunked =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nbad\r\n0\r\n\r\n";
  const std::string close = "HTTP/1.0 408 Request Time-out\r\nConnection: close\r\n\r\nbad";
  for (const std::string& unasked : {raw_answer(200, "bad"), chunked, close, std::string("b")}) {
    for (const bool at_once : {false, true}) {
      INFO(unasked << at_once);
      const RawHttpServer server(Chatterbox{unasked, at_once, exchanges});

      CHECK(ask_ten_times(client, server.url()) == ten_answers);
    }
  }
}

TEST_CASE_METHOD(Fixture, "kept connection: the same over TLS", "[io]") {
  const TestAuthority authority;
  HttpClientOptions options;
  options.tls.ca_data = authority.certificate();
  CurlHttpClient trusting(options, clock);
  for (const bool at_once : {false, true}) {
    const RawHttpServer server(Chatterbox{raw_answer(200, "bad"), at_once, exchanges},
                               RawTls{authority.issue("IP:127.0.0.1"), ""});

    CHECK(ask_ten_times(trusting, server.url()) == ten_answers);
  }
}

TEST_CASE_METHOD(Fixture, "kept connection: what is behind a long answer in its last TLS record",
                 "[io]") {
  const TestAuthority authority;
  HttpClientOptions options;
  options.tls.ca_data = authority.certificate();
  CurlHttpClient trusting(options, clock);
  // curl reads no more of a body than it announced: OpenSSL keeps the rest of the record.
  const RawHttpServer server(
      [](RawConnection& connection) {
        for (bool first = true; const auto request = connection.read_request(); first = false) {
          if (!first) {
            connection.send(own_answer(*request));
            continue;
          }
          connection.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
          connection.send("12345" + raw_answer(200, "bad"));
        }
      },
      RawTls{authority.issue("IP:127.0.0.1"), ""});

  CHECK(trusting.send(get(server.url("/0"))).body == "12345");
  CHECK(trusting.send(get(server.url("/1"))).body == "12345");
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(Fixture, "kept connection: a body where there is none is nobody's", "[io]") {
  const RawHttpServer server([](RawConnection& connection) {
    while (const auto request = connection.read_request()) {
      const std::string body = raw_answer(200, "bad");
      if (request->starts_with("HEAD")) {
        connection.send(raw_answer(200, body));
      } else if (request->starts_with("PUT")) {
        connection.send("HTTP/1.1 204 No Content\r\n\r\n" + body);
      } else {
        connection.send(own_answer(*request));
      }
    }
  });
  for (const char* method : {"HEAD", "PUT"}) {
    HttpRequest request = get(server.url());
    request.method = method;

    CHECK(client.send(request).body.empty());
    CHECK(client.send(get(server.url("/own"))).body == "/own");
  }
}

TEST_CASE_METHOD(Fixture, "kept connection: a late answer stays behind with its connection",
                 "[io]") {
  std::promise<void> given_up;
  std::promise<void> sent;
  std::atomic<int> count = 0;
  const RawHttpServer server([&](RawConnection& connection) {
    while (const auto request = connection.read_request()) {
      if (++count == 2) {
        given_up.get_future().wait();
        connection.send(raw_answer(200, "late"));
        sent.set_value();
      } else {
        connection.send(own_answer(*request));
      }
    }
  });
  client.send(get(server.url("/1")));
  HttpRequest request = get(server.url("/2"));
  request.budget.deadline = clock.now() + 50ms;
  CHECK_THROWS_AS(client.send(request), HttpError);
  given_up.set_value();
  sent.get_future().wait();

  CHECK(client.send(get(server.url("/3"))).body == "/3");
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(Fixture, "kept connection: a server that gives it up is asked on a new one",
                 "[io]") {
  // It is not waited for the end of that answer.
  const std::string timed_out = "HTTP/1.1 408 Request Time-out\r\nConnection: close\r\n\r\n";
  const RawHttpServer server([&](RawConnection& connection) {
    if (const auto request = connection.read_request()) connection.send(own_answer(*request));
    if (connection.read_request()) connection.send(timed_out);
    connection.wait_for_close();
  });

  CHECK_FALSE(client.send(get(server.url("/1"))).resent);
  const HttpResponse second = client.send(get(server.url("/2")));
  CHECK(second.status == 200);
  CHECK(second.body == "/2");
  CHECK(second.resent);
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(Fixture, "kept connection: a 408 on a new one is the answer", "[io]") {
  const RawHttpServer server(
      RawHttpServer::answering([](const std::string&) { return raw_answer(408, "slow"); }));

  CHECK(client.send(get(server.url())).status == 408);
  CHECK(server.connections() == 1);
  CHECK(client.send(get(server.url())).status == 408);
  CHECK(server.connections() == 2);
}

TEST_CASE_METHOD(Fixture, "kept connection: one with input is not used, so nothing was sent twice",
                 "[io]") {
  const RawHttpServer server(Chatterbox{"HTTP/1.0 408 Request Time-out\r\n\r\n", false, exchanges});

  for (int i = 1; i <= 5; ++i) {
    CHECK_FALSE(client.send(get(server.url())).resent);
    while (exchanges < i) std::this_thread::yield();
  }
  CHECK(server.connections() == 5);
}

TEST_CASE_METHOD(Fixture, "kept connection: a second try does not extend the deadline", "[io]") {
  std::atomic<int> requests = 0;
  const RawHttpServer server([&](RawConnection& connection) {
    while (const auto request = connection.read_request()) {
      switch (++requests) {
        case 1:
          connection.send(own_answer(*request));
          break;
        case 2:
          std::this_thread::sleep_for(500ms);
          return;
        default:
          connection.wait_for_close();
          return;
      }
    }
  });
  client.send(get(server.url("/1")));
  HttpRequest request = get(server.url("/2"));
  const auto start = clock.now();
  request.budget.deadline = start + 600ms;

  CHECK_THROWS_AS(client.send(request), HttpError);
  CHECK(requests == 3);
  CHECK(clock.now() - start < 1s);
}
