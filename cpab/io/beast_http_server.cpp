#include <algorithm>
#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <condition_variable>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

#include "cpab/io/contained.h"
#include "cpab/io/http_connection.h"
#include "cpab/io/http_server.h"
#include "cpab/io/listening_socket.h"
#include "cpab/io/server_certificates.h"
#include "cpab/io/turn_queue.h"
#include "cpab/io/worker_pool.h"

namespace cpab {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

using Executor = asio::io_context::executor_type;
using Acceptor = asio::basic_socket_acceptor<asio::ip::tcp, Executor>;
using Timer = asio::basic_waitable_timer<std::chrono::steady_clock,
                                         asio::wait_traits<std::chrono::steady_clock>, Executor>;

/// How long the last answers may take to reach the kernel once all handlers have returned.
constexpr std::chrono::milliseconds flush_time{250};
/// How long to leave the listening socket alone when there is no room, or no descriptor to spare.
constexpr std::chrono::milliseconds accept_retry_time{10};
/// How long a client may keep us waiting while others wait to be accepted.
constexpr std::chrono::milliseconds patience{150};
/// How many are accepted before what they have sent is looked at.
constexpr int accepted_at_once = 64;

class BeastHttpServer final : public HttpServer, private ConnectionOwner {
 public:
  BeastHttpServer(const HttpServerOptions& options, ServerHandler handler)
      : options_(options),
        handler_(std::move(handler)),
        acceptor_(io_.get_executor()),
        accept_retry_(io_.get_executor()),
        turns_(options.max_turns, options.max_waiting),
        workers_(options.max_workers) {
    if (options.tls) certificates_.emplace(*options.tls);
    acceptor_.assign(asio::ip::tcp::v4(), open_listening_socket(options.host, options.port));
    port_ = local_port();
    wait_for_connection();
    io_thread_ = SmallThread([this] { serve(); });
  }

  ~BeastHttpServer() override { stop(std::chrono::milliseconds(0)); }

  std::uint16_t port() const override { return port_; }

  std::optional<WallTime> certificate_expiry() const override {
    return certificates_ ? std::optional(certificates_->expiry()) : std::nullopt;
  }

  void stop(std::chrono::milliseconds grace) override {
    const std::lock_guard lock(stop_mutex_);
    if (std::exchange(stopped_, true)) return;
    asio::post(io_, [this] { drain(); });
    wait_until_closed(grace);
    stop_source_.request_stop();
    workers_.finish();
    wait_until_closed(flush_time);
    asio::post(io_, [this] { close_all(); });
    wait_until_closed(std::chrono::seconds(1));
    work_guard_.reset();
    io_.stop();
    io_thread_.join();
  }

 private:
  std::uint16_t local_port() {
    sockaddr_storage address{};
    socklen_t length = sizeof address;
    ::getsockname(acceptor_.native_handle(), reinterpret_cast<sockaddr*>(&address), &length);
    const auto& ip = reinterpret_cast<const sockaddr_in&>(address);  // sin6_port lies at sin_port
    return ntohs(ip.sin_port);
  }

  // The functions below run on the I/O thread.

  /// Until it is stopped. A failure ends what is being done at that moment; which may have been to
  /// wait for the next connection.
  void serve() {
    const auto run = [this] {
      if (!draining_) wait_for_connection();
      io_.run();
    };
    while (!contained("The HTTP server", run)) pause_for_memory();
  }

  void wait_for_connection() {
    if (waiting_) return;
    acceptor_.async_wait(Acceptor::wait_read, [this](const error_code& error) {
      waiting_ = false;
      if (!error) accept_waiting();
    });
    waiting_ = true;
  }

  /// Somebody waits to be accepted. When there is no room even now, the next connection that has
  /// nothing to do tries again, and so does the clock, since some become slow.
  void accept_waiting() {
    starved_ = false;  // whoever closes below need not tell
    for (int accepted = 0; !draining_ && accepted < accepted_at_once; ++accepted) {
      const std::size_t waiting = waiting_connections(acceptor_.native_handle());
      if (waiting == 0) return wait_for_connection();
      if (is_full() && !make_room(waiting)) return starve();
      const int socket = accept_connection(acceptor_.native_handle());
      if (socket >= 0) {
        open(socket);
      } else if (!is_passing(errno) && !(is_lack_of_descriptors(errno) && make_room(waiting))) {
        return starve();
      }
    }
    if (!draining_) wait_for_connection();
  }

  static bool is_passing(int error) {
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR || error == ECONNABORTED;
  }

  static bool is_lack_of_descriptors(int error) { return error == EMFILE || error == ENFILE; }

  void starve() {
    starved_ = true;
    accept_retry_.expires_after(accept_retry_time);
    accept_retry_.async_wait([this](const error_code& error) {
      if (!error) wait_for_connection();
    });
  }

  bool is_full() const { return connections_.size() >= options_.max_connections; }

  void open(int socket) {
    const ConnectionContext context{
        options_, handler_, io_, tls(), workers_, turns_, stop_source_.get_token(), *this};
    auto connection = make_connection(context, socket);
    connections_.push_back(connection);
    try {
      connection->start();
    } catch (...) {
      connection->close();
      throw;
    }
  }

  ServerCertificates::Context tls() {
    return certificates_ ? certificates_->current(std::chrono::steady_clock::now()) : nullptr;
  }

  /// Lets the oldest connection go that is between two requests, or else the one that has kept us
  /// waiting longest, so that clients who only keep connections open cannot lock others out. False:
  /// there is none.
  bool make_room(std::size_t waiting) {
    const auto idle = std::find_if(connections_.begin(), connections_.end(),
                                   [](const auto& connection) { return connection->is_idle(); });
    const auto leaves = idle != connections_.end() ? *idle : slowest(waiting);
    if (leaves == nullptr) return false;
    leaves->close();
    return true;
  }

  /// Null: nobody has kept us waiting for long. The more wait to be accepted, the less is long, so
  /// that the last of them is in within a second: the squares keep the sum over all rounds below
  /// twice the last one.
  std::shared_ptr<HttpConnection> slowest(std::size_t waiting) const {
    const auto rounds = 1 + waiting / options_.max_connections;
    auto longest = std::chrono::steady_clock::now() - patience / (rounds * rounds);
    std::shared_ptr<HttpConnection> found;
    for (const auto& connection : connections_) {
      const auto since = connection->waits_since();
      if (!since || *since > longest) continue;
      longest = *since;
      found = connection;
    }
    return found;
  }

  bool crowded() const override { return starved_; }

  void became_idle() override {
    if (std::exchange(starved_, false)) wait_for_connection();
  }

  void closed(HttpConnection& connection) override {
    connections_.remove_if([&](const auto& entry) { return entry.get() == &connection; });
    became_idle();
    note_drained();
  }

  void drain() {
    draining_ = true;
    error_code ignored;
    accept_retry_.cancel();
    acceptor_.close(ignored);
    for_each_connection([](HttpConnection& connection) { connection.drain(); });
    note_drained();
  }

  void close_all() {
    for_each_connection([](HttpConnection& connection) { connection.close(); });
  }

  template <class Function>
  void for_each_connection(Function function) {
    const auto snapshot = connections_;  // `function` may take them off the list
    for (const auto& connection : snapshot) function(*connection);
  }

  void note_drained() {
    if (!draining_ || !connections_.empty()) return;
    const std::lock_guard lock(drained_mutex_);
    drained_ = true;
    drained_changed_.notify_all();
  }

  void wait_until_closed(std::chrono::milliseconds time) {
    std::unique_lock lock(drained_mutex_);
    drained_changed_.wait_for(lock, time, [this] { return drained_; });
  }

  const HttpServerOptions options_;
  const ServerHandler handler_;
  std::uint16_t port_ = 0;

  asio::io_context io_{1};
  asio::executor_work_guard<Executor> work_guard_{io_.get_executor()};
  Acceptor acceptor_;
  Timer accept_retry_;
  std::list<std::shared_ptr<HttpConnection>> connections_;  // oldest first
  std::optional<ServerCertificates> certificates_;          // none: plain HTTP
  bool waiting_ = false;                                    // for somebody who wants to be accepted
  bool starved_ = false;  // somebody waits to be accepted, and all connections are busy
  bool draining_ = false;

  std::stop_source stop_source_;
  std::mutex stop_mutex_;  // held by stop()
  bool stopped_ = false;   // guarded by stop_mutex_
  std::mutex drained_mutex_;
  std::condition_variable drained_changed_;
  bool drained_ = false;  // guarded by drained_mutex_

  TurnQueue turns_;
  WorkerPool workers_;
  SmallThread io_thread_;
};

}  // namespace

std::unique_ptr<HttpServer> start_http_server(const HttpServerOptions& options,
                                              ServerHandler handler) {
  return std::make_unique<BeastHttpServer>(options, std::move(handler));
}

}  // namespace cpab
