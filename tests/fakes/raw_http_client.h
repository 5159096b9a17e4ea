#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace cpab {

/// A connection to a server on loopback, for sending bytes no HTTP client would send and seeing
/// every byte of the answer. Reading gives up after ten seconds.
class RawHttpClient {
 public:
  explicit RawHttpClient(std::uint16_t port)
      : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    const timeval longest{10, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &longest, sizeof longest);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) {
      ::close(fd_);
      throw std::runtime_error(std::string("connect: ") + std::strerror(errno));
    }
  }
  ~RawHttpClient() { ::close(fd_); }
  RawHttpClient(const RawHttpClient&) = delete;
  RawHttpClient& operator=(const RawHttpClient&) = delete;

  int fd() const { return fd_; }

  /// False when the server has closed the connection.
  bool send(std::string_view text) {
    while (!text.empty()) {
      const auto count = ::send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }

  /// Says that nothing more will be sent.
  void finish_sending() { ::shutdown(fd_, SHUT_WR); }

  /// Everything up to the end of the connection.
  std::string read_all() {
    while (read_more()) {
    }
    return std::exchange(buffer_, {});
  }

  /// The next answer, of the length its Content-Length says; what there is when it ends before.
  std::string read_answer() {
    std::size_t end = std::string::npos;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos && read_more()) {
    }
    if (end == std::string::npos) return std::exchange(buffer_, {});
    const auto at = buffer_.find("Content-Length: ");
    const auto length = at < end ? std::stoul(buffer_.substr(at + 16)) : 0;
    while (buffer_.size() < end + 4 + length && read_more()) {
    }
    const auto answer = buffer_.substr(0, end + 4 + length);
    buffer_.erase(0, answer.size());
    return answer;
  }

  /// Reads until `text` has arrived; true when it has.
  bool wait_for(std::string_view text) {
    while (buffer_.find(text) == std::string::npos) {
      if (!read_more()) return false;
    }
    return true;
  }

 private:
  bool read_more() {
    char piece[4096];
    const auto count = ::recv(fd_, piece, sizeof piece, 0);
    if (count > 0) buffer_.append(piece, static_cast<std::size_t>(count));
    return count > 0;
  }

  int fd_;
  std::string buffer_;
};

}  // namespace cpab
