#include "cpab/io/server_certificates.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ssl/context.hpp>
#include <ctime>
#include <memory>
#include <utility>

#include "cpab/io/file.h"
#include "cpab/io/logging.h"

namespace cpab {
namespace {

namespace ssl = boost::asio::ssl;
using boost::system::error_code;

constexpr Duration shortest_pause{1'000};

void check(const error_code& error, const std::string& what) {
  if (error) throw HttpServerError(what + ": " + error.message());
}

// A pass phrase is never asked for: that would read from the terminal.
int no_pass_phrase(char* /*buffer*/, int /*size*/, int /*writing*/, void* /*data*/) { return -1; }

ServerCertificates::Context bare_context() {
  auto tls = std::make_shared<ssl::context>(ssl::context::tls_server);
  SSL_CTX* native = tls->native_handle();
  SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION);
  SSL_CTX_set_session_cache_mode(native, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_default_passwd_cb(native, no_pass_phrase);
  return tls;
}

/// What a file holds. OpenSSL would read whatever the path leads to, and wait for it.
std::string pem(const std::string& what, const std::string& path) {
  try {
    return read_file(path, file_kind::certificate);
  } catch (const FileError& error) {
    throw HttpServerError(what + ": " + error.what());
  }
}

void use_pair(ssl::context& tls, const ServerTls& files) {
  error_code error;
  tls.use_certificate_chain(boost::asio::buffer(pem("the certificate", files.cert_file)), error);
  check(error, "read the certificate " + files.cert_file);
  std::string key = pem("the private key", files.key_file);
  tls.use_private_key(boost::asio::buffer(key), ssl::context::pem, error);
  OPENSSL_cleanse(key.data(), key.size());
  check(error, "read the private key " + files.key_file);
  if (SSL_CTX_check_private_key(tls.native_handle()) != 1) {
    throw HttpServerError("the private key " + files.key_file +
                          " does not belong to the certificate " + files.cert_file);
  }
}

/// Says to clients whose certificates are accepted, so that they can choose one.
void name_authorities(SSL_CTX* tls, const std::string& authorities) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(
      BIO_new_mem_buf(authorities.data(), static_cast<int>(authorities.size())), BIO_free);
  while (X509* authority = PEM_read_bio_X509(bio.get(), nullptr, no_pass_phrase, nullptr)) {
    SSL_CTX_add_client_CA(tls, authority);
    X509_free(authority);
  }
  ERR_clear_error();  // the end of the text
}

/// Asks clients for a certificate. One who has none may go on; one who shows a bad one may not.
void ask_for_client_certificates(ssl::context& tls, const std::string& ca_file) {
  error_code error;
  const std::string authorities = pem("the CA of the clients", ca_file);
  tls.add_certificate_authority(boost::asio::buffer(authorities), error);
  check(error, "read the CA of the clients " + ca_file);
  SSL_CTX* native = tls.native_handle();
  name_authorities(native, authorities);
  SSL_CTX_set_verify(native, SSL_VERIFY_PEER, nullptr);
  // A resumed session would spare the client showing a certificate that is valid now.
  SSL_CTX_set_options(native, SSL_OP_NO_TICKET);
  SSL_CTX_set_num_tickets(native, 0);
}

void warn_when_expired(ssl::context& tls, const std::string& cert_file) {
  const X509* shown = SSL_CTX_get0_certificate(tls.native_handle());
  if (X509_cmp_current_time(X509_get0_notAfter(shown)) < 0) {
    log_warning("The certificate " + cert_file + " has expired; clients will refuse it");
  }
}

WallTime expiry_of(ssl::context& tls) {
  std::tm utc{};
  ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(tls.native_handle())), &utc);
  return WallTime(std::chrono::seconds(::timegm(&utc)));
}

ServerCertificates::Context make_context(const ServerTls& files) {
  auto tls = bare_context();
  use_pair(*tls, files);
  if (!files.client_ca_file.empty()) ask_for_client_certificates(*tls, files.client_ca_file);
  warn_when_expired(*tls, files.cert_file);
  return tls;
}

}  // namespace

// Stamped before they are read: a change in between is seen the next time.
ServerCertificates::ServerCertificates(ServerTls files)
    : files_(std::move(files)), stamps_(stamps()) {
  use(make_context(files_));
}

void ServerCertificates::use(Context context) {
  context_ = std::move(context);
  expiry_ = expiry_of(*context_);
}

ServerCertificates::Context ServerCertificates::current(TimePoint now) {
  if (now >= next_look_) {
    next_look_ = now + shortest_pause;
    renew();
  }
  return context_;
}

std::vector<FileStamp> ServerCertificates::stamps() const {
  std::vector<FileStamp> result = {file_stamp(files_.cert_file), file_stamp(files_.key_file)};
  if (!files_.client_ca_file.empty()) result.push_back(file_stamp(files_.client_ca_file));
  return result;
}

void ServerCertificates::renew() {
  auto found = stamps();
  if (found == stamps_) return;
  stamps_ = std::move(found);
  try {
    use(make_context(files_));
    log_info("The certificate files have changed; " + files_.cert_file + " is served from now on");
  } catch (const HttpServerError& error) {
    log_warning(
        "The certificate files have changed and cannot be used; serving what they held "
        "before: " +
        std::string(error.what()));
  }
}

}  // namespace cpab
