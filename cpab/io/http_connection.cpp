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
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <charconv>
#include <variant>

#include "cpab/io/http_response_head.h"
#include "cpab/io/request_target.h"
#include "cpab/io/worker_pool.h"

namespace cpab {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using std::chrono::steady_clock;

using Executor = asio::io_context::executor_type;
using Socket = asio::basic_stream_socket<asio::ip::tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket>;
using Timer = asio::basic_waitable_timer<steady_clock, asio::wait_traits<steady_clock>, Executor>;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t read_bytes = 2048;            // at a time; small, as most requests are
constexpr std::chrono::seconds closing_timeout{2};  // for the client to take the last answer
constexpr auto never = steady_clock::time_point::max();

HttpHeaders headers_of(const http::fields& fields) {
  HttpHeaders headers;
  for (const auto& field : fields) {
    headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  return headers;
}

ServerRequest to_server_request(Parser& parser, std::stop_token stop) {
  auto message = parser.release();
  return {std::string(message.method_string()), origin_form(std::string(message.target())),
          headers_of(message), std::move(message.body()), std::move(stop)};
}

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

/// The refusal for what the parser found; empty when the client simply went away.
std::string refusal_for(const error_code& error) {
  if (error == http::error::end_of_stream || error == http::error::partial_message) return {};
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return refusal(431, "Request Header Fields Too Large");
  }
  if (error == http::error::body_limit) return refusal(413, "Request Entity Too Large");
  if (error == http::error::bad_version) {
    return refusal(505, "HTTP Version Not Supported: unsupported protocol version");
  }
  return refusal(400, "Bad Request");
}

class BeastConnection final : public HttpConnection,
                              public std::enable_shared_from_this<BeastConnection> {
 public:
  BeastConnection(const ConnectionContext& context, Socket socket)
      : context_(context),
        timer_(context.io.get_executor()),
        stream_(std::in_place_type<Socket>, std::move(socket)),
        buffer_(context.options.max_header_bytes + read_bytes) {}

  void start() override;
  void drain() override;
  bool give_way() override;
  void close() override;

 private:
  enum class State { handshake, idle, receiving, answering, closing, closed };

  // Deadlines.
  void expire_within(steady_clock::duration time);
  void arm_timer();

  // TLS.
  void begin_tls();
  void handshake();

  // Receiving a request.
  void begin_request();
  void read_more();
  void parse();
  void begin_body();
  void send_continue();
  void receive_failed(const error_code& error);

  // Answering it.
  void dispatch();
  void respond(ServerResponse response);
  void respond_whole();
  void next_piece();
  void write_piece(std::optional<std::string> piece);
  void refuse(std::string text);
  void finish_response();
  void finish_output();
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

  beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
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
  if (context_.tls != nullptr) return begin_tls();
  begin_request();
  expire_within(context_.options.header_timeout);
  read_more();
}

void BeastConnection::drain() {
  draining_ = true;
  if (state_ != State::answering) close();
}

bool BeastConnection::give_way() {
  if (state_ != State::idle || !served_before_ || input_pending()) return false;
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
                        if (error) return close();
                        begin_request();
                        expire_within(context_.options.header_timeout);
                        read_more();
                      }));
}

// --- Receiving

void BeastConnection::begin_request() {
  state_ = State::idle;
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(context_.options.max_header_bytes));
  parser_->body_limit(context_.options.max_body_bytes);
}

void BeastConnection::read_more() {
  const auto room = std::min(read_bytes, buffer_.max_size() - buffer_.size());
  if (room == 0) return receive_failed(http::error::buffer_overflow);  // an endless chunk header
  std::visit(
      [&](auto& stream) {
        stream.async_read_some(buffer_.prepare(room),
                               guarded([this](const error_code& error, std::size_t length) {
                                 if (error) return close();
                                 if (state_ == State::idle) {
                                   state_ = State::receiving;
                                   expire_within(context_.options.header_timeout);
                                 }
                                 buffer_.commit(length);
                                 parse();
                               }));
      },
      stream_);
}

void BeastConnection::parse() {
  const bool had_header = parser_->is_header_done();
  error_code error;
  while (!error && buffer_.size() > 0 && !parser_->is_done()) {
    buffer_.consume(parser_->put(buffer_.data(), error));
    if (!error && !parser_->eager() && parser_->is_header_done()) break;
  }
  if (error && error != http::error::need_more) return receive_failed(error);
  if (!had_header && parser_->is_header_done()) return begin_body();
  if (parser_->is_done()) return dispatch();
  read_more();
}

/// The header is complete: what it says decides how to go on.
void BeastConnection::begin_body() {
  const auto& message = parser_->get();
  form_.http_1_0 = message.version() < 11;
  form_.keep_alive = message.keep_alive();
  form_.head_request = message.method() == http::verb::head;
  if (!form_.http_1_0 && message.find(http::field::host) == message.end()) {
    return refuse(refusal(400, "Bad Request: missing required Host header"));
  }
  if (!is_valid_target(message.target())) return refuse(refusal(400, "Bad Request"));
  if (parser_->is_done()) return dispatch();
  expire_within(context_.options.body_timeout);
  parser_->eager(true);
  const bool asks_first = beast::iequals(message[http::field::expect], "100-continue");
  if (asks_first && buffer_.size() == 0) return send_continue();
  parse();
}

void BeastConnection::send_continue() {
  head_ = "HTTP/1.1 100 Continue\r\n\r\n";
  write({asio::buffer(head_), {}}, [this] { read_more(); });
}

void BeastConnection::receive_failed(const error_code& error) {
  auto text = refusal_for(error);
  if (text.empty()) return close();
  refuse(std::move(text));
}

// --- Answering

void BeastConnection::dispatch() {
  state_ = State::answering;
  deadline_ = never;
  auto job = [self = shared_from_this(), &io = context_.io,
              request = to_server_request(*parser_, context_.stop)] {
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
    if (beast::iequals(name, "Connection") && beast::iequals(value, "close")) {
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
  if (buffer_.size() == 0) {
    if (buffer_.capacity() > read_bytes) buffer_.shrink_to_fit();
    expire_within(context_.options.idle_timeout);
    context_.owner.became_idle();
    return read_more();
  }
  state_ = State::receiving;  // the next request was sent along
  expire_within(context_.options.header_timeout);
  parse();
}

/// Lets the client take the answer before the connection goes: closing a socket with unread input
/// resets the connection, and the answer may be lost.
void BeastConnection::finish_output() {
  state_ = State::closing;
  expire_within(closing_timeout);
  if (auto* tls = std::get_if<TlsStream>(&stream_)) {
    return tls->async_shutdown(guarded([this](const error_code&) { close(); }));
  }
  error_code ignored;
  socket().shutdown(Socket::shutdown_send, ignored);
  discard_input();
}

void BeastConnection::discard_input() {
  buffer_.consume(buffer_.size());
  socket().async_read_some(buffer_.prepare(read_bytes),
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
