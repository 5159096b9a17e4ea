#include "tests/soak/trouble.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <chrono>

#include "cpab/io/curl_http_client.h"
#include "cpab/io/system_clock.h"
#include "cpab/io/unique_fd.h"

namespace cpab {
namespace {

using std::chrono::milliseconds;

/// Of tests/evil/logic what neither fills the disk nor stays behind for longer than a second.
constexpr std::array evil_logic = {
    "answers-1e400.sh",         "answers-binary-junk.sh",
    "answers-deep-nesting.sh",  "answers-half-a-document.sh",
    "answers-nan.sh",           "answers-nothing.sh",
    "answers-two-to-the-31.sh", "closes-stdin.sh",
    "closes-stdout.sh",         "daemonizes-holding-stdout.sh",
    "dies-by-signal.sh",        "double-forks.sh",
    "fails-leaving-a-child.sh", "fails-with-an-answer.sh",
    "floods-stderr.sh",         "floods-stdout.sh",
    "ignores-sigterm.sh",       "leaves-a-daemon.sh",
    "never-exits.sh",           "not-executable.sh",
    "reads-nothing.sh",         "stops-itself.sh",
};

/// Sleeps in slices; false when it is time to stop.
bool pause(const std::stop_token& stop, milliseconds time) {
  for (milliseconds slept{0}; slept < time && !stop.stop_requested(); slept += milliseconds(20)) {
    std::this_thread::sleep_for(milliseconds(20));
  }
  return !stop.stop_requested();
}

std::array<Fault, 8> all_faults() {
  return {{{.latency = milliseconds(100)},
           {.latency = milliseconds(2000)},
           {.status = 429, .retry_after_seconds = 1},
           {.status = 500},
           {.drop = true},
           {.truncate_after = 20},
           {.garbage = true},
           {.method = "PATCH", .drop = true, .takes_effect = true}}};
}

struct ApiCall {
  const char* method;
  const char* target;
};

constexpr std::array<ApiCall, 14> api_calls = {{
    {"GET", "/healthz"},
    {"GET", "/healthz"},
    {"GET", "/readyz"},
    {"GET", "/api/v1/metrics?dry_run=true"},
    {"POST", "/api/v1/evaluation?dry_run=true&explain=true"},
    {"POST", "/api/v1/evaluation"},
    {"GET", "/api/v1/decisions/last"},
    {"GET", "/api/v1/decisions?limit=1000"},
    {"GET", "/api/v1/decisions?since=yesterday"},
    {"POST", "/api/v1/evaluation?dry_run=perhaps"},
    {"PUT", "/api/v1/metrics"},
    {"GET", "/api/v1/%2e%2e/nothing"},
    {"NONSENSE", "*"},
    {"GET", "/favicon.ico"},
}};

}  // namespace

std::string random_logic(int evil_in) {
  // The number of the process is as good as random.
  const auto kinds = static_cast<int>(evil_logic.size());
  std::string script = "case $(($$ % " + std::to_string(kinds * evil_in) + ")) in\n";
  for (int i = 0; i < kinds; ++i) {
    script += std::to_string(i * evil_in) + ") exec " CPAB_SOURCE_DIR "/tests/evil/logic/" +
              evil_logic[static_cast<std::size_t>(i)] + ";;\n";
  }
  return script + "esac\necho '{\"targetReplicas\":'$(($$ / 7 % 12))'}'";
}

RandomHttpLogic::RandomHttpLogic() {
  server_ = start_http_server({}, [this](const ServerRequest&) { return answer(); });
}

std::string RandomHttpLogic::url() const {
  return "http://127.0.0.1:" + std::to_string(server_->port()) + "/";
}

ServerResponse RandomHttpLogic::answer() {
  ServerResponse response;
  response.body = "fine";
  switch (calls_++ % 16) {
    case 3:
      response.status = 500;
      break;
    case 6:
      response.cut_after_bytes = 0;
      break;
    case 9:
      response.cut_after_bytes = 2;
      break;
    case 12:
      response.body.assign(1 << 20, 'x');
      break;
    case 15:
      std::this_thread::sleep_for(milliseconds(300));
      break;
    default:
      break;
  }
  return response;
}

FaultInjector::FaultInjector(Faults& faults)
    : faults_(faults), thread_([this](const std::stop_token& stop) { run(stop); }) {}

FaultInjector::~FaultInjector() {
  thread_ = {};
  faults_.clear();
}

void FaultInjector::run(const std::stop_token& stop) {
  const auto kinds = all_faults();
  for (std::size_t i = 0; pause(stop, milliseconds(1000)); ++i) {
    faults_.add(kinds[i % kinds.size()]);
    ++injected_;
    pause(stop, milliseconds(500));
    faults_.clear();
  }
}

ApiClients::ApiClients(std::uint16_t port) : port_(port) {
  for (unsigned seed = 1; seed <= 4; ++seed) {
    threads_.emplace_back([this, seed](const std::stop_token& stop) { run(stop, seed); });
  }
}

ApiClients::~ApiClients() = default;

void ApiClients::run(const std::stop_token& stop, unsigned seed) {
  std::mt19937 random(seed);
  while (pause(stop, milliseconds(random() % 100))) {
    if (random() % 10 == 0) {
      hang_up();
    } else {
      call(static_cast<unsigned>(random() % api_calls.size()));
    }
  }
}

void ApiClients::call(unsigned choice) {
  const ApiCall& call = api_calls[choice];
  const SystemClock clock;
  CurlHttpClient client({}, clock);
  HttpRequest request;
  request.method = call.method;
  request.url = "http://127.0.0.1:" + std::to_string(port_) + call.target;
  request.budget.deadline = clock.now() + std::chrono::seconds(30);
  try {
    const HttpResponse response = client.send(request);
    ++answers_;
    if (choice < 2 && response.status != 200) ++unhealthy_;
  } catch (const HttpError&) {
    if (choice < 2) ++unhealthy_;
  }
}

/// Asks for something slow, and leaves before the answer comes.
void ApiClients::hang_up() const {
  const UniqueFd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port_);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket.value(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return;
  constexpr std::string_view text =
      "GET /api/v1/decisions?limit=1000 HTTP/1.1\r\nHost: x\r\n\r\nPOST";
  static_cast<void>(::send(socket.value(), text.data(), text.size(), MSG_NOSIGNAL));
}

}  // namespace cpab
