#pragma once

namespace cpab {

/// What OpenSSL knows of the connection of a request and curl does not tell. Used by one thread at
/// a time; lives longer than the connections and stays where it is.
class TlsWatch {
 public:
  /// Listens to the connections that are made with this SSL_CTX.
  void listen_to(void* context);

  /// A request begins, or begins again.
  void reset() { *this = {}; }

  /// It is about to be sent over `connection`, an SSL; null is a connection without TLS.
  void use(const void* connection) { connection_ = connection; }

  /// Whether a connection was there and its TLS handshake began, for this request.
  bool began_handshake() const { return began_handshake_; }

  /// Whether the server has said that the connection in use is over (`close_notify`), which
  /// somebody who cuts it cannot. One without TLS is closed by closing it.
  bool was_closed_properly() const { return connection_ == nullptr || closed_; }

  /// Called when a handshake begins, and when a server has closed `connection`.
  void note_handshake() { began_handshake_ = true; }
  void note_closed(const void* connection) { closed_ |= connection == connection_; }

 private:
  const void* connection_ = nullptr;
  bool began_handshake_ = false;
  bool closed_ = false;
};

/// Whether bytes of `connection`, an SSL or null, have left its socket and were not read.
bool has_unread_bytes(const void* connection);

}  // namespace cpab
