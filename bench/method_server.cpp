// User logic behind HTTP that costs next to nothing: one thread, epoll, an answer per path.
// Prints its port and serves until its standard input ends.

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>

namespace {

int listen_on_loopback() {
  const int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address);
  listen(listener, 128);
  socklen_t length = sizeof address;
  getsockname(listener, reinterpret_cast<sockaddr*>(&address), &length);
  std::printf("%d\n", ntohs(address.sin_port));
  std::fflush(stdout);
  return listener;
}

/// The bytes of the request at the start of `text`; 0 when it is not complete. Good enough for the
/// clients of the measurements, which write `Content-Length` like this.
std::size_t request_length(std::string_view text) {
  const std::size_t head_end = text.find("\r\n\r\n");
  if (head_end == std::string_view::npos) return 0;
  constexpr std::string_view name = "\r\nContent-Length: ";
  const std::size_t at = text.substr(0, head_end).find(name);
  const std::size_t body =
      at == std::string_view::npos ? 0 : std::strtoul(text.data() + at + name.size(), nullptr, 10);
  const std::size_t length = head_end + 4 + body;
  return length <= text.size() ? length : 0;
}

std::string answer_to(std::string_view request) {
  const bool evaluate = request.substr(0, request.find('\r')).find("/evaluate") != request.npos;
  const std::string body = evaluate ? R"({"targetReplicas":3})" : "1";
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class Server {
 public:
  Server() : listener_(listen_on_loopback()), events_(epoll_create1(EPOLL_CLOEXEC)) {
    watch(listener_);
    watch(STDIN_FILENO);
  }

  void run() {
    std::array<epoll_event, 64> ready{};
    for (;;) {
      const int count = epoll_wait(events_, ready.data(), ready.size(), -1);
      for (int i = 0; i < count; ++i) {
        const int fd = ready[static_cast<std::size_t>(i)].data.fd;
        if (fd == STDIN_FILENO) return;
        fd == listener_ ? accept_one() : serve(fd);
      }
    }
  }

 private:
  void watch(int fd) {
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    epoll_ctl(events_, EPOLL_CTL_ADD, fd, &event);
  }

  void accept_one() {
    const int client = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const int on = 1;
    setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    watch(client);
  }

  void serve(int client) {
    static std::array<char, 65536> piece;
    std::string& text = received_[client];
    const ssize_t count = read(client, piece.data(), piece.size());
    if (count <= 0) {
      received_.erase(client);
      close(client);
      return;
    }
    text.append(piece.data(), static_cast<std::size_t>(count));
    while (const std::size_t length = request_length(text)) {
      const std::string answer = answer_to(text);
      if (write(client, answer.data(), answer.size()) < 0) return;
      text.erase(0, length);
    }
  }

  const int listener_;
  const int events_;
  std::map<int, std::string> received_;  // of each client, not answered yet
};

}  // namespace

int main() {
  Server().run();
  return 0;
}
