#pragma once

#include <cstdint>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace cpab {

/// The local ports of the TCP connections made to `port` of this machine, closed ones that still
/// linger included.
inline std::set<std::uint16_t> connections_to(std::uint16_t port) {
  const auto port_of = [](const std::string& address) {
    return static_cast<std::uint16_t>(
        std::stoul(address.substr(address.find(':') + 1), nullptr, 16));
  };
  std::ifstream table("/proc/net/tcp");
  std::string line;
  std::getline(table, line);  // the headings
  std::set<std::uint16_t> result;
  while (std::getline(table, line)) {
    std::istringstream fields(line);
    std::string number, local, remote;
    fields >> number >> local >> remote;
    if (port_of(remote) == port) result.insert(port_of(local));
    // Whoever closes first keeps the lingering entry: it may be the server.
    if (port_of(local) == port && port_of(remote) != 0) result.insert(port_of(remote));
  }
  return result;
}

}  // namespace cpab
