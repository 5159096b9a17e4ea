#pragma once

#include <cstdint>
#include <functional>
#include <future>
#include <list>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "cpab/io/unique_fd.h"

namespace cpab {

/// What stands between a client and its server on loopback, such as a load balancer, and breaks
/// connections as networks do. One thread; each order is carried out when its call returns.
class TcpProxy {
 public:
  /// Passes connections on to this port of the machine.
  explicit TcpProxy(std::uint16_t server);
  ~TcpProxy();

  TcpProxy(const TcpProxy&) = delete;
  TcpProxy& operator=(const TcpProxy&) = delete;

  std::uint16_t port() const { return port_; }

  /// New connections go to another server; those there are stay.
  void forward_to(std::uint16_t server);

  /// Closes every connection and refuses new ones, as a machine without the server does.
  void refuse();

  /// Nothing passes any more through the connections there are, though they stay open, as after a
  /// change of routes that neither end learns of. New ones work.
  void freeze();

  /// The same for new connections, too.
  void swallow();

  /// New connections work again. Frozen ones stay as they are.
  void heal();

 private:
  struct Link {
    UniqueFd client;
    UniqueFd server;  // invalid: swallowed
    bool frozen = false;
  };

  void order(std::function<void()> order);
  void listen();
  void run();
  void accept_one();
  bool pass_on(const UniqueFd& from, const UniqueFd& to);

  std::uint16_t port_ = 0;
  UniqueFd reservation_;  // holds the port while nobody listens
  UniqueFd wake_;         // an eventfd

  // Those below belong to the thread.
  std::uint16_t server_;
  bool swallows_ = false;
  bool over_ = false;
  UniqueFd listener_;
  std::list<Link> links_;

  std::mutex mutex_;
  std::optional<std::packaged_task<void()>> order_;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace cpab
