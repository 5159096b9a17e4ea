#pragma once

#include <vector>

namespace cpab {

/// The sockets of a curl handle. curl takes a kept connection for a good one as long as it is not
/// closed, also when something has come in that nobody asked for, which would then be the answer to
/// the next request. Used by one thread at a time.
class CurlSockets {
 public:
  /// What curl would do itself; `address` is a curl_sockaddr.
  int open(const void* address);
  int close(int socket);

  /// Whether there is something to read, or an end, on the connection between these ports.
  bool has_input(int local_port, int peer_port) const;

 private:
  std::vector<int> open_;
};

}  // namespace cpab
