#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <stop_token>

#include "cpab/io/http_server.h"
#include "cpab/io/turn_queue.h"

namespace boost::asio {
class io_context;
namespace ssl {
class context;
}
}  // namespace boost::asio

namespace cpab {

class WorkerPool;
class HttpConnection;

/// Knows which connections are open. Called on the I/O thread.
class ConnectionOwner {
 public:
  virtual ~ConnectionOwner() = default;
  virtual bool crowded() const = 0;  ///< others wait to be accepted, and there is no room
  virtual void became_idle() = 0;    ///< one of them waits for its next request
  virtual void closed(HttpConnection& connection) = 0;
};

/// What the connections of one server share.
struct ConnectionContext {
  const HttpServerOptions& options;
  const ServerHandler& handler;
  boost::asio::io_context& io;
  std::shared_ptr<boost::asio::ssl::context> tls;  ///< null: plain HTTP
  WorkerPool& workers;
  TurnQueue& turns;
  std::stop_token stop;  ///< handed to the handlers
  ConnectionOwner& owner;
};

/// One client:
///
///                                        +-> waiting (for a turn) -+
///                                        |                         v
///     [handshake] -> idle -> receiving -> answering ------------> sending -> idle ...
///                                |           |                       |
///                                +-----------+-----------------------+-> closing -> closed
///
/// Every state has a deadline, but `answering` while the handler runs, and `waiting`. All functions
/// belong to the I/O thread; the handler runs on a worker and its answer is posted back.
class HttpConnection : public TurnTaker {
 public:
  virtual void start() = 0;

  /// Closes at once unless a request is being answered; that answer will be the last.
  virtual void drain() = 0;

  /// Whether it has served before, waits for its next request, and nothing of that has arrived.
  virtual bool is_idle() = 0;

  /// Since when the client has kept us waiting: with a handshake, with sending one request, with
  /// taking its answer, or with closing. None while it is for us to do something.
  virtual std::optional<std::chrono::steady_clock::time_point> waits_since() const = 0;

  virtual void close() = 0;
};

/// Takes ownership of `socket`, an accepted, non-blocking one. `context` outlives the connection's
/// open time.
std::shared_ptr<HttpConnection> make_connection(const ConnectionContext& context, int socket);

}  // namespace cpab
