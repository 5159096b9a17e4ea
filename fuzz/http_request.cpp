#include <algorithm>

#include "cpab/io/request_reader.h"
#include "cpab/io/request_target.h"
#include "fuzz/property.h"
#include "fuzz/targets.h"

namespace cpab {
namespace {

const HttpServerOptions strict{.max_header_bytes = 512, .max_body_bytes = 256};
const HttpServerOptions generous;

std::string text_of(const ServerRequest& request) {
  require(is_valid_target(request.target), "a target is valid");
  std::string text = request.method + " " + request.target + "\n";
  for (const auto& [name, value] : request.headers) {
    require(value.find_first_of("\r\n") == std::string::npos, "a header is one line");
    text += name + ": " + value + "\n";
  }
  return text + "\n" + request.body;
}

/// Moves up to `piece` bytes from `input` to the reader; false when there are none or no room.
bool feed(RequestReader& reader, std::string_view& input, std::size_t piece) {
  const std::span<char> room = reader.room();
  const std::size_t size = std::min({room.size(), input.size(), piece});
  std::copy_n(input.begin(), size, room.begin());
  reader.arrived(size);
  input.remove_prefix(size);
  return size > 0;
}

/// The requests that a connection makes of `input` when it arrives in pieces of this size, as
/// texts.
std::vector<std::string> requests_in(std::string_view input, std::size_t piece,
                                     const HttpServerOptions& options) {
  RequestReader reader(options);
  std::vector<std::string> requests;
  ServerRequest request;
  for (;;) {
    switch (reader.advance()) {
      case RequestReader::Progress::begins_body:
        break;
      case RequestReader::Progress::needs_more:
        if (!feed(reader, input, piece)) return requests;
        break;
      case RequestReader::Progress::complete:
        request = reader.take();
        require(request.body.size() <= options.max_body_bytes, "a body is as long as allowed");
        requests.push_back(text_of(request));
        reader.begin();
        break;
      case RequestReader::Progress::refused:
        require(reader.refused_with().starts_with("HTTP/1.1 "), "a refusal is an answer");
        return requests;
    }
  }
}

}  // namespace

void fuzz_http_request(std::string_view input) {
  requests_in(input, input.size(), strict);
  // Malformed requests, and those at a limit, may be refused a byte earlier or later.
  if (input.size() >= generous.max_header_bytes) return;
  require(requests_in(input, 1, generous) == requests_in(input, input.size(), generous),
          "how the bytes arrive makes no difference");
}

}  // namespace cpab
