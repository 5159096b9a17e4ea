#include "cpab/io/http_connection.h"

#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <optional>
#include <variant>

#include "cpab/io/http_response_head.h"
#include "cpab/io/request_reader.h"
#include "cpab/io/worker_pool.h"

namespace cpab {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Timer = asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, Executor>;

constexpr std::chrono::seconds closing_timeout{2};  // for the client to take the last answer
constexpr std::chrono::seconds slow_after{1};       // a client from which a request is coming
constexpr auto never = steady_clock::time_point::max();

/// What the handler says, or a bare 500 when it throws.
ServerResponse answer(const ServerHandler& handler, const ServerRequest& request) {
  try {
    return handler(request);
  } catch (...) {
    ServerResponse response;
    response.status = 500;
    return response;
  }
}

class BeastConnection final : public HttpConnection,
                              public std::enable_shared_from_this<BeastConnection> {
 public:
  BeastConnection(const ConnectionContext& context, Socket socket)
      : context_(context),
        timer_(context.io.get_executor()),
        stream_(std::in_place_type<Socket>, std::move(socket)),
        reader_(context.options) {}

  void start() override;
  void drain() override;
  bool give_way_if_idle() override;
  bool give_way_if_slow() override;
  void close() override;

 private:
  enum class State { handshake, idle, receiving, answering, closing, closed };

  // Deadlines.
  void expire_within(steady_clock::duration time);
  void arm_timer();

  // TLS.
  void begin_tls();
  void handshake();
  bool client_verified();

  // Receiving a request.
  void begin_request();
  void read_more();
  void begin_receiving();
  void parse();
  void begin_body();
  void send_continue();

  // Answering it.
  void dispatch();
  void respond(ServerResponse response);
  void respond_whole();
  void next_piece();
  void write_piece(std::optional<std::string> piece);
  void refuse(std::string text);
  void finish_response();
  void finish_output();
  void linger();
  void discard_input();

  // The stream, plain or encrypted.
  Socket& socket();
  ssize_t peek();
  bool input_pending() { return peek() > 0; }
  bool client_left() { return peek() == 0; }
  template <class Handler>
  void write(const std::array<asio::const_buffer, 2>& buffers, Handler handler);
  template <class Function>
  auto guarded(Function function);

  ConnectionContext context_;
  Timer timer_;
  steady_clock::time_point deadline_ = never;
  bool timer_armed_ = false;

  std::variant<Socket, TlsStream> stream_;
  State state_ = State::idle;
  bool draining_ = false;
  bool served_before_ = false;

  RequestReader reader_;
  steady_clock::time_point busy_since_;  // with the handshake, or with receiving a request
  ResponseForm form_;
  ServerResponse response_;
  std::string head_;   // of the response; of the piece when streaming
  std::string piece_;  // of a streamed body
};

/// A completion handler that keeps the connection alive and is skipped once it is closed.
template <class Function>
auto BeastConnection::guarded(Function function) {
  return [self = shared_from_this(), function = std::move(function)](auto&&... arguments) mutable {
    if (self->state_ != State::closed) function(std::forward<decltype(arguments)>(arguments)...);
  };
}

void BeastConnection::start() {
  busy_since_ = steady_clock::now();
  if (context_.tls != nullptr) return begin_tls();
  begin_request();
  expire_within(context_.options.header_timeout);
  read_more();
}

void BeastConnection::drain() {
  draining_ = true;
  if (state_ != State::answering) close();
}

bool BeastConnection::give_way_if_idle() {
  if (state_ != State::idle || !served_before_ || input_pending()) return false;
  close();
  return true;
}

bool BeastConnection::give_way_if_slow() {
  const bool waits_for_first = state_ == State::idle && !served_before_;
  const bool busy = waits_for_first || state_ == State::handshake || state_ == State::receiving;
  if (!busy || steady_clock::now() - busy_since_ < slow_after) return false;
  close();
  return true;
}

void BeastConnection::close() {
  if (state_ == State::closed) return;
  state_ = State::closed;
  error_code ignored;
  timer_.cancel();
  socket().close(ignored);
  context_.owner.closed(*this);
}

// --- Deadlines: one timer a connection. Moving a deadline back only stores it, and the timer
// rearms itself when it fires too early: a busy connection does not touch the timer at all.

void BeastConnection::expire_within(steady_clock::duration time) {
  deadline_ = steady_clock::now() + time;
  if (!timer_armed_ || deadline_ < timer_.expiry()) arm_timer();
}

void BeastConnection::arm_timer() {
  timer_armed_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait(guarded([this](const error_code& error) {
    if (error) return;  // armed anew
    timer_armed_ = false;
    if (deadline_ == never) return;
    if (steady_clock::now() < deadline_) return arm_timer();
    close();
  }));
}

// --- TLS

void BeastConnection::begin_tls() {
  state_ = State::handshake;
  expire_within(context_.options.header_timeout);
  socket().async_wait(
      Socket::wait_read, guarded([this](const error_code& error) {
        char first = 0;
        const auto got = error ? -1 : ::recv(socket().native_handle(), &first, 1, MSG_PEEK);
        if (got <= 0) return close();
        // A TLS record of a handshake begins with 0x16, a request with the letter of its verb.
        if (first >= 'A' && first <= 'Z') {
          return refuse(
              "HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS "
              "server.\n");
        }
        handshake();
      }));
}

void BeastConnection::handshake() {
  Socket plain = std::move(std::get<Socket>(stream_));
  auto& tls = stream_.emplace<TlsStream>(std::move(plain), *context_.tls);
  tls.async_handshake(asio::ssl::stream_base::server, guarded([this](const error_code& error) {
                        if (error) return linger();  // lets the client read why
                        begin_request();
                        expire_within(context_.options.header_timeout);
                        read_more();
                      }));
}

bool BeastConnection::client_verified() {
  auto* tls = std::get_if<TlsStream>(&stream_);
  if (tls == nullptr || context_.options.tls->client_ca_file.empty()) return false;
  const SSL* session = tls->native_handle();
  return SSL_get0_peer_certificate(session) != nullptr &&
         SSL_get_verify_result(session) == X509_V_OK;
}

// --- Receiving

void BeastConnection::begin_request() {
  state_ = State::idle;
  reader_.begin();
}

void BeastConnection::read_more() {
  const auto room = reader_.room();
  if (room.empty()) return refuse(refusal(431, "Request Header Fields Too Large"));
  std::visit(
      [&](auto& stream) {
        stream.async_read_some(asio::buffer(room.data(), room.size()),
                               guarded([this](const error_code& error, std::size_t length) {
                                 if (error) return close();
                                 if (state_ == State::idle) begin_receiving();
                                 reader_.arrived(length);
                                 parse();
                               }));
      },
      stream_);
}

void BeastConnection::begin_receiving() {
  state_ = State::receiving;
  busy_since_ = steady_clock::now();
  expire_within(context_.options.header_timeout);
}

void BeastConnection::parse() {
  switch (reader_.advance()) {
    case RequestReader::Progress::needs_more:
      return read_more();
    case RequestReader::Progress::begins_body:
      return begin_body();
    case RequestReader::Progress::complete:
      return dispatch();
    case RequestReader::Progress::refused:
      return refuse(reader_.refused_with());
  }
}

void BeastConnection::begin_body() {
  expire_within(context_.options.body_timeout);
  if (reader_.expects_continue() && !reader_.has_input()) return send_continue();
  parse();
}

void BeastConnection::send_continue() {
  head_ = "HTTP/1.1 100 Continue\r\n\r\n";
  write({asio::buffer(head_), {}}, [this] { read_more(); });
}

// --- Answering

void BeastConnection::dispatch() {
  state_ = State::answering;
  deadline_ = never;
  form_ = reader_.form();
  ServerRequest request = reader_.take();
  request.stop = context_.stop;
  request.client_verified = client_verified();
  auto job = [self = shared_from_this(), &io = context_.io, request = std::move(request)] {
    auto response = answer(self->context_.handler, request);
    asio::post(io, self->guarded([raw = self.get(), response = std::move(response)]() mutable {
      raw->respond(std::move(response));
    }));
  };
  try {
    if (!context_.workers.submit(std::move(job))) close();
  } catch (const std::exception&) {
    refuse(refusal(503, "Service Unavailable"));
  }
}

void BeastConnection::respond(ServerResponse response) {
  response_ = std::move(response);
  if (response_.cut_after_bytes == std::size_t{0}) return close();
  const bool endless = response_.stream && form_.http_1_0;  // only closing ends such a body
  if (draining_ || endless) form_.keep_alive = false;
  for (const auto& [name, value] : response_.headers) {
    if (same_header_name(name, "Connection") && value == "close") {
      form_.keep_alive = false;
    }
  }
  head_ = response_head(response_, form_);
  if (!response_.stream || !has_body(response_, form_)) return respond_whole();
  write({asio::buffer(head_), {}}, [this] { next_piece(); });
}

void BeastConnection::respond_whole() {
  const auto length = has_body(response_, form_) ? response_.body.size() : 0;
  const auto cut = response_.cut_after_bytes.value_or(length);
  const bool whole = cut >= length;
  write({asio::buffer(head_), asio::buffer(response_.body.data(), std::min(cut, length))},
        [this, whole] { whole ? finish_response() : close(); });
}

void BeastConnection::next_piece() {
  deadline_ = never;
  if (draining_) return write_piece(std::nullopt);
  auto job = [self = shared_from_this(), &io = context_.io] {
    std::optional<std::string> piece;
    try {
      piece = self->response_.stream();
    } catch (...) {  // ends the body early, which the client must be able to tell
      asio::post(io, self->guarded([raw = self.get()] { raw->close(); }));
      return;
    }
    asio::post(io, self->guarded([raw = self.get(), piece = std::move(piece)]() mutable {
      raw->write_piece(std::move(piece));
    }));
  };
  if (!context_.workers.submit(std::move(job))) close();
}

void BeastConnection::write_piece(std::optional<std::string> piece) {
  const bool last = !piece.has_value();
  const bool chunked = is_chunked(response_, form_);
  if (last && !chunked) return finish_response();
  if (!last && piece->empty()) return client_left() ? close() : next_piece();
  piece_ = std::move(piece).value_or("");
  head_.clear();
  if (chunked) {
    std::array<char, 20> size{};
    const auto end = std::to_chars(size.data(), size.data() + size.size(), piece_.size(), 16).ptr;
    head_.append(size.data(), end).append("\r\n");
    piece_.append("\r\n");
  }
  write({asio::buffer(head_), asio::buffer(piece_)},
        [this, last] { last ? finish_response() : next_piece(); });
}

/// Says why the request is not served, and closes.
void BeastConnection::refuse(std::string text) {
  state_ = State::answering;
  form_.keep_alive = false;
  head_ = std::move(text);
  write({asio::buffer(head_), {}}, [this] { finish_response(); });
}

void BeastConnection::finish_response() {
  response_ = {};
  served_before_ = true;
  if (draining_) return close();
  if (!form_.keep_alive) return finish_output();
  begin_request();
  if (reader_.has_input()) {  // the next request was sent along
    begin_receiving();
    return parse();
  }
  expire_within(context_.options.idle_timeout);
  context_.owner.became_idle();
  read_more();
}

/// Lets the client take the answer before the connection goes: closing a socket with unread input
/// resets the connection, and the answer may be lost.
void BeastConnection::finish_output() {
  auto* tls = std::get_if<TlsStream>(&stream_);
  if (tls == nullptr) return linger();
  state_ = State::closing;
  expire_within(closing_timeout);
  tls->async_shutdown(guarded([this](const error_code&) { close(); }));
}

void BeastConnection::linger() {
  state_ = State::closing;
  expire_within(closing_timeout);
  error_code ignored;
  socket().shutdown(Socket::shutdown_send, ignored);
  discard_input();
}

void BeastConnection::discard_input() {
  reader_.drop_input();
  const auto room = reader_.room();
  socket().async_read_some(asio::buffer(room.data(), room.size()),
                           guarded([this](const error_code& error, std::size_t) {
                             if (error) return close();
                             discard_input();
                           }));
}

// --- The stream

Socket& BeastConnection::socket() {
  if (auto* tls = std::get_if<TlsStream>(&stream_)) return tls->next_layer();
  return std::get<Socket>(stream_);
}

/// What reading one byte would return, without reading it.
ssize_t BeastConnection::peek() {
  char byte = 0;
  return ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
}

/// Writes everything, then calls `done`; a client that takes nothing for `body_timeout` is dropped.
template <class Handler>
void BeastConnection::write(const std::array<asio::const_buffer, 2>& buffers, Handler done) {
  const auto progress = [this](const error_code& error, std::size_t) {
    expire_within(context_.options.body_timeout);
    return error ? std::size_t{0} : std::size_t{64u << 10};
  };
  std::visit(
      [&](auto& stream) {
        asio::async_write(stream, buffers, progress,
                          guarded([this, done](const error_code& error, std::size_t) {
                            if (error) return close();
                            done();
                          }));
      },
      stream_);
}

}  // namespace

std::shared_ptr<HttpConnection> make_connection(const ConnectionContext& context, int socket) {
  // The protocol only matters for reopening, which never happens.
  return std::make_shared<BeastConnection>(
      context, Socket(context.io.get_executor(), asio::ip::tcp::v4(), socket));
}

}  // namespace cpab
