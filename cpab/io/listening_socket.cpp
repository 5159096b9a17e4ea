#include "cpab/io/listening_socket.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>

#include "cpab/io/http_server.h"

namespace cpab {
namespace {

/// The kernel doubles it, and would otherwise keep megabytes for each client that does not read.
constexpr int send_buffer_bytes = 64 << 10;

using Addresses = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

/// `flags` may ask for numeric addresses only, which spares loading the resolver's libraries.
Addresses look_up(const char* host, std::uint16_t port, int flags, int& error) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV | flags;
  addrinfo* found = nullptr;
  error = getaddrinfo(host, std::to_string(port).c_str(), &hints, &found);
  return {found, &freeaddrinfo};
}

void set_option(int socket, int level, int option, int value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}

/// A socket listening at `address`; -1 with errno when that is not possible.
int listen_at(const addrinfo& address) {
  const int fd = ::socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return -1;
  set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  if (address.ai_family == AF_INET6) set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 0);
  const bool listening =
      ::bind(fd, address.ai_addr, address.ai_addrlen) == 0 && ::listen(fd, SOMAXCONN) == 0;
  if (listening) return fd;
  const int error = errno;
  ::close(fd);
  errno = error;
  return -1;
}

int listen_at_any_of(const char* host, std::uint16_t port, std::string& problem) {
  int error = 0;
  auto addresses = look_up(host, port, AI_NUMERICHOST, error);
  if (error == EAI_NONAME) addresses = look_up(host, port, 0, error);
  if (error != 0) {
    problem = gai_strerror(error);
    return -1;
  }
  for (const addrinfo* next = addresses.get(); next != nullptr; next = next->ai_next) {
    const int fd = listen_at(*next);
    if (fd >= 0) return fd;
    problem = std::strerror(errno);
  }
  return -1;
}

}  // namespace

int open_listening_socket(const std::string& host, std::uint16_t port) {
  std::string problem;
  int fd = listen_at_any_of(host.empty() ? "::" : host.c_str(), port, problem);
  if (fd < 0 && host.empty()) fd = listen_at_any_of("0.0.0.0", port, problem);
  if (fd >= 0) return fd;
  throw HttpServerError("listen on " + host + ":" + std::to_string(port) + ": " + problem);
}

int accept_connection(int listening_socket) {
  const int fd = ::accept4(listening_socket, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
  if (fd < 0) return fd;
  set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(fd, SOL_SOCKET, SO_SNDBUF, send_buffer_bytes);
  return fd;
}

std::size_t waiting_connections(int listening_socket) {
  pollfd socket{listening_socket, POLLIN, 0};
  if (::poll(&socket, 1, 0) <= 0) return 0;
  tcp_info info{};
  socklen_t size = sizeof info;
  ::getsockopt(listening_socket, IPPROTO_TCP, TCP_INFO, &info, &size);
  return std::max<std::size_t>(info.tcpi_unacked, 1);  // of a listening socket: its backlog
}

}  // namespace cpab
