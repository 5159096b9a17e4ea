#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>
#include <string_view>

#include "cpab/io/http_client.h"
#include "cpab/model/time.h"

namespace cpab {

/// One request as it arrived.
struct ServerRequest {
  std::string method;  ///< as written: `GET`, or something nobody has heard of
  /// Path and query as sent: `/api/v1/metrics?dry_run=1`; `*` is possible. Of an absolute URL only
  /// the path and query are kept.
  std::string target;
  HttpHeaders headers;
  std::string body;
  std::stop_token stop;  ///< requested when the server gives up waiting for this answer
  /// Whether the client has shown a certificate that ServerTls::client_ca_file vouches for.
  bool client_verified = false;

  std::string_view path() const;   ///< the part of `target` before `?`
  std::string_view query() const;  ///< the part after it; empty when there is none
};

/// Called by the server again and again to get the next piece of a streamed body; none ends it.
/// It should return within about a second, an empty piece meaning "nothing yet", so that the
/// server notices clients that left; one that has closed its sending side counts as such.
using BodyStream = std::function<std::optional<std::string>()>;

struct ServerResponse;

/// What became of a request that has asked for a turn.
enum class Turn {
  begun,
  queue_full,  ///< HttpServerOptions::max_waiting others wait already
  stopping,    ///< the server is, and it will not begin any more
};

/// Makes the answer of a request whose work takes long; see ServerResponse::in_turn.
using InTurn = std::function<ServerResponse(Turn)>;

struct ServerResponse {
  int status = 200;
  HttpHeaders headers;
  std::string body;
  BodyStream stream;  ///< when set, sent chunked instead of `body`
  /// The stream comes to an end by itself, and is of no use without that: it goes on while the
  /// server stops.
  bool stream_has_end = false;
  std::shared_ptr<const void> memory{};  ///< what counts the body; gone when that is
  /// For fault injection: close the connection without an answer (0), or after this many bytes of
  /// `body`.
  std::optional<std::size_t> cut_after_bytes;
  /// When set, the answer is what this returns instead. It is called when it is the request's turn:
  /// HttpServerOptions::max_turns run at the same time, a turn lasts until its answer is sent, and
  /// who waits for one takes no thread. A request whose client leaves while it waits is forgotten.
  InTurn in_turn;
};

/// Runs on a worker thread (512 KiB of stack); may block. An exception becomes a bare 500, or 503
/// where there was no memory.
using ServerHandler = std::function<ServerResponse(const ServerRequest&)>;

/// The files are read at the start, when they must be usable, and again when they change; what
/// cannot be used then is ignored with a warning. Connections keep what they began with.
struct ServerTls {
  std::string cert_file;  ///< PEM, leaf first
  std::string key_file;
  /// PEM. Clients are asked for a certificate: one that these CAs do not vouch for ends the
  /// handshake, none is fine. Empty: clients are not asked.
  std::string client_ca_file{};
};

struct HttpServerOptions {
  std::string host = "127.0.0.1";            ///< empty = all addresses
  std::uint16_t port = 0;                    ///< 0 = any free one
  std::optional<ServerTls> tls;              ///< TLS 1.2 or later
  std::size_t max_header_bytes = 16u << 10;  ///< request line and headers; more is 431
  std::size_t max_body_bytes = 1u << 20;     ///< more is 413
  std::chrono::seconds header_timeout{10};   ///< for a whole header, however it drips
  std::chrono::seconds body_timeout{30};
  std::chrono::seconds idle_timeout{60};  ///< between requests of one connection
  /// When there are so many, one that is between two requests makes room for the next, or the one
  /// that has kept us waiting longest, for a whole request or to take its answer: 150 milliseconds
  /// at least, and less the more wait to be accepted. Nobody is answered twice before others
  /// are let in. While all requests are being worked
  /// on, further connections wait.
  std::size_t max_connections = 256;
  std::size_t max_workers = 32;   ///< requests handled at the same time, more than max_turns
  std::size_t max_turns = 16;     ///< of ServerResponse::in_turn, at the same time
  std::size_t max_waiting = 128;  ///< for one of them
};

/// The port is in use, the address is not ours, the certificate cannot be read. The message names
/// which.
struct HttpServerError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An HTTP/1.1 server. Connections cost no thread; a thread is used only while a handler runs, and
/// threads are started when needed and end when idle.
class HttpServer {
 public:
  virtual ~HttpServer() = default;  ///< stops at once when stop() has not been called

  virtual std::uint16_t port() const = 0;

  /// When the certificate that is shown to new connections expires; none without TLS.
  virtual std::optional<WallTime> certificate_expiry() const = 0;

  /// Takes no new requests, waits up to `grace` for the running handlers, then requests their
  /// stop tokens, waits for them, and closes everything. Idle connections are closed at once, who
  /// waits for a turn is told that there will be none, and streams end with their next piece. Not
  /// to be called from a handler.
  virtual void stop(std::chrono::milliseconds grace) = 0;
};

/// Binds, listens and serves `handler` from threads of its own. Throws HttpServerError.
std::unique_ptr<HttpServer> start_http_server(const HttpServerOptions& options,
                                              ServerHandler handler);

}  // namespace cpab
