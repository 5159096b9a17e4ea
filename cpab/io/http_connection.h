#pragma once

#include <memory>
#include <stop_token>

#include "cpab/io/http_server.h"

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
  virtual void became_idle() = 0;  ///< one of them waits for its next request
  virtual void closed(HttpConnection& connection) = 0;
};

/// What the connections of one server share.
struct ConnectionContext {
  const HttpServerOptions& options;
  const ServerHandler& handler;
  boost::asio::io_context& io;
  std::shared_ptr<boost::asio::ssl::context> tls;  ///< null: plain HTTP
  WorkerPool& workers;
  std::stop_token stop;  ///< handed to the handlers
  ConnectionOwner& owner;
};

/// One client:
///
///     [handshake] -> idle -> receiving -> answering -> idle ...
///                                  \___________\____-> closing -> closed
///
/// Every state has a deadline, but `answering` while the handler runs. All functions belong to the
/// I/O thread; the handler runs on a worker and its answer is posted back.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;

  virtual void start() = 0;

  /// Closes at once unless a request is being answered; that answer will be the last.
  virtual void drain() = 0;

  /// Closes when it has served before, waits for its next request, and nothing of that has
  /// arrived. Returns whether it did.
  virtual bool give_way_if_idle() = 0;

  /// Closes when it has been busy for a while with a handshake or with sending one request, as
  /// clients are that want to keep others out. Returns whether it did.
  virtual bool give_way_if_slow() = 0;

  virtual void close() = 0;
};

/// Takes ownership of `socket`, an accepted, non-blocking one. `context` outlives the connection's
/// open time.
std::shared_ptr<HttpConnection> make_connection(const ConnectionContext& context, int socket);

}  // namespace cpab
