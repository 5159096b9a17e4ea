#include "cpab/io/curl_sockets.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <new>

namespace cpab {
namespace {

using AddressOf = int (*)(int, sockaddr*, socklen_t*);

// 0: no address of the Internet.
int port_of(int socket, AddressOf address_of) {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (address_of(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return 0;
  if (address.ss_family == AF_INET) {
    return ntohs(reinterpret_cast<const sockaddr_in&>(address).sin_port);
  }
  if (address.ss_family == AF_INET6) {
    return ntohs(reinterpret_cast<const sockaddr_in6&>(address).sin6_port);
  }
  return 0;
}

bool is_readable(int socket) {
  pollfd poll_entry{socket, POLLIN, 0};
  return ::poll(&poll_entry, 1, 0) > 0;
}

}  // namespace

int CurlSockets::open(const void* address) {
  const auto* wanted = static_cast<const curl_sockaddr*>(address);
  try {
    open_.reserve(open_.size() + 1);
  } catch (const std::bad_alloc&) {
    return CURL_SOCKET_BAD;
  }
  const int socket = ::socket(wanted->family, wanted->socktype | SOCK_CLOEXEC, wanted->protocol);
  if (socket >= 0) open_.push_back(socket);
  return socket;
}

int CurlSockets::close(int socket) {
  std::erase(open_, socket);
  return ::close(socket);
}

bool CurlSockets::has_input(int local_port, int peer_port) const {
  return std::any_of(open_.begin(), open_.end(), [&](int socket) {
    return port_of(socket, ::getsockname) == local_port &&
           port_of(socket, ::getpeername) == peer_port && is_readable(socket);
  });
}

}  // namespace cpab
