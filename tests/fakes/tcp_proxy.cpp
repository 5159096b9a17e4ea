#include "tests/fakes/tcp_proxy.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <stdexcept>
#include <utility>

namespace cpab {
namespace {

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

/// A socket bound to `port`, which others may be bound to as well; 0: any that is free.
UniqueFd bound_socket(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(fd.value(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  ::setsockopt(fd.value(), SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
  const sockaddr_in address = loopback(port);
  if (::bind(fd.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("the proxy cannot have port " + std::to_string(port));
  }
  return fd;
}

std::uint16_t port_of(const UniqueFd& fd) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(fd.value(), reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

/// Not valid when nobody listens there.
UniqueFd connected_to(std::uint16_t port) {
  UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in address = loopback(port);
  if (::connect(fd.value(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return {};
  }
  return fd;
}

bool is_ready(const pollfd& fd) { return fd.revents != 0; }

}  // namespace

TcpProxy::TcpProxy(std::uint16_t server)
    : reservation_(bound_socket(0)),
      wake_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      server_(server) {
  port_ = port_of(reservation_);
  listen();
  thread_ = std::thread([this] { run(); });
}

TcpProxy::~TcpProxy() {
  order([this] { over_ = true; });
  thread_.join();
}

void TcpProxy::forward_to(std::uint16_t server) {
  order([this, server] { server_ = server; });
}

void TcpProxy::refuse() {
  order([this] {
    listener_ = UniqueFd();
    links_.clear();
  });
}

void TcpProxy::freeze() {
  order([this] {
    for (Link& link : links_) link.frozen = true;
  });
}

void TcpProxy::swallow() {
  order([this] {
    for (Link& link : links_) link.frozen = true;
    swallows_ = true;
  });
}

void TcpProxy::heal() {
  order([this] {
    swallows_ = false;
    if (!listener_.valid()) listen();
  });
}

void TcpProxy::listen() {
  listener_ = bound_socket(port_);
  if (::listen(listener_.value(), 64) != 0) throw std::runtime_error("the proxy cannot listen");
}

void TcpProxy::order(std::function<void()> order) {
  std::packaged_task<void()> task(std::move(order));
  std::future<void> done = task.get_future();
  {
    const std::lock_guard lock(mutex_);
    order_ = std::move(task);
  }
  ::eventfd_write(wake_.value(), 1);
  done.get();
}

void TcpProxy::run() {
  while (!over_) {
    std::vector<pollfd> fds{{wake_.value(), POLLIN, 0}, {listener_.value(), POLLIN, 0}};
    for (const Link& link : links_) {
      const bool passes = !link.frozen;
      fds.push_back({passes ? link.client.value() : -1, POLLIN, 0});
      fds.push_back({passes ? link.server.value() : -1, POLLIN, 0});
    }
    ::poll(fds.data(), fds.size(), -1);
    std::size_t at = 2;
    for (auto link = links_.begin(); link != links_.end(); at += 2) {
      const bool ended = (is_ready(fds[at]) && !pass_on(link->client, link->server)) ||
                         (is_ready(fds[at + 1]) && !pass_on(link->server, link->client));
      link = ended ? links_.erase(link) : std::next(link);
    }
    if (is_ready(fds[1])) accept_one();
    eventfd_t ignored = 0;
    if (::eventfd_read(wake_.value(), &ignored) != 0) continue;
    std::optional<std::packaged_task<void()>> order;
    {
      const std::lock_guard lock(mutex_);
      order = std::exchange(order_, std::nullopt);
    }
    if (order) (*order)();
  }
}

void TcpProxy::accept_one() {
  Link link;
  link.client = UniqueFd(::accept4(listener_.value(), nullptr, nullptr, SOCK_CLOEXEC));
  if (!link.client.valid()) return;
  link.frozen = swallows_;
  if (!swallows_) link.server = connected_to(server_);
  if (swallows_ || link.server.valid()) links_.push_back(std::move(link));
}

/// False when this side has ended the connection, or the other does not take any more.
bool TcpProxy::pass_on(const UniqueFd& from, const UniqueFd& to) {
  char piece[16384];
  const ssize_t size = ::recv(from.value(), piece, sizeof piece, 0);
  if (size <= 0) return false;
  return ::send(to.value(), piece, static_cast<std::size_t>(size), MSG_NOSIGNAL) == size;
}

}  // namespace cpab
