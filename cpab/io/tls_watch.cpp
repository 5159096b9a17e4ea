#include "cpab/io/tls_watch.h"

#include <openssl/ssl.h>

namespace cpab {
namespace {

bool is_close_notify(int event, int value) {
  constexpr int description = 0xff;
  return (event & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT &&
         (value & description) == SSL_AD_CLOSE_NOTIFY;
}

void on_event(const SSL* connection, int event, int value) {
  auto* watch = static_cast<TlsWatch*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)));
  if (event == SSL_CB_HANDSHAKE_START) watch->note_handshake();
  if (is_close_notify(event, value)) watch->note_closed(connection);
}

}  // namespace

void TlsWatch::listen_to(void* context) {
  auto* tls = static_cast<SSL_CTX*>(context);
  SSL_CTX_set_app_data(tls, this);
  SSL_CTX_set_info_callback(tls, on_event);
}

bool has_unread_bytes(const void* connection) {
  return connection != nullptr && SSL_has_pending(static_cast<const SSL*>(connection)) == 1;
}

}  // namespace cpab
