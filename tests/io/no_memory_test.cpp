// What becomes of each kind of thread, and of each call, when the system gives no more memory.

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>
#include <future>
#include <thread>

#include "cpab/io/contained.h"
#include "cpab/io/curl_http_client.h"
#include "cpab/io/http_server.h"
#include "cpab/io/logging.h"
#include "cpab/io/posix_process_runner.h"
#include "cpab/io/system_clock.h"
#include "cpab/io/worker_pool.h"
#include "tests/fakes/captured_log.h"
#include "tests/fakes/failing_memory.h"
#include "tests/fakes/raw_http_client.h"
#include "tests/fakes/test_processes.h"

using namespace cpab;
using namespace std::chrono_literals;

namespace {

constexpr std::size_t mebi = 1u << 20;

ServerResponse hello(const ServerRequest&) {
  ServerResponse response;
  response.body = "hello";
  return response;
}

/// Calls `work` in a thread that gets no piece of memory of `smallest` bytes or more, and throws
/// what it throws.
template <typename Work>
void without_memory(std::size_t smallest, Work work) {
  std::promise<void> go;
  std::exception_ptr failure;
  std::thread thread([&, ready = go.get_future()] {
    ready.wait();
    try {
      work();
    } catch (...) {
      failure = std::current_exception();
    }
  });
  {
    const FailingMemory failing(smallest);
    go.set_value();
    thread.join();
  }
  if (failure) std::rethrow_exception(failure);
}

/// The first line of what is answered to `GET /`; empty: the connection was closed.
std::string status_line(const HttpServer& server) {
  RawHttpClient client(server.port());
  client.send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string answer = client.read_all();
  return answer.substr(0, answer.find('\r'));
}

}  // namespace

TEST_CASE("no memory: what is contained ends, and is logged", "[io]") {
  const CapturedLog log;
  CHECK_FALSE(contained("A test", [] { throw std::bad_alloc(); }));
  CHECK_FALSE(contained("A test", [] { throw 1; }));
  CHECK(contained("A test", [] {}));
  CHECK(log.messages() == std::vector<std::string>{"ERROR A test failed: std::bad_alloc",
                                                   "ERROR A test failed: unknown exception"});
}

TEST_CASE("no memory: what has to happen is tried until it goes well", "[io]") {
  int tries = 0;
  persist("A test", [&] {
    if (++tries < 3) throw std::bad_alloc();
  });
  CHECK(tries == 3);
}

TEST_CASE("no memory: a worker outlives its job, and its pool the lack of threads", "[io]") {
  WorkerPool pool(2);
  std::promise<void> done;
  pool.submit([] { throw std::bad_alloc(); });
  pool.submit([&] { done.set_value(); });
  CHECK(done.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("no memory: a pool that can start no thread says so and takes the next job", "[io]") {
  WorkerPool pool(1);
  std::promise<void> done;
  const auto job = [&] { done.set_value(); };
  CHECK_THROWS_AS(without_memory(0, [&] { pool.submit(job); }), std::bad_alloc);
  CHECK(pool.submit(job));
  CHECK(done.get_future().wait_for(10s) == std::future_status::ready);
}

TEST_CASE("no memory: a handler without memory is answered with 503", "[io]") {
  std::atomic<bool> failing{true};
  const auto server = start_http_server({}, [&](const ServerRequest& request) {
    if (failing.exchange(false)) throw std::bad_alloc();
    return hello(request);
  });
  CHECK(status_line(*server) == "HTTP/1.1 503 Service Unavailable");
  CHECK(status_line(*server) == "HTTP/1.1 200 OK");
}

TEST_CASE("no memory: the HTTP server closes what it cannot serve, and goes on", "[io]") {
  const auto server = start_http_server({}, hello);
  CHECK(status_line(*server) == "HTTP/1.1 200 OK");
  const int before = open_descriptors();
  {
    const FailingMemory failing;
    for (int i = 0; i < 3; ++i) CHECK(status_line(*server).find("200") == std::string::npos);
    CHECK(failing.failures() > 0);
  }
  CHECK(eventually([&] { return open_descriptors() <= before; }));
  CHECK(status_line(*server) == "HTTP/1.1 200 OK");
}

TEST_CASE("no memory: a client whose answer cannot be sent is not left waiting", "[io]") {
  std::promise<void> begun;
  std::promise<void> go;
  const auto server = start_http_server({}, [&](const ServerRequest& request) {
    if (request.path() == "/waits") {
      begun.set_value();
      go.get_future().wait();
    }
    return hello(request);
  });
  RawHttpClient client(server->port());
  client.send("GET /waits HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  begun.get_future().wait();
  {
    const FailingMemory failing;
    go.set_value();
    CHECK(eventually([&] { return failing.failures() > 1; }));
  }
  const auto asked = std::chrono::steady_clock::now();
  const std::string answer = client.read_all();  // gives up after ten seconds
  CHECK((answer.empty() || answer.starts_with("HTTP/1.1 200 OK")));
  CHECK(std::chrono::steady_clock::now() - asked < 5s);
  CHECK(status_line(*server) == "HTTP/1.1 200 OK");
}

TEST_CASE("no memory: a program whose output finds no room is ended, with all it started", "[io]") {
  const SystemClock clock;
  PosixProcessRunner runner(clock);
  MemoryPool pool(4 * mebi, "maxCycleBytes");
  MemoryShare share(std::make_shared<MemoryAccount>(pool), "a metric");
  ProcessRequest request{{"/bin/sh", "-c", "sleep 1000 & exec cat /dev/zero"}, "", {}, 64 * mebi};
  SECTION("counted") {
    request.memory = &share;
    CHECK_THROWS_AS(runner.run(request), MemoryError);
    CHECK(share.bytes() <= 4 * mebi);
  }
  SECTION("real") {
    CHECK_THROWS_AS(without_memory(mebi, [&] { runner.run(request); }), std::bad_alloc);
  }
  CHECK(eventually([] { return children().empty(); }));
}

TEST_CASE("no memory: an answer that finds no room ends the request, not the client", "[io]") {
  // In pieces, so that the server needs little memory for it.
  const auto server = start_http_server({}, [](const ServerRequest& request) {
    if (request.path() == "/small") return hello(request);
    ServerResponse response;
    response.stream = [left = 128]() mutable -> std::optional<std::string> {
      if (left-- == 0) return std::nullopt;
      return std::string(64u << 10, 'x');
    };
    return response;
  });
  const SystemClock clock;
  CurlHttpClient client({}, clock);
  const std::string url = "http://127.0.0.1:" + std::to_string(server->port());
  HttpRequest large;
  large.url = url + "/large";
  MemoryPool pool(4 * mebi, "maxCycleBytes");
  MemoryShare share(std::make_shared<MemoryAccount>(pool), "a metric");
  SECTION("counted") {
    large.memory = &share;
    CHECK_THROWS_WITH(client.send(large), Catch::Contains("more for a metric, is more than"));
    share.shrink_to(0);
  }
  SECTION("real") {
    CHECK_THROWS_AS(without_memory(mebi, [&] { client.send(large); }), std::bad_alloc);
  }

  HttpRequest small;
  small.url = url + "/small";
  small.memory = &share;
  CHECK(client.send(small).body == "hello");
  CHECK(share.bytes() == 5);
  large.memory = nullptr;
  CHECK(client.send(large).body.size() == 8 * mebi);
}
