#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace cpab {

/// A non-blocking listening TCP socket that child processes do not inherit; the caller owns it.
/// An empty `host` means all addresses, IPv6 included where there is IPv6; port 0 means any free
/// one. Throws HttpServerError, such as `listen on 10.0.0.1:80: Permission denied`.
int open_listening_socket(const std::string& host, std::uint16_t port);

/// The next waiting connection, non-blocking, not inherited by child processes, without delay for
/// small packets (TCP_NODELAY), and with a small buffer for what its client does not take; -1 with
/// errno when there is none.
int accept_connection(int listening_socket);

/// How many connections wait to be accepted, as far as the kernel says; none is certain.
std::size_t waiting_connections(int listening_socket);

}  // namespace cpab
