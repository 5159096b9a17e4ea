#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "cpab/io/http_response_head.h"
#include "cpab/io/http_server.h"

namespace cpab {

/// Makes requests of the bytes that arrive on one connection, within the limits of the options,
/// and refuses what two readers could take for different requests (RFC 9112 sections 6.3 and 11.2):
///
///     begin -> [room, arrived, advance] ... -> complete -> take -> begin ...
class RequestReader {
 public:
  enum class Progress {
    needs_more,   ///< of the request; read into room()
    begins_body,  ///< the header is complete and a body follows; advance() goes on with it
    complete,     ///< ready to take()
    refused,      ///< no request that can be served; refused_with() says why
  };

  /// `options` outlives the reader.
  explicit RequestReader(const HttpServerOptions& options);
  ~RequestReader();

  /// Makes ready for the next request, whose first bytes may be here already.
  void begin();

  /// Where to put the next bytes; empty when none may follow. Good until the next call.
  std::span<char> room();

  /// So many bytes were put into room().
  void arrived(std::size_t count);

  /// Reads on in what has arrived.
  Progress advance();

  /// Whether bytes are here that belong to no request so far.
  bool has_input() const;

  /// Forgets them.
  void drop_input();

  /// The whole answer to what was refused.
  const std::string& refused_with() const;

  /// Whether the client waits to be told that it may send the body.
  bool expects_continue() const;

  /// How the complete request wants to be answered.
  ResponseForm form() const;

  /// The complete request. What does not come from its text is left for the caller to fill in.
  ServerRequest take();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cpab
