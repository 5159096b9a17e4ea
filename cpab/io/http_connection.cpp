#include "cpab/io/http_connection.h"

#include <poll.h>
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

#include "cpab/io/contained.h"
#include "cpab/io/http_response_head.h"
#include "cpab/io/request_reader.h"
#include "cpab/io/unique_fd.h"
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

constexpr std::chrono::seconds closing_timeout{2};   // for the client to take the last answer
constexpr std::chrono::milliseconds look_time{250};  // between looks whether who waits has left
constexpr auto never = steady_clock::time_point::max();

ServerResponse bare(int status) {
  ServerResponse response;
  response.status = status;
  return response;
}

/// What the function says, or a bare failure when it throws.
template <class Function>
ServerResponse answer_of(const Function& function) {
  try {
    return function();
  } catch (const std::bad_alloc&) {
    return bare(503);
  } catch (...) {
    return bare(500);
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
  bool is_idle() override;
  std::optional<steady_clock::time_point> waits_since() const override;
  void close() override;
  void begin_turn() override;

 private:
  enum class State { handshake, idle, receiving, answering, waiting, sending, closing, closed };

  // States.
  void enter(State state);

  // Deadlines.
  void expire_within(steady_clock::duration time);
  void arm_timer();
  void look_for_client();

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
  void submit(std::function<void()> job);
  void respond(ServerResponse response);
  void ask_for_turn(InTurn in_turn);
  void refuse_turn(Turn outcome);
  void use_turn();
  void work_done(ServerResponse response);
  void leave_turn();
  void send(ServerResponse response);
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
  bool input_pending();
  bool client_left();
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
  steady_clock::time_point state_since_;
  ResponseForm form_;
  InTurn in_turn_;        // while it waits for its turn
  bool in_work_ = false;  // the turn has begun, and its answer is being made
  bool has_turn_ = false;
  ServerResponse response_;
  std::string head_;   // of the response; of the piece when streaming
  std::string piece_;  // of a streamed body
};

/// A completion handler that keeps the connection alive and is skipped once it is closed. What it
/// throws, which is that there is no memory, ends the connection.
template <class Function>
auto BeastConnection::guarded(Function function) {
  return [self = shared_from_this(), function = std::move(function)](auto&&... arguments) mutable {
    if (self->state_ == State::closed) return;
    const bool done = contained("A connection",
                                [&] { function(std::forward<decltype(arguments)>(arguments)...); });
    if (!done) self->close();
  };
}

void BeastConnection::enter(State state) {
  state_ = state;
  state_since_ = steady_clock::now();
}

void BeastConnection::start() {
  if (context_.tls != nullptr) return begin_tls();
  begin_request();
  expire_within(context_.options.header_timeout);
  read_more();
}

void BeastConnection::drain() {
  draining_ = true;
  if (state_ == State::waiting) {
    context_.turns.leave(*this);
    return refuse_turn(Turn::stopping);
  }
  if (state_ != State::answering && state_ != State::sending) close();
}

bool BeastConnection::is_idle() {
  return state_ == State::idle && served_before_ && !input_pending();
}

std::optional<steady_clock::time_point> BeastConnection::waits_since() const {
  const bool our_turn = state_ == State::answering || state_ == State::waiting;
  const bool idle = state_ == State::idle && served_before_;
  return our_turn || idle ? std::nullopt : std::optional(state_since_);
}

void BeastConnection::close() {
  if (state_ == State::closed) return;
  if (state_ == State::waiting) context_.turns.leave(*this);
  enter(State::closed);
  leave_turn();
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
    if (state_ == State::waiting) return look_for_client();
    close();
  }));
}

/// Who has left does not need an answer, and shall not keep others waiting for one.
void BeastConnection::look_for_client() {
  if (client_left()) return close();
  expire_within(look_time);
}

// --- TLS

void BeastConnection::begin_tls() {
  enter(State::handshake);
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
  enter(State::idle);
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
  enter(State::receiving);
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
  enter(State::answering);
  deadline_ = never;
  form_ = reader_.form();
  ServerRequest request = reader_.take();
  request.stop = context_.stop;
  request.client_verified = client_verified();
  submit([self = shared_from_this(), &io = context_.io, request = std::move(request),
          response = std::make_shared<ServerResponse>()] {
    *response = answer_of([&] { return self->context_.handler(request); });
    persist("Answering a request", [&] {
      asio::post(
          io, self->guarded([raw = self.get(), response] { raw->respond(std::move(*response)); }));
    });
  });
}

/// Has a worker do the job, unless the server is stopping, or is out of threads.
void BeastConnection::submit(std::function<void()> job) {
  try {
    if (context_.workers.submit(std::move(job))) return;
    in_work_ = false;
    close();
  } catch (const std::exception&) {
    in_work_ = false;
    response_.stream ? close() : refuse(refusal(503, "Service Unavailable"));
  }
}

void BeastConnection::respond(ServerResponse response) {
  if (response.in_turn) return ask_for_turn(std::move(response.in_turn));
  send(std::move(response));
}

// --- Turns. One that has begun lasts until its work is done and its answer is sent, or nobody is
// there any more to take it.

void BeastConnection::ask_for_turn(InTurn in_turn) {
  in_turn_ = std::move(in_turn);
  if (draining_) return refuse_turn(Turn::stopping);
  switch (context_.turns.ask(*this)) {
    case TurnQueue::Answer::begins:
      return;
    case TurnQueue::Answer::waits:
      enter(State::waiting);
      return expire_within(look_time);
    case TurnQueue::Answer::full:
      return refuse_turn(Turn::queue_full);
  }
}

void BeastConnection::refuse_turn(Turn outcome) {
  const InTurn in_turn = std::exchange(in_turn_, {});
  send(answer_of([&] { return in_turn(outcome); }));
}

/// Called by whoever ends a turn, whose connection is not to suffer from what this one throws.
void BeastConnection::begin_turn() {
  has_turn_ = true;
  if (!contained("A connection", [this] { use_turn(); })) close();
}

void BeastConnection::use_turn() {
  if (state_ == State::waiting && client_left()) return close();
  enter(State::answering);
  deadline_ = never;
  const auto response = std::make_shared<ServerResponse>();
  in_work_ = true;
  submit([self = shared_from_this(), &io = context_.io, in_turn = std::exchange(in_turn_, {}),
          response] {
    *response = answer_of([&] { return in_turn(Turn::begun); });
    persist("Answering a request", [&] {
      asio::post(io, [self, response] {
        const auto take = [&] { self->work_done(std::move(*response)); };
        if (!contained("A connection", take)) self->close();
      });
    });
  });
}

void BeastConnection::work_done(ServerResponse response) {
  in_work_ = false;
  if (state_ == State::closed) return leave_turn();
  send(std::move(response));
}

void BeastConnection::leave_turn() {
  if (!has_turn_ || in_work_) return;
  has_turn_ = false;
  context_.turns.end_turn();
}

// --- Sending the answer

void BeastConnection::send(ServerResponse response) {
  enter(State::sending);
  response_ = std::move(response);
  if (response_.cut_after_bytes == std::size_t{0}) return close();
  const bool endless = response_.stream && form_.http_1_0;  // only closing ends such a body
  if (draining_ || endless || context_.owner.crowded()) form_.keep_alive = false;
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
  enter(State::answering);
  deadline_ = never;
  if (draining_ && !response_.stream_has_end) return write_piece(std::nullopt);
  submit([self = shared_from_this(), &io = context_.io] {
    std::optional<std::string> piece;
    try {
      piece = self->response_.stream();
    } catch (...) {  // ends the body early, which the client must be able to tell
      persist("Ending an answer",
              [&] { asio::post(io, self->guarded([raw = self.get()] { raw->close(); })); });
      return;
    }
    persist("Answering a request", [&] {
      asio::post(io, self->guarded([raw = self.get(), piece]() mutable {
        raw->write_piece(std::move(piece));
      }));
    });
  });
}

void BeastConnection::write_piece(std::optional<std::string> piece) {
  const bool last = !piece.has_value();
  const bool chunked = is_chunked(response_, form_);
  if (last && !chunked) return finish_response();
  if (!last && piece->empty()) return client_left() ? close() : next_piece();
  enter(State::sending);
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
  enter(State::sending);
  form_.keep_alive = false;
  head_ = std::move(text);
  write({asio::buffer(head_), {}}, [this] { finish_response(); });
}

void BeastConnection::finish_response() {
  response_ = {};
  leave_turn();
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
  enter(State::closing);
  expire_within(closing_timeout);
  tls->async_shutdown(guarded([this](const error_code&) { close(); }));
}

void BeastConnection::linger() {
  enter(State::closing);
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

/// Whether there is something to read, without reading it.
bool BeastConnection::input_pending() {
  char byte = 0;
  return ::recv(socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/// Whether the client has closed its sending side, whatever there is to be read before that.
bool BeastConnection::client_left() {
  pollfd client{socket().native_handle(), POLLRDHUP, 0};
  return ::poll(&client, 1, 0) > 0;
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
  UniqueFd owned(socket);
  Socket adopted(context.io.get_executor());
  // The protocol only matters for reopening, which never happens.
  adopted.assign(asio::ip::tcp::v4(), owned.value());
  owned.release();
  return std::make_shared<BeastConnection>(context, std::move(adopted));
}

}  // namespace cpab
