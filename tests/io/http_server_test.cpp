#include "cpab/io/http_server.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <condition_variable>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/fakes/raw_http_client.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

/// `METHOD target|header X|body`: everything a handler can see.
ServerResponse echo(const ServerRequest& request) {
  ServerResponse response;
  response.body = request.method + " " + request.target + "|" +
                  std::string(header(request.headers, "x-test")) + "|" + request.body;
  return response;
}

std::unique_ptr<HttpServer> serve(ServerHandler handler, HttpServerOptions options = {}) {
  return start_http_server(options, std::move(handler));
}

/// No std::regex: its first use fills a cache of the locale that all threads share.
std::string without_date(std::string answer) {
  constexpr std::string_view name = "Date: ";
  for (auto at = answer.find(name); at != answer.npos; at = answer.find(name, at + 1)) {
    const auto value = at + name.size();
    answer.replace(value, answer.find('\r', value) - value, "DATE");
  }
  return answer;
}

/// What comes back when `text` is all that is sent; the date is made `DATE`.
std::string talk(const HttpServer& server, const std::string& text) {
  RawHttpClient client(server.port());
  client.send(text);
  client.finish_sending();
  return without_date(client.read_all());
}

std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n";
}

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "(no answer: " + answer + ")" : answer.substr(end + 4);
}

/// Lets threads meet: wait() returns once open() was called.
class Gate {
 public:
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, 10s, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

template <class Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 2000 && !condition(); ++i) std::this_thread::sleep_for(5ms);
  return condition();
}

/// Long before the deadlines of those who are in the way, also on a busy machine.
constexpr std::chrono::seconds soon_enough{8};

std::chrono::milliseconds time_of(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               start);
}

}  // namespace

TEST_CASE("http server: the handler sees the request, the client the whole answer", "[io]") {
  const auto server = serve([](const ServerRequest& request) {
    auto response = echo(request);
    response.status = 201;
    response.headers = {{"Content-Type", "text/plain"}, {"X-Two", "a\r\nInjected: b"}};
    return response;
  });

  CHECK(
      talk(*server,
           "POST /a/b?c=d%20e HTTP/1.1\r\nHost: x\r\nX-Test: 1\r\nContent-Length: 4\r\n\r\nbody") ==
      "HTTP/1.1 201 Created\r\nContent-Type: text/plain\r\nX-Two: a  Injected: b\r\n"
      "Date: DATE\r\nContent-Length: 24\r\n\r\nPOST /a/b?c=d%20e|1|body");
}

TEST_CASE("http server: path and query of a request are told apart", "[io]") {
  ServerRequest request;
  request.target = "/a/b?c=d?e";
  CHECK(request.path() == "/a/b");
  CHECK(request.query() == "c=d?e");

  request.target = "/a";
  CHECK(request.path() == "/a");
  CHECK(request.query() == "");
}

TEST_CASE("http server: verbs and targets of every form reach the handler", "[io]") {
  const auto server = serve(echo);

  CHECK(body_of(talk(*server, "BREW /pot HTTP/1.1\r\nHost: x\r\n\r\n")) == "BREW /pot||");
  CHECK(body_of(talk(*server, "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n")) == "OPTIONS *||");
  CHECK(body_of(talk(*server, "GET http://h:1/a?b HTTP/1.1\r\nHost: x\r\n\r\n")) == "GET /a?b||");
  CHECK(body_of(talk(*server, "GET http://h HTTP/1.1\r\nHost: x\r\n\r\n")) == "GET /||");
}

TEST_CASE("http server: a chunked body is put together", "[io]") {
  const auto server = serve(echo);

  CHECK(body_of(talk(*server,
                     "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                     "3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")) == "POST /||abcde");
}

TEST_CASE("http server: requests sent along are answered in order", "[io]") {
  const auto server = serve([](const ServerRequest& request) {
    if (request.target == "/1") std::this_thread::sleep_for(20ms);
    return echo(request);
  });
  RawHttpClient client(server->port());

  client.send(get("/1") + get("/2") + get("/3"));

  CHECK(body_of(client.read_answer()) == "GET /1||");
  CHECK(body_of(client.read_answer()) == "GET /2||");
  CHECK(body_of(client.read_answer()) == "GET /3||");
}

TEST_CASE("http server: a connection is kept as the client wants it", "[io]") {
  const auto server = serve(echo);
  const auto connection_header = [&](const std::string& request) {
    RawHttpClient client(server->port());
    client.send(request);
    const auto answer = client.read_answer();
    const auto at = answer.find("Connection: ");
    const auto said =
        at == answer.npos ? "-" : answer.substr(at + 12, answer.find('\r', at) - at - 12);
    client.send(get("/again"));
    return answer.substr(0, 9) + said + (client.read_answer().empty() ? ", closed" : ", open");
  };

  CHECK(connection_header(get("/")) == "HTTP/1.1 -, open");
  CHECK(connection_header("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") ==
        "HTTP/1.1 close, closed");
  CHECK(connection_header("GET / HTTP/1.0\r\n\r\n") == "HTTP/1.0 close, closed");
  CHECK(connection_header("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") ==
        "HTTP/1.0 keep-alive, open");
}

TEST_CASE("http server: what is no request is refused, and the connection closed", "[io]") {
  const auto server = serve(echo);
  const auto refusal = [](const std::string& line) {
    return "HTTP/1.1 " + line +
           "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n" + line;
  };

  CHECK(talk(*server, "GARBAGE\r\n\r\n") == refusal("400 Bad Request"));
  CHECK(talk(*server, "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n") == refusal("400 Bad Request"));
  CHECK(talk(*server, "GET /a%2 HTTP/1.1\r\nHost: x\r\n\r\n") == refusal("400 Bad Request"));
  CHECK(talk(*server, "GET / HTTP/1.1\r\nHost: x\r\nbroken\r\n\r\n") == refusal("400 Bad Request"));
  CHECK(talk(*server, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n") ==
        refusal("400 Bad Request"));
  CHECK(talk(*server, "GET / HTTP/1.1\r\n\r\n") ==
        refusal("400 Bad Request: missing required Host header"));
  CHECK(talk(*server, "GET / HTTP/3.0\r\nHost: x\r\n\r\n") ==
        refusal("505 HTTP Version Not Supported: unsupported protocol version"));
  CHECK(body_of(talk(*server, "GET /?q=%zz HTTP/1.1\r\nHost: x\r\n\r\n")) == "GET /?q=%zz||");
}

TEST_CASE("http server: nothing behind a refused request is served", "[io]") {
  std::atomic<int> served{0};
  const auto server = serve([&](const ServerRequest& request) {
    ++served;
    return echo(request);
  });
  const std::string smuggled = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

  for (const char* lines : {"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                            "Content-Length: 4\r\nContent-Length: 40\r\n", "X: a\r\n b\r\n"}) {
    CAPTURE(lines);
    const std::string answer =
        talk(*server, "POST / HTTP/1.1\r\nHost: x\r\n" + std::string(lines) + "\r\n" + smuggled);
    CHECK(answer ==
          "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
          "Connection: close\r\n\r\n400 Bad Request");
  }
  CHECK(served == 0);
}

TEST_CASE("http server: headers and bodies have limits", "[io]") {
  HttpServerOptions options;
  options.max_header_bytes = 1000;
  options.max_body_bytes = 3000;
  const auto server = serve(echo, options);
  const auto status = [&](const std::string& request) {
    return talk(*server, request).substr(9, 3);
  };
  const auto with_header = [](std::size_t length) {
    return "GET / HTTP/1.1\r\nHost: x\r\nX-Test: " + std::string(length, 'a') + "\r\n\r\n";
  };
  const auto with_body = [](std::size_t length) {
    return "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(length) + "\r\n\r\n" +
           std::string(length, 'a');
  };
  const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

  CHECK(status(with_header(900)) == "200");
  CHECK(status(with_header(1100)) == "431");
  CHECK(status(with_header(100'000)) == "431");
  CHECK(status(with_body(3000)) == "200");
  CHECK(status(with_body(3001)) == "413");
  CHECK(status(with_body(200'000)) == "413");
  CHECK(status(chunked + "bb9\r\n" + std::string(3001, 'a') + "\r\n0\r\n\r\n") == "413");
  CHECK(status(chunked + "1;" + std::string(100'000, 'x')) == "400");
}

TEST_CASE("http server: slow clients are cut off, however they drip", "[io]") {
  HttpServerOptions options;
  options.header_timeout = 1s;
  options.body_timeout = 1s;
  options.idle_timeout = 1s;
  const auto server = serve(echo, options);
  const auto drip = [&](const std::string& start) {
    RawHttpClient client(server->port());
    client.send(start);
    return time_of([&] {
      for (int i = 0; i < 80 && client.send("a"); ++i) std::this_thread::sleep_for(50ms);
    });
  };

  auto header = std::async(std::launch::async, drip, "GET / HTTP/1.1\r\nHost: ");
  auto body = std::async(std::launch::async, drip,
                         "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
  auto silent = std::async(std::launch::async, [&] {
    RawHttpClient client(server->port());
    return time_of([&] { client.read_all(); });
  });
  auto idle = std::async(std::launch::async, [&] {
    RawHttpClient client(server->port());
    client.send(get("/"));
    client.read_answer();
    return time_of([&] { client.read_all(); });
  });

  for (auto* time : {&header, &body, &silent, &idle}) {
    const auto took = time->get();
    CHECK(took > 900ms);
    CHECK(took < 3s);
  }
}

TEST_CASE("http server: answers without a body have none on the wire", "[io]") {
  const auto server = serve([](const ServerRequest& request) {
    auto response = echo(request);
    if (request.target == "/204") response.status = 204;
    return response;
  });

  CHECK(talk(*server, "HEAD /ab HTTP/1.1\r\nHost: x\r\n\r\n") ==
        "HTTP/1.1 200 OK\r\nDate: DATE\r\nContent-Length: 10\r\n\r\n");
  CHECK(talk(*server, get("/204")) == "HTTP/1.1 204 No Content\r\nDate: DATE\r\n\r\n");
}

TEST_CASE("http server: a client that asks before it sends its body is told to go on", "[io]") {
  const auto server = serve(echo);
  RawHttpClient client(server->port());

  client.send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(client.read_answer() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");

  CHECK(body_of(client.read_answer()) == "POST /||ab");
}

TEST_CASE("http server: a handler that throws is a bare 500", "[io]") {
  const auto server =
      serve([](const ServerRequest&) -> ServerResponse { throw std::runtime_error("secret"); });

  CHECK(talk(*server, get("/")) ==
        "HTTP/1.1 500 Internal Server Error\r\nDate: DATE\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("http server: a stream is sent in chunks, and by closing to old clients", "[io]") {
  const auto server = serve([](const ServerRequest&) {
    ServerResponse response;
    response.stream = [count = 0]() mutable -> std::optional<std::string> {
      ++count;
      if (count == 2) return "";  // nothing yet
      return count < 4 ? std::optional("piece " + std::to_string(count)) : std::nullopt;
    };
    return response;
  });

  const auto stream_of = [&](const std::string& version) {
    RawHttpClient client(server->port());
    client.send("GET / " + version + "\r\nHost: x\r\nConnection: close\r\n\r\n");
    return without_date(client.read_all());
  };

  CHECK(stream_of("HTTP/1.1") ==
        "HTTP/1.1 200 OK\r\nDate: DATE\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
        "7\r\npiece 1\r\n7\r\npiece 3\r\n0\r\n\r\n");
  CHECK(stream_of("HTTP/1.0") ==
        "HTTP/1.0 200 OK\r\nDate: DATE\r\nConnection: close\r\n\r\npiece 1piece 3");
}

TEST_CASE("http server: a stream ends when its client leaves", "[io]") {
  const auto alive = std::make_shared<int>();
  const std::weak_ptr<int> watched = alive;
  const auto server = serve([state = alive](const ServerRequest&) {
    ServerResponse response;
    response.stream = [mine = std::make_shared<std::shared_ptr<int>>(state)] {
      std::this_thread::sleep_for(1ms);
      return std::optional<std::string>("");
    };
    return response;
  });
  {
    RawHttpClient client(server->port());
    client.send(get("/"));
    CHECK(client.wait_for("chunked"));
    CHECK(
        eventually([&] { return watched.use_count() == 3; }));  // ours, the handler's, the stream's
  }

  CHECK(eventually([&] { return watched.use_count() == 2; }));
}

TEST_CASE("http server: answers can be cut for fault injection", "[io]") {
  const auto server = serve([](const ServerRequest& request) {
    ServerResponse response;
    response.body = "0123456789";
    response.cut_after_bytes = static_cast<std::size_t>(request.target.size()) - 1;
    return response;
  });

  CHECK(talk(*server, get("/")) == "");
  CHECK(talk(*server, get("/abc")) ==
        "HTTP/1.1 200 OK\r\nDate: DATE\r\nContent-Length: 10\r\n\r\n012");
}

TEST_CASE("http server: handlers run at the same time, up to the limit", "[io]") {
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  Gate gate;
  HttpServerOptions options;
  options.max_workers = 3;
  const auto server = serve(
      [&](const ServerRequest& request) {
        most = std::max(most.load(), ++running);
        gate.wait();
        --running;
        return echo(request);
      },
      options);

  std::vector<std::future<std::string>> answers;
  for (int i = 0; i < 6; ++i) {
    answers.push_back(std::async(std::launch::async, [&] { return talk(*server, get("/")); }));
  }
  CHECK(eventually([&] { return running == 3; }));
  gate.open();

  for (auto& answer : answers) CHECK(body_of(answer.get()) == "GET /||");
  CHECK(most == 3);
}

TEST_CASE("http server: an idle connection makes room when there are too many", "[io]") {
  HttpServerOptions options;
  options.max_connections = 2;
  const auto server = serve(echo, options);
  RawHttpClient first(server->port());
  RawHttpClient second(server->port());
  for (auto* client : {&first, &second}) {
    client->send(get("/"));
    client->read_answer();
  }

  CHECK(body_of(talk(*server, get("/third"))) == "GET /third||");

  CHECK(first.read_all() == "");  // closed by the server
  second.send(get("/second"));
  CHECK(body_of(second.read_answer()) == "GET /second||");
}

TEST_CASE("http server: clients that are slow to send a request make room for others", "[io]") {
  HttpServerOptions options;
  options.max_connections = 2;
  const auto server = serve(echo, options);
  RawHttpClient silent(server->port());
  RawHttpClient dripping(server->port());
  dripping.send("GET /slow HTTP/1.1\r\nHost: ");

  CHECK(body_of(talk(*server, get("/third"))) == "GET /third||");

  CHECK(silent.read_all() == "");  // closed by the server; the other one still has its time
  dripping.send("x\r\n\r\n");
  CHECK(body_of(dripping.read_answer()) == "GET /slow||");
}

TEST_CASE("http server: crowds that send half a request keep nobody out", "[io]") {
  HttpServerOptions options;
  options.max_connections = 16;
  const auto server = serve(echo, options);
  const std::string sent =
      GENERATE(as<std::string>{}, "", "GET / HTTP/1.1\r\nHo",
               "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx", "BAD\r\n\r\n");
  CAPTURE(sent);
  std::vector<std::unique_ptr<RawHttpClient>> crowd;
  for (int i = 0; i < 150; ++i) {
    crowd.push_back(std::make_unique<RawHttpClient>(server->port()));
    crowd.back()->send(sent);
  }

  std::string answer;
  const auto took = time_of([&] { answer = talk(*server, get("/me")); });

  CHECK(body_of(answer) == "GET /me||");
  CHECK(took < soon_enough);
}

TEST_CASE("http server: crowds that do not read their answers keep nobody out", "[io]") {
  HttpServerOptions options;
  options.max_connections = 16;
  const auto server = serve(
      [](const ServerRequest& request) {
        ServerResponse response;
        if (request.target == "/me") {
          response.body = "me";
        } else if (request.target == "/stream") {
          response.stream = [] { return std::string(100'000, 'x'); };
        } else {
          response.body.assign(8u << 20, 'x');
        }
        return response;
      },
      options);
  const std::string target = GENERATE(as<std::string>{}, "/large", "/stream");
  CAPTURE(target);
  std::vector<std::unique_ptr<RawHttpClient>> crowd;
  for (int i = 0; i < 40; ++i) {
    crowd.push_back(std::make_unique<RawHttpClient>(server->port()));
    crowd.back()->send(get(target));
  }

  std::string answer;
  const auto took = time_of([&] { answer = talk(*server, get("/me")); });

  CHECK(body_of(answer) == "me");
  CHECK(took < soon_enough);
}

TEST_CASE("http server: a crowd with many requests each is answered once each, and then others are",
          "[io]") {
  HttpServerOptions options;
  options.max_connections = 8;
  options.max_workers = 2;
  const auto server = serve(
      [](const ServerRequest& request) {
        std::this_thread::sleep_for(5ms);
        return echo(request);
      },
      options);
  std::string many;
  for (int i = 0; i < 200; ++i) many += get("/");
  std::vector<std::unique_ptr<RawHttpClient>> crowd;
  for (int i = 0; i < 12; ++i) {
    crowd.push_back(std::make_unique<RawHttpClient>(server->port()));
    crowd.back()->send(many);
  }

  std::string answer;
  const auto took = time_of([&] { answer = talk(*server, get("/me")); });

  CHECK(body_of(answer) == "GET /me||");
  CHECK(took < soon_enough);
}

TEST_CASE("http server: a burst of honest clients is served to the last", "[io]") {
  HttpServerOptions options;
  options.max_connections = 8;
  const auto server = serve(echo, options);
  std::vector<std::unique_ptr<RawHttpClient>> burst;
  for (int i = 0; i < 60; ++i) burst.push_back(std::make_unique<RawHttpClient>(server->port()));
  for (auto& client : burst) client->send(get("/"));

  for (auto& client : burst) CHECK(body_of(client->read_answer()) == "GET /||");
}

TEST_CASE("http server: connections wait to be accepted while all are busy", "[io]") {
  Gate gate;
  HttpServerOptions options;
  options.max_connections = 1;
  const auto server = serve(
      [&](const ServerRequest& request) {
        gate.wait();
        return echo(request);
      },
      options);
  auto first = std::async(std::launch::async, [&] { return talk(*server, get("/1")); });
  auto second = std::async(std::launch::async, [&] { return talk(*server, get("/2")); });

  CHECK(second.wait_for(50ms) == std::future_status::timeout);
  gate.open();

  CHECK(body_of(first.get()) == "GET /1||");
  CHECK(body_of(second.get()) == "GET /2||");
}

namespace {

/// Answers `/turn...` in turn: with its target when the gate is open. Others are answered at once.
struct TurnServer {
  explicit TurnServer(std::size_t turns, std::size_t max_waiting) {
    HttpServerOptions options;
    options.max_turns = turns;
    options.max_waiting = max_waiting;
    options.max_workers = turns + 1;
    server = serve(
        [this](const ServerRequest& request) {
          if (!request.target.starts_with("/turn")) return echo(request);
          ServerResponse response;
          response.in_turn = [this, target = request.target](Turn turn) {
            return work(target, turn);
          };
          return response;
        },
        options);
  }

  ServerResponse work(const std::string& target, Turn turn) {
    ServerResponse response;
    response.body = target;
    if (turn == Turn::queue_full) response.status = 429;
    if (turn == Turn::stopping) response.status = 503;
    if (turn != Turn::begun) return response;
    ++begun;
    most = std::max(most.load(), ++running);
    gate.wait();
    --running;
    return response;
  }

  std::unique_ptr<RawHttpClient> ask(const std::string& target) const {
    auto client = std::make_unique<RawHttpClient>(server->port());
    client->send(get(target));
    return client;
  }

  /// Whether what was sent so far has been read: what is sent later is answered.
  bool answers() const { return body_of(talk(*server, get("/now"))) == "GET /now||"; }

  std::atomic<int> begun{0};
  std::atomic<int> running{0};
  std::atomic<int> most{0};
  Gate gate;
  std::unique_ptr<HttpServer> server;  // last: its workers use the others
};

}  // namespace

TEST_CASE("http server: work in turn is done some at a time, and all of it", "[io]") {
  TurnServer turns(2, 10);
  std::vector<std::unique_ptr<RawHttpClient>> clients;
  for (int i = 0; i < 9; ++i) clients.push_back(turns.ask("/turn/" + std::to_string(i)));
  CHECK(eventually([&] { return turns.running == 2; }));
  CHECK(turns.answers());  // there is a thread for the others, however many wait

  turns.gate.open();

  for (int i = 0; i < 9; ++i) {
    CHECK(body_of(clients[static_cast<std::size_t>(i)]->read_answer()) ==
          "/turn/" + std::to_string(i));
  }
  CHECK(turns.most == 2);
}

TEST_CASE("http server: who finds the queue full is told so at once", "[io]") {
  TurnServer turns(1, 2);
  const auto first = turns.ask("/turn/1");
  CHECK(eventually([&] { return turns.running == 1; }));
  const auto second = turns.ask("/turn/2");
  const auto third = turns.ask("/turn/3");
  std::this_thread::sleep_for(50ms);
  CHECK(turns.ask("/turn/4")->read_answer().starts_with("HTTP/1.1 429 "));

  turns.gate.open();
  CHECK(body_of(first->read_answer()) == "/turn/1");
  CHECK(body_of(second->read_answer()) == "/turn/2");
  CHECK(body_of(third->read_answer()) == "/turn/3");
}

TEST_CASE("http server: whose client leaves does not keep others waiting", "[io]") {
  TurnServer turns(1, 2);
  const auto first = turns.ask("/turn/1");
  CHECK(eventually([&] { return turns.running == 1; }));
  {
    const auto gone = turns.ask("/turn/2");
    const auto gone_with_more = turns.ask("/turn/3");
    gone_with_more->send(get("/turn/4"));
    std::this_thread::sleep_for(50ms);
  }
  // Both places come free; until then, 429.
  std::unique_ptr<RawHttpClient> later;
  CHECK(eventually([&] {
    later = turns.ask("/turn/5");
    std::this_thread::sleep_for(100ms);
    pollfd client{later->fd(), POLLIN, 0};
    return ::poll(&client, 1, 0) == 0;
  }));

  turns.gate.open();
  CHECK(body_of(first->read_answer()) == "/turn/1");
  CHECK(body_of(later->read_answer()) == "/turn/5");
  CHECK(turns.begun == 2);
}

TEST_CASE("http server: a turn whose client has left lasts as long as its work", "[io]") {
  TurnServer turns(1, 5);
  turns.ask("/turn/1");
  CHECK(eventually([&] { return turns.running == 1; }));
  const auto next = turns.ask("/turn/2");
  std::this_thread::sleep_for(400ms);
  CHECK(turns.begun == 1);
  turns.gate.open();
  CHECK(body_of(next->read_answer()) == "/turn/2");
  CHECK(turns.most == 1);
}

TEST_CASE("http server: a turn lasts until its answer was taken, or its client was given up",
          "[io]") {
  HttpServerOptions options;
  options.max_turns = 1;
  const auto server = serve(
      [](const ServerRequest& request) {
        ServerResponse response;
        response.in_turn = [large = request.target == "/large"](Turn) {
          ServerResponse answer;
          answer.body.assign(large ? 8u << 20 : 1, 'x');
          return answer;
        };
        return response;
      },
      options);
  RawHttpClient reads_later(server->port());
  reads_later.send(get("/large"));
  CHECK(reads_later.wait_for("\r\n\r\n"));
  RawHttpClient waits(server->port());
  waits.send(get("/"));
  auto next = std::async(std::launch::async, [&] { return body_of(waits.read_answer()); });
  CHECK(next.wait_for(300ms) == std::future_status::timeout);

  CHECK(body_of(reads_later.read_answer()).size() == 8u << 20);
  CHECK(next.get() == "x");
}

TEST_CASE("http server: stopping ends a stream, but not one that comes to an end by itself",
          "[io]") {
  const bool has_end = GENERATE(true, false);
  Gate begun;
  Gate stopping;
  std::atomic<int> pieces{0};
  const auto server = serve([&](const ServerRequest&) {
    ServerResponse response;
    response.stream_has_end = has_end;
    response.stream = [&]() -> std::optional<std::string> {
      begun.open();
      if (pieces == 0) stopping.wait();
      return ++pieces > 3 ? std::nullopt : std::optional<std::string>("x");
    };
    return response;
  });
  RawHttpClient client(server->port());
  client.send(get("/"));
  begun.wait();
  std::jthread opener([&] {
    std::this_thread::sleep_for(50ms);
    stopping.open();
  });
  server->stop(5s);

  const std::string piece = "1\r\nx\r\n";
  CHECK(body_of(client.read_all()) == (has_end ? piece + piece + piece : piece) + "0\r\n\r\n");
}

TEST_CASE("http server: stopping tells those who wait that there will be no turn", "[io]") {
  TurnServer turns(1, 5);
  const auto first = turns.ask("/turn/1");
  CHECK(eventually([&] { return turns.running == 1; }));
  const auto second = turns.ask("/turn/2");
  const auto third = turns.ask("/turn/3");
  std::this_thread::sleep_for(50ms);
  std::jthread opener([&] {
    CHECK(second->read_answer().starts_with("HTTP/1.1 503 "));
    CHECK(third->read_answer().starts_with("HTTP/1.1 503 "));
    turns.gate.open();
  });

  const auto took = time_of([&] { turns.server->stop(5s); });

  CHECK(took < 3s);
  CHECK(body_of(first->read_answer()) == "/turn/1");
  CHECK(turns.begun == 1);
}

TEST_CASE("http server: stopping waits for the answers that are on their way", "[io]") {
  Gate started;
  const auto server = serve([&](const ServerRequest& request) {
    started.open();
    std::this_thread::sleep_for(100ms);
    return echo(request);
  });
  RawHttpClient idle(server->port());
  RawHttpClient busy(server->port());
  idle.send(get("/"));
  busy.send(get("/busy"));
  idle.read_answer();
  started.wait();

  const auto took = time_of([&] { server->stop(5s); });

  CHECK(took < 3s);
  const auto answer = busy.read_all();
  CHECK(body_of(answer) == "GET /busy||");
  CHECK(idle.read_all() == "");
  CHECK_THROWS(RawHttpClient(server->port()));
}

TEST_CASE("http server: handlers are asked to stop when the grace is over", "[io]") {
  Gate started;
  const auto server = serve([&](const ServerRequest& request) {
    started.open();
    while (!request.stop.stop_requested()) std::this_thread::sleep_for(1ms);
    ServerResponse response;
    response.status = 503;
    return response;
  });
  RawHttpClient client(server->port());
  client.send(get("/"));
  started.wait();

  const auto took = time_of([&] { server->stop(50ms); });

  CHECK(took >= 50ms);
  CHECK(took < 3s);
  CHECK(client.read_all().substr(0, 12) == "HTTP/1.1 503");
}

TEST_CASE("http server: what it cannot listen on is named", "[io]") {
  const auto server = serve(echo);
  HttpServerOptions taken;
  taken.port = server->port();
  HttpServerOptions strange;
  strange.host = "203.0.113.7";

  CHECK_THROWS_WITH(serve(echo, taken), "listen on 127.0.0.1:" + std::to_string(taken.port) +
                                            ": Address already in use");
  CHECK_THROWS_WITH(serve(echo, strange),
                    "listen on 203.0.113.7:0: Cannot assign requested address");
}

TEST_CASE("http server: an empty host means every address", "[io]") {
  HttpServerOptions options;
  options.host = "";
  const auto server = serve(echo, options);

  CHECK(body_of(talk(*server, get("/v4"))) == "GET /v4||");
}

TEST_CASE("http server: child processes inherit none of its descriptors", "[io]") {
  const auto server = serve(echo);
  RawHttpClient client(server->port());
  client.send(get("/"));
  client.read_answer();

  std::vector<std::string> inherited;
  DIR* const directory = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(directory)) {
    const std::string name = entry->d_name;
    if (name.front() == '.' || std::stoi(name) <= STDERR_FILENO) continue;
    char target[64] = "";
    const auto link = "/proc/self/fd/" + name;
    if (::readlink(link.c_str(), target, sizeof target - 1) <= 0) continue;
    const bool ours = std::string(target).starts_with("socket:") ||
                      std::string(target).starts_with("anon_inode:");
    if (ours && (::fcntl(std::stoi(name), F_GETFD) & FD_CLOEXEC) == 0)
      inherited.emplace_back(target);
  }
  ::closedir(directory);

  CHECK(inherited == std::vector<std::string>{});
}
