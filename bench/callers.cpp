// Several callers that each send a request to the daemon, wait for the answer, and send the next.
// One thread and plain sockets, to take as little as possible from what is measured. Prints JSON.
//
//   bench_callers port=5000 [request="POST /api/v1/evaluation?dry_run=true"] [callers=16]
//                 [seconds=5] [count=0]
//
// With count > 0 it ends after that many answers instead of after some time.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "bench/arguments.h"
#include "bench/figures.h"

namespace {

using Clock = std::chrono::steady_clock;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "%s\n", what.c_str());
  std::exit(1);
}

/// One kept-alive connection.
class Caller {
 public:
  Caller(int port, std::string request) : request_(std::move(request)) {
    socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      fail("cannot connect");
    }
    const int on = 1;
    setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  }

  int socket_number() const { return socket_; }

  void send() {
    answer_.clear();
    sent_ = Clock::now();
    if (write(socket_, request_.data(), request_.size()) < 0) fail("cannot send");
  }

  /// Whether the answer is complete. Ends the program unless it is a 200.
  bool receive() {
    static std::array<char, 65536> piece;
    const ssize_t count = read(socket_, piece.data(), piece.size());
    if (count <= 0) fail("the connection was closed");
    answer_.append(piece.data(), static_cast<std::size_t>(count));
    const std::size_t head_end = answer_.find("\r\n\r\n");
    if (head_end == std::string::npos) return false;
    const std::size_t at = answer_.find("Content-Length: ");
    if (at > head_end) fail("no Content-Length: " + answer_);
    const std::size_t length = std::strtoul(answer_.c_str() + at + 16, nullptr, 10);
    if (answer_.size() < head_end + 4 + length) return false;
    if (answer_.compare(0, 12, "HTTP/1.1 200") != 0) fail(answer_);
    return true;
  }

  double waited_ms() const {
    return std::chrono::duration<double, std::milli>(Clock::now() - sent_).count();
  }

 private:
  const std::string request_;
  int socket_ = -1;
  std::string answer_;
  Clock::time_point sent_;
};

struct Limit {
  Clock::time_point end;
  std::size_t count;  ///< 0: only the time counts

  bool reached(std::size_t answers) const {
    return count > 0 ? answers >= count : Clock::now() >= end;
  }
};

/// Returns when the limit is reached and all answers are there: no work is left to the daemon.
std::vector<double> call(std::vector<Caller>& callers, const Limit& limit) {
  std::vector<pollfd> sockets;
  for (Caller& caller : callers) {
    sockets.push_back({caller.socket_number(), POLLIN, 0});
    caller.send();
  }
  std::vector<double> waits;
  for (std::size_t busy = callers.size(); busy > 0;) {
    poll(sockets.data(), sockets.size(), -1);
    for (std::size_t i = 0; i < callers.size(); ++i) {
      if (sockets[i].revents == 0 || !callers[i].receive()) continue;
      waits.push_back(callers[i].waited_ms());
      limit.reached(waits.size()) ? static_cast<void>(--busy) : callers[i].send();
    }
  }
  return waits;
}

}  // namespace

int main(int argc, char** argv) {
  const bench::Arguments arguments(argc, argv);
  const std::string request = arguments.text("request", "POST /api/v1/evaluation?dry_run=true") +
                              " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n";
  const int count = arguments.number("callers", 16);
  std::vector<Caller> callers;
  for (int i = 0; i < count; ++i) callers.emplace_back(arguments.number("port", 5000), request);

  const auto start = Clock::now();
  const Limit limit{start + std::chrono::seconds(arguments.number("seconds", 5)),
                    static_cast<std::size_t>(arguments.number("count", 0))};
  const std::vector<double> waits = call(callers, limit);
  const double seconds = std::chrono::duration<double>(Clock::now() - start).count();
  std::printf(R"({"calls_per_second":%.1f,"wall_ms":%.4f,"p99_ms":%.4f})"
              "\n",
              static_cast<double>(waits.size()) / seconds, bench::median(waits),
              bench::percentile(waits, 0.99));
  return 0;
}
