#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "tests/fakes/test_certificates.h"

namespace cpab {

/// How a RawHttpServer speaks TLS.
struct RawTls {
  TestIdentity identity;
  std::string client_ca;  ///< when given, clients must show a certificate of it
};

/// One accepted connection: bytes in, bytes out, nothing is understood but where a request ends.
class RawConnection {
 public:
  RawConnection(int fd, SSL_CTX* tls) : fd_(fd), ssl_(tls == nullptr ? nullptr : SSL_new(tls)) {
    if (!ssl_) return;
    SSL_set_fd(ssl_.get(), fd);
    ok_ = SSL_accept(ssl_.get()) == 1;
  }

  /// The next request with its body (by Content-Length); none when the client is gone.
  std::optional<std::string> read_request() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more()) return std::nullopt;
    }
    const std::size_t size = end + 4 + body_size(buffer_.substr(0, end));
    while (buffer_.size() < size) {
      if (!read_more()) return std::nullopt;
    }
    std::string request = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return request;
  }

  /// False when the client is gone.
  bool send(std::string_view text) {
    while (ok_ && !text.empty()) {
      const auto size = static_cast<int>(std::min<std::size_t>(text.size(), 65536));
      const long count =
          ssl_ ? SSL_write(ssl_.get(), text.data(), size)
               : ::send(fd_, text.data(), static_cast<std::size_t>(size), MSG_NOSIGNAL);
      if (count <= 0) ok_ = false;
      if (ok_) text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ok_;
  }

  /// Says in TLS that nothing will follow. A connection that is only closed may have been cut.
  void say_goodbye() {
    if (ssl_) SSL_shutdown(ssl_.get());
  }

  /// Waits until the client closes the connection.
  void wait_for_close() {
    while (read_more()) {
    }
  }

 private:
  struct Free {
    void operator()(SSL* ssl) const { SSL_free(ssl); }
  };

  static std::size_t body_size(const std::string& head) {
    const std::size_t at = head.find("Content-Length: ");
    return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
  }

  bool read_more() {
    char piece[16384];
    if (!ok_) return false;
    const long count =
        ssl_ ? SSL_read(ssl_.get(), piece, sizeof piece) : ::recv(fd_, piece, sizeof piece, 0);
    ok_ = count > 0;
    if (ok_) buffer_.append(piece, static_cast<std::size_t>(count));
    return ok_;
  }

  int fd_;
  std::unique_ptr<SSL, Free> ssl_;
  std::string buffer_;
  bool ok_ = true;
};

/// A whole answer that keeps the connection open.
inline std::string raw_answer(int status, const std::string& body,
                              const std::string& headers = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Whatever\r\n" + headers +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A server on loopback for clients' tests: `serve` gets each connection on a thread of its own,
/// and the connection is closed when it returns.
class RawHttpServer {
 public:
  using Serve = std::function<void(RawConnection&)>;

  explicit RawHttpServer(Serve serve, std::optional<RawTls> tls = std::nullopt)
      : serve_(std::move(serve)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    std::signal(SIGPIPE, SIG_IGN);  // OpenSSL cannot be told not to raise it
    if (tls) set_up(*tls);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, generic, size) != 0 || ::listen(listener_, 64) != 0) {
      throw std::runtime_error("the test server cannot listen");
    }
    ::getsockname(listener_, generic, &size);
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }

  /// Answers each request of a connection with what `answer` returns for it.
  static Serve answering(std::function<std::string(const std::string& request)> answer) {
    return [answer = std::move(answer)](RawConnection& connection) {
      while (const auto request = connection.read_request()) {
        if (!connection.send(answer(*request))) return;
      }
    };
  }

  RawHttpServer(const RawHttpServer&) = delete;
  RawHttpServer& operator=(const RawHttpServer&) = delete;
  ~RawHttpServer() {
    ::shutdown(listener_, SHUT_RDWR);
    acceptor_.join();
    {
      const std::scoped_lock lock(mutex_);
      for (const int fd : open_) ::shutdown(fd, SHUT_RDWR);
    }
    for (std::thread& thread : threads_) thread.join();
    ::close(listener_);
  }

  std::uint16_t port() const { return port_; }
  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::string url(const std::string& path = "/") const {
    return (tls_ ? "https://" : "http://") + host() + path;
  }
  int connections() const { return connections_; }  ///< accepted so far

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(BIO* bio) const { BIO_free(bio); }
    void operator()(X509* certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  };
  using Certificate = std::unique_ptr<X509, Free>;

  static Certificate certificate_of(const std::string& pem) {
    const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    return Certificate(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  }

  void set_up(const RawTls& tls) {
    tls_.reset(SSL_CTX_new(TLS_server_method()));
    const std::string& pem = tls.identity.key;
    const std::unique_ptr<BIO, Free> bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
    const std::unique_ptr<EVP_PKEY, Free> key(
        PEM_read_bio_PrivateKey(bio.get(), nullptr, nullptr, nullptr));
    SSL_CTX_use_certificate(tls_.get(), certificate_of(tls.identity.certificate).get());
    SSL_CTX_use_PrivateKey(tls_.get(), key.get());
    if (tls.client_ca.empty()) return;
    X509_STORE_add_cert(SSL_CTX_get_cert_store(tls_.get()), certificate_of(tls.client_ca).get());
    SSL_CTX_set_verify(tls_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }

  void accept_all() {
    for (;;) {
      const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (fd < 0) return;
      const int at_once = 1;  // what is sent in two pieces does not wait for an answer to the first
      ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      ++connections_;
      const std::scoped_lock lock(mutex_);
      open_.push_back(fd);
      threads_.emplace_back([this, fd] { serve_one(fd); });
    }
  }

  void serve_one(int fd) {
    {
      RawConnection connection(fd, tls_.get());
      serve_(connection);
    }
    const std::scoped_lock lock(mutex_);
    std::erase(open_, fd);
    ::close(fd);
  }

  const Serve serve_;
  std::unique_ptr<SSL_CTX, Free> tls_;
  int listener_;
  std::uint16_t port_ = 0;
  std::atomic<int> connections_ = 0;
  std::thread acceptor_;
  std::mutex mutex_;
  std::vector<int> open_;             // guarded by mutex_
  std::vector<std::thread> threads_;  // grown by the acceptor only
};

}  // namespace cpab
