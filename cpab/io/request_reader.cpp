#include "cpab/io/request_reader.h"

#include <algorithm>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <charconv>
#include <optional>
#include <string_view>

#include "cpab/io/chunked_body.h"
#include "cpab/io/request_target.h"

namespace cpab {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using boost::system::error_code;
using Message = http::request<http::empty_body>;
using Parser = http::request_parser<http::empty_body>;  // of headers; bodies are ours to read

constexpr std::size_t read_bytes = 2048;  // at a time; small, as most requests are

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
bool has_plain_length(const Message& message) {
  const auto codings = message.count(http::field::transfer_encoding);
  const auto lengths = message.count(http::field::content_length);
  if (codings + lengths > 1) return false;
  if (codings == 1) {
    return message.version() == 11 &&
           beast::iequals(message[http::field::transfer_encoding], "chunked");
  }
  return message[http::field::content_length].find(',') == std::string_view::npos;
}

/// Of a message that has_plain_length().
std::uint64_t length_of(const Message& message) {
  const std::string_view text = message[http::field::content_length];
  std::uint64_t length = 0;
  std::from_chars(text.data(), text.data() + text.size(), length);  // the parser has checked it
  return length;
}

/// Why a request with this header is not served; empty when it is.
std::string objection(const Message& message) {
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

  /// Feeds the parser until the header is complete, or nothing is left.
  error_code parse() {
    error_code error;
    while (!error && !parser->is_header_done() && buffer.size() > 0) {
      buffer.consume(parser->put(buffer.data(), error));
    }
    return error == http::error::need_more ? error_code() : error;
  }

  Progress refuse(std::string text) {
    refusal_text = std::move(text);
    return Progress::refused;
  }

  Progress advance_header() {
    if (has_folded_line(input())) return refuse(refusal(400, "Bad Request"));
    if (const error_code error = parse()) return refuse(refusal_for(error));
    return parser->is_header_done() ? header_complete() : Progress::needs_more;
  }

  Progress header_complete() {
    const Message& message = parser->get();
    std::string text = objection(message);
    if (!text.empty()) return refuse(std::move(text));
    if (message.count(http::field::transfer_encoding) > 0) chunks.emplace(options.max_body_bytes);
    missing = length_of(message);
    if (missing > options.max_body_bytes) return refuse_body();
    return chunks || missing > 0 ? Progress::begins_body : Progress::complete;
  }

  Progress advance_body() {
    std::string_view rest = input();
    const Progress progress = chunks ? advance_chunks(rest) : advance_plain(rest);
    buffer.consume(buffer.size() - rest.size());
    return progress;
  }

  Progress advance_plain(std::string_view& rest) {
    const auto count = std::min<std::uint64_t>(missing, rest.size());
    body.append(rest.substr(0, count));
    rest.remove_prefix(count);
    missing -= count;
    return missing == 0 ? Progress::complete : Progress::needs_more;
  }

  Progress advance_chunks(std::string_view& rest) {
    switch (chunks->read(rest)) {
      case ChunkedBody::Progress::needs_more:
        return Progress::needs_more;
      case ChunkedBody::Progress::complete:
        body = chunks->take();
        return Progress::complete;
      case ChunkedBody::Progress::malformed:
        break;
      case ChunkedBody::Progress::too_large:
        return refuse_body();
    }
    return refuse(refusal(400, "Bad Request"));
  }

  Progress refuse_body() { return refuse(refusal(413, "Request Entity Too Large")); }

  const HttpServerOptions& options;
  beast::flat_buffer buffer;
  std::optional<Parser> parser;
  std::optional<ChunkedBody> chunks;  // none: the body has a length
  std::uint64_t missing = 0;          // of it
  std::string body;
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
  parser.skip(true);
  impl_->chunks.reset();
  impl_->body.clear();
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
  return impl_->parser->is_header_done() ? impl_->advance_body() : impl_->advance_header();
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
  request.body = std::move(impl_->body);
  return request;
}

}  // namespace cpab
