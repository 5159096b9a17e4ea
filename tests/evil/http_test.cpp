#include <catch2/catch.hpp>
#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "tests/evil/victim.h"
#include "tests/fakes/raw_http_server.h"

using namespace cpab;

namespace {

const std::string tempting = R"({"targetReplicas": 9})";

/// Reads the request, sends `text` and closes the connection.
RawHttpServer::Serve sending(const std::string& text) {
  return [text](RawConnection& connection) {
    connection.read_request();
    connection.send(text);
  };
}

/// A service whose behaviour can be exchanged, for connections to come. Good by itself: it answers
/// 7, whoever asks.
class EvilService {
 public:
  explicit EvilService(std::optional<RawTls> tls = std::nullopt)
      : server_([this](RawConnection& connection) { current()(connection); }, std::move(tls)) {}

  std::string url() const { return server_.url("/logic"); }

  void play(RawHttpServer::Serve serve) {
    const std::scoped_lock lock(mutex_);
    serve_ = std::move(serve);
  }
  void play_good() { play(good()); }

 private:
  static RawHttpServer::Serve good() {
    return sending(raw_answer(200, R"({"targetReplicas": 7})", "Connection: close\r\n"));
  }

  RawHttpServer::Serve current() {
    const std::scoped_lock lock(mutex_);
    return serve_;
  }

  std::mutex mutex_;
  RawHttpServer::Serve serve_ = good();  // guarded by mutex_
  RawHttpServer server_;
};

RawHttpServer::Serve refusing_with(int status) {
  return sending(raw_answer(status, tempting, "Connection: close\r\n"));
}

/// Sends `begin`, and then `piece` again and again, or nothing, until the client has had enough.
RawHttpServer::Serve dripping(const std::string& begin, const std::string& piece,
                              std::chrono::milliseconds pause) {
  return [=](RawConnection& connection) {
    connection.read_request();
    bool listens = connection.send(begin);
    if (piece.empty()) return connection.wait_for_close();
    while (listens) {
      std::this_thread::sleep_for(pause);
      listens = connection.send(piece);
    }
  };
}

std::string http_method(const std::string& url, int timeout_ms, const std::string& ca_file = "") {
  const std::string ca = ca_file.empty() ? "" : ", caCert: " + ca_file;
  return "{type: http, timeout: " + std::to_string(timeout_ms) + ", http: {method: POST, url: '" +
         url + "', successCodes: [200], parameterMode: body" + ca + "}}";
}

struct BadService {
  std::string name;
  RawHttpServer::Serve serve;
  std::string reason;
  std::string text;  ///< part of the message
};

/// A daemon whose metric and evaluate logic are services.
class ServiceVictim {
 public:
  explicit ServiceVictim(int timeout_ms = 60'000)
      : victim_({.timeout_ms = timeout_ms,
                 .config = {{metric_stage, http_method(metric_.url(), timeout_ms)},
                            {evaluate_stage, http_method(evaluate_.url(), timeout_ms)}},
                 .kept_connections = 2}) {}

  EvilService& service(const std::string& stage) {
    return stage == metric_stage ? metric_ : evaluate_;
  }

  /// Lets each service behave in that way, and checks that nothing is scaled, and that it is once
  /// the service is good again.
  void check_refuses(const BadService& bad) {
    for (const char* stage : {metric_stage, evaluate_stage}) {
      INFO(stage << " service: " << bad.name);
      service(stage).play(bad.serve);
      victim_.check_refuses({stage, bad.reason, bad.text}, [&] { service(stage).play_good(); });
    }
  }

 private:
  EvilService metric_;
  EvilService evaluate_;
  Victim victim_;
};

void check_all_refused(const std::vector<BadService>& services, int timeout_ms = 60'000) {
  ServiceVictim victim(timeout_ms);
  for (const BadService& bad : services) victim.check_refuses(bad);
}

}  // namespace

TEST_CASE("evil: a service that does not come to an end is given up", "[evil]") {
  constexpr std::chrono::milliseconds slow{20};
  check_all_refused(
      {{"hangs before its head", [](RawConnection& c) { c.wait_for_close(); }, "timeout",
        "context deadline exceeded"},
       {"hangs within its head", dripping("HTTP/1.1 200 OK\r\nX: ", "", slow), "timeout",
        "context deadline exceeded"},
       {"drips its head", dripping("HTTP/1.1 200 OK\r\n", "X: y\r\n", slow), "timeout",
        "context deadline exceeded"},
       {"drips its body", dripping("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n", "7", slow),
        "timeout", "context deadline exceeded"},
       {"announces more than it sends",
        dripping("HTTP/1.1 200 OK\r\nContent-Length: 23\r\n\r\n" + tempting, "", slow), "timeout",
        "context deadline exceeded"}},
      1000);
}

TEST_CASE("evil: a service that sends too much is cut off", "[evil]") {
  using std::chrono::milliseconds;
  const std::string much(65536, 'x');
  check_all_refused(
      {{"announces 100 MB",
        dripping("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n", much, milliseconds{0}),
        "output_too_large", "longer than 1048576 bytes"},
       {"never ends", dripping("HTTP/1.1 200 OK\r\n\r\n", much, milliseconds{0}),
        "output_too_large", "longer than 1048576 bytes"},
       {"endless head",
        dripping("HTTP/1.1 200 OK\r\n", "X: " + much.substr(0, 8000) + "\r\n", milliseconds{0}),
        "output_too_large", "head"},
       {"endless line in the head", dripping("HTTP/1.1 200 OK\r\nX: ", much, milliseconds{0}),
        "output_too_large", "head"}});
}

TEST_CASE("evil: a service that breaks off or talks nonsense is refused", "[evil]") {
  check_all_refused(
      {{"closes at once", [](RawConnection&) {}, "closed", "Post \"http://127.0.0.1"},
       {"closes after the request", sending(""), "closed", "EOF"},
       {"closes within its head", sending("HTTP/1.1 200 OK\r\nContent-"), "truncated",
        "unexpected EOF"},
       {"closes within its body",
        sending("HTTP/1.1 200 OK\r\nContent-Length: 22\r\n\r\n" + tempting), "truncated",
        "unexpected EOF"},
       {"closes within a chunk",
        sending("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n" + tempting),
        "truncated", "unexpected EOF"},
       {"garbage status line", sending("\x01\x02\x03 what?\r\n\r\n" + tempting), "other", "HTTP"},
       {"status that is no number", sending("HTTP/1.1 yes OK\r\n\r\n" + tempting), "other", "HTTP"},
       {"length that is no number",
        sending("HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n" + tempting), "other",
        "Content-Length"},
       {"not gzip as announced",
        sending(raw_answer(200, tempting, "Content-Encoding: gzip\r\nConnection: close\r\n")),
        "other", "gzip: invalid header"}});
}

TEST_CASE("evil: a service that answers with another status is refused", "[evil]") {
  std::vector<BadService> services;
  for (const int status : {201, 204, 300, 304, 400, 401, 404, 429, 500, 502, 503, 504, 999}) {
    const std::string text = std::to_string(status);
    services.push_back({"status " + text, refusing_with(status), "http_status",
                        "HTTP request failed, status: [" + text + "]"});
  }
  check_all_refused(services);
}

TEST_CASE("evil: a service that redirects for ever is given up", "[evil]") {
  ServiceVictim victim;
  for (const int status : {301, 302, 303}) {
    // Where it leads to is where it came from.
    victim.check_refuses(
        {"redirects with " + std::to_string(status),
         sending(raw_answer(status, tempting, "Location: /logic\r\nConnection: close\r\n")),
         "redirects", "stopped after 10 redirects"});
  }
}

TEST_CASE("evil: an answer shorter than what the service sent is what it announced", "[evil]") {
  EvilService service;
  Victim victim(
      {.timeout_ms = 60'000, .config = {{evaluate_stage, http_method(service.url(), 60'000)}}});
  service.play(sending("HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n" + tempting));
  victim.check_refuses({evaluate_stage, "invalid_evaluation", "expected '}' at byte 20"},
                       [&] { service.play_good(); });
}

TEST_CASE("evil: a service that cannot be reached says why", "[evil]") {
  // A port that was in use a moment ago, and a name that cannot exist (RFC 6761).
  const std::string closed = RawHttpServer([](RawConnection&) {}).url();
  const auto [url, text] = GENERATE_COPY(table<std::string, std::string>(
      {{closed, "connection refused"}, {"http://nowhere.invalid/", "nowhere.invalid"}}));
  const std::string stage = GENERATE(metric_stage, evaluate_stage);
  INFO(stage << " service: " << url);
  Victim victim({.timeout_ms = 60'000,
                 .config = {{stage, http_method(url, 60'000)}},
                 .is_good_at_first = false});
  victim.check_fails({stage, "connect", text});
}

TEST_CASE("evil: a service that cannot be trusted is not listened to", "[evil]") {
  struct Row {
    std::string name;
    TestIdentity identity;
    std::string text;
  };
  const TestAuthority trusted;
  const TestAuthority unknown;
  const TemporaryDirectory folder;
  const std::string ca_file = folder.write("ca.pem", trusted.certificate());
  for (const auto& [name, identity, text] : std::vector<Row>{
           {"wrong name", trusted.issue("DNS:elsewhere.example"), "127.0.0.1"},
           {"expired", trusted.issue("IP:127.0.0.1", -60), "certificate has expired"},
           {"unknown authority", unknown.issue("IP:127.0.0.1"), "unable to get local issuer"}}) {
    for (const char* stage : {metric_stage, evaluate_stage}) {
      INFO(stage << " service: " << name);
      EvilService service(RawTls{identity, ""});
      Victim victim({.timeout_ms = 60'000,
                     .config = {{stage, http_method(service.url(), 60'000, ca_file)}},
                     .is_good_at_first = false});
      victim.check_fails({stage, "tls", text});
    }
  }
}

TEST_CASE("evil: a service is trusted once its authority is", "[evil]") {
  const TestAuthority authority;
  const TemporaryDirectory folder;
  const std::string ca_file = folder.write("ca.pem", TestAuthority().certificate());
  EvilService service(RawTls{authority.issue("IP:127.0.0.1"), ""});
  Victim victim({.timeout_ms = 60'000,
                 .config = {{evaluate_stage, http_method(service.url(), 60'000, ca_file)}},
                 .is_good_at_first = false});
  victim.check_refuses({evaluate_stage, "tls", "certificate"},
                       [&] { folder.write("ca.pem", authority.certificate()); });
}
