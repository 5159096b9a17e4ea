#include "cpab/io/request_reader.h"

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <optional>
#include <string_view>

#include "cpab/io/request_target.h"

namespace cpab {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Parser = http::request_parser<http::string_body>;

constexpr std::size_t read_bytes = 2048;  // at a time; small, as most requests are

/// What a body in chunks ends in at least: `0`, and two line ends. The parser of Boost 1.81 asserts
/// that it is there in one piece once it has seen the first of these bytes.
constexpr std::size_t last_chunk_bytes = 5;

HttpHeaders headers_of(const http::fields& fields) {
  HttpHeaders headers;
  for (const auto& field : fields) {
    headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  return headers;
}

/// Whether a header is complete in `text` and continues a line on the next one. Such folding was
/// taken back from HTTP since readers disagree about it; the parser would still accept it.
bool has_folded_line(std::string_view text) {
  const std::string_view header = text.substr(0, text.find("\r\n\r\n"));
  if (header.size() == text.size()) return false;
  return header.find("\r\n ") != header.npos || header.find("\r\n\t") != header.npos;
}

/// Whether the length of the body is given once and in one way, without which the next request
/// could begin elsewhere for us than for a proxy in front of us.
bool has_plain_length(const http::request<http::string_body>& message) {
  const auto codings = message.count(http::field::transfer_encoding);
  const auto lengths = message.count(http::field::content_length);
  if (codings + lengths > 1) return false;
  if (codings == 1) {
    return message.version() == 11 &&
           beast::iequals(message[http::field::transfer_encoding], "chunked");
  }
  return message[http::field::content_length].find(',') == std::string_view::npos;
}

/// Why a request with this header is not served; empty when it is.
std::string objection(const http::request<http::string_body>& message) {
  const auto hosts = message.count(http::field::host);
  if (hosts == 0 && message.version() == 11) {
    return refusal(400, "Bad Request: missing required Host header");
  }
  if (hosts > 1 || !has_plain_length(message) || !is_valid_target(message.target())) {
    return refusal(400, "Bad Request");
  }
  return {};
}

std::string refusal_for(const error_code& error) {
  if (error == http::error::header_limit) return refusal(431, "Request Header Fields Too Large");
  if (error == http::error::body_limit) return refusal(413, "Request Entity Too Large");
  if (error == http::error::bad_version) {
    return refusal(505, "HTTP Version Not Supported: unsupported protocol version");
  }
  return refusal(400, "Bad Request");
}

}  // namespace

struct RequestReader::Impl {
  explicit Impl(const HttpServerOptions& server_options)
      : options(server_options), buffer(server_options.max_header_bytes + read_bytes) {}

  std::string_view input() const {
    return {static_cast<const char*>(buffer.data().data()), buffer.size()};
  }

  /// Whether the parser can do something with what has arrived.
  bool is_enough() const {
    const bool in_chunks = parser->is_header_done() && parser->chunked();
    return buffer.size() >= (in_chunks ? last_chunk_bytes : 1);
  }

  /// Feeds the parser; stops behind the header when that becomes complete.
  error_code parse() {
    error_code error;
    while (!error && !parser->is_done() && is_enough()) {
      buffer.consume(parser->put(buffer.data(), error));
      if (!error && !parser->eager() && parser->is_header_done()) break;
    }
    return error == http::error::need_more ? error_code() : error;
  }

  Progress refuse(std::string text) {
    refusal_text = std::move(text);
    return Progress::refused;
  }

  Progress header_complete() {
    std::string text = objection(parser->get());
    if (!text.empty()) return refuse(std::move(text));
    if (parser->is_done()) return Progress::complete;
    parser->eager(true);
    return Progress::begins_body;
  }

  const HttpServerOptions& options;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
  std::string refusal_text;
};

RequestReader::RequestReader(const HttpServerOptions& options)
    : impl_(std::make_unique<Impl>(options)) {
  begin();
}

RequestReader::~RequestReader() = default;

void RequestReader::begin() {
  Parser& parser = impl_->parser.emplace();
  parser.header_limit(static_cast<std::uint32_t>(impl_->options.max_header_bytes));
  parser.body_limit(impl_->options.max_body_bytes);
  auto& buffer = impl_->buffer;
  if (buffer.size() == 0 && buffer.capacity() > read_bytes) buffer.shrink_to_fit();
}

std::span<char> RequestReader::room() {
  auto& buffer = impl_->buffer;
  const auto size = std::min(read_bytes, buffer.max_size() - buffer.size());
  if (size == 0) return {};
  return {static_cast<char*>(buffer.prepare(size).data()), size};
}

void RequestReader::arrived(std::size_t count) { impl_->buffer.commit(count); }

RequestReader::Progress RequestReader::advance() {
  Parser& parser = *impl_->parser;
  const bool had_header = parser.is_header_done();
  if (!had_header && has_folded_line(impl_->input())) {
    return impl_->refuse(refusal(400, "Bad Request"));
  }
  if (const error_code error = impl_->parse()) return impl_->refuse(refusal_for(error));
  if (!had_header && parser.is_header_done()) return impl_->header_complete();
  return parser.is_done() ? Progress::complete : Progress::needs_more;
}

bool RequestReader::has_input() const { return impl_->buffer.size() > 0; }

void RequestReader::drop_input() { impl_->buffer.consume(impl_->buffer.size()); }

const std::string& RequestReader::refused_with() const { return impl_->refusal_text; }

bool RequestReader::expects_continue() const {
  return beast::iequals(impl_->parser->get()[http::field::expect], "100-continue");
}

ResponseForm RequestReader::form() const {
  const auto& message = impl_->parser->get();
  return {.http_1_0 = message.version() < 11,
          .keep_alive = message.keep_alive(),
          .head_request = message.method() == http::verb::head};
}

ServerRequest RequestReader::take() {
  auto message = impl_->parser->release();
  ServerRequest request;
  request.method = std::string(message.method_string());
  request.target = origin_form(std::string(message.target()));
  request.headers = headers_of(message);
  request.body = std::move(message.body());
  return request;
}

}  // namespace cpab
