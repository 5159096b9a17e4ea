#include <atomic>
#include <cstdio>
#include <thread>

#include "cpab/app/commands.h"
#include "cpab/app/daemon_address.h"
#include "cpab/app/print_error.h"
#include "cpab/console/watch.h"
#include "cpab/io/contained.h"
#include "cpab/io/curl_http_client.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/system_clock.h"
#include "cpab/model/printable.h"

namespace cpab {
namespace {

constexpr std::chrono::milliseconds refresh{1'000};
constexpr std::chrono::milliseconds slice{100};
/// As wide as the widest chart; or as far as one likes to read back.
constexpr std::size_t first_on_screen = 200;
constexpr std::size_t first_in_lines = 10;

/// Draws one frame over the other, on a screen that goes away in the end. In one piece, so that it
/// does not flicker.
class Screen {
 public:
  Screen() { put("\x1b[?1049h\x1b[?25l"); }
  ~Screen() { put("\x1b[?25h\x1b[?1049l"); }
  Screen(const Screen&) = delete;
  Screen& operator=(const Screen&) = delete;

  bool draw(const std::string& frame) {
    std::string text = "\x1b[H";
    for (const char c : frame) {
      if (c == '\n') text += "\x1b[K";
      text += c;
    }
    return put(text + "\x1b[J");
  }

 private:
  static bool put(const std::string& text) {
    std::fputs(text.c_str(), stdout);
    return std::fflush(stdout) == 0;
  }
};

void watch_on_screen(DaemonApi& api, Clock& clock, const std::stop_token& stop) {
  Watch watch(api, first_on_screen);
  Screen screen;
  do {
    watch.refresh(stop);
    if (stop.stop_requested() || !screen.draw(watch_frame(watch.moment(), standard_output()))) {
      return;
    }
  } while (clock.wait_until(clock.now() + refresh, stop));
}

void watch_in_lines(DaemonApi& api, Clock& clock, const std::stop_token& stop) {
  Watch watch(api, first_in_lines);
  std::string told;  // the trouble that has been printed
  do {
    const auto fresh = watch.refresh(stop);
    if (stop.stop_requested()) return;
    const std::string& trouble = watch.moment().trouble;
    if (trouble != told && !trouble.empty()) std::printf("%s\n", printable(trouble, "").c_str());
    told = trouble;
    for (const DecisionView& decision : fresh) std::printf("%s\n", watch_line(decision).c_str());
    if (std::fflush(stdout) != 0) return;
  } while (clock.wait_until(clock.now() + refresh, stop));
}

}  // namespace

int watch_command(const DaemonOptions& daemon) {
  StopSignals signals;
  try {
    SystemClock clock;
    CurlHttpClient http(daemon_client_options(daemon), clock);
    DaemonApi api(daemon_address(daemon), http, clock);
    std::atomic<bool> ended{false};
    const std::jthread drawing([&](const std::stop_token& stop) {
      contained("Watching", [&] {
        standard_output().interactive ? watch_on_screen(api, clock, stop)
                                      : watch_in_lines(api, clock, stop);
      });
      ended = true;
    });
    while (!ended && !signals.wait_for(slice)) {
    }
    return exit_ok;
  } catch (const std::exception& error) {
    print_error(error.what());
    return exit_failure;
  }
}

}  // namespace cpab
