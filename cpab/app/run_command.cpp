#include <unistd.h>

#include <atomic>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <utility>

#include "cpab/app/autoscaler.h"
#include "cpab/app/commands.h"
#include "cpab/app/print_error.h"
#include "cpab/config/load.h"
#include "cpab/config/secrets.h"
#include "cpab/io/contained.h"
#include "cpab/io/inherited_descriptors.h"
#include "cpab/io/logging.h"
#include "cpab/io/memory.h"
#include "cpab/io/stop_signals.h"
#include "cpab/io/system_clock.h"
#include "cpab/model/version.h"
#include "cpab/pipeline/script_files.h"

namespace cpab {
namespace {

/// Three seconds are promised; the rest is for the system to take back gigabytes of memory.
constexpr std::chrono::milliseconds longest_stop{2'250};
constexpr std::chrono::milliseconds longest_start_after_signal{2'000};

int refuse(const std::string& message) {
  print_error(message);
  return StopSignals::one_is_waiting() ? exit_ok : exit_usage;  // who was told to end obeys
}

/// In the reference's words, unless it is about a kubeconfig, which the reference does not know.
std::string credentials_text(const CredentialsError& error) {
  const std::string cause = error.what();
  const bool kubeconfig = cause.starts_with("kubeconfig");
  return (kubeconfig ? "Fail to use the " : "Fail to create in-cluster Kubernetes config: ") +
         cause;
}

void announce(const LoadedConfig& loaded, const Credentials& credentials) {
  log_info("cpab version: " + version());
  for (const std::string& warning : loaded.warnings) log_warning(warning);
  for (const std::string& note : notes_on_scripts(loaded.config, loaded.path)) log_warning(note);
  for (const std::string& warning : credentials.warnings) log_warning(warning);
}

/// Where there is no thread to be had, as in a storm of processes or without memory, nobody watches
/// over the stop.
std::jthread thread_or_at_once(const std::function<void()>& work) {
  try {
    return std::jthread(work);
  } catch (const std::exception&) {
    work();
    return {};
  }
}

/// While the daemon starts, or says why it cannot, nobody takes signals. This ends it when one has
/// waited for too long, whatever hangs.
class StartGuard {
 public:
  StartGuard() {
    try {
      watcher_ = std::jthread([this](const std::stop_token& over) { watch(over); });
    } catch (const std::exception&) {  // no thread to be had, so nobody watches
    }
  }

  /// From now on the signals are taken.
  void end() { watcher_ = {}; }

 private:
  void watch(const std::stop_token& over) {
    constexpr std::chrono::milliseconds look_again{100};
    std::chrono::milliseconds waited{0};
    while (!over.stop_requested()) {
      std::unique_lock lock(mutex_);
      over_.wait_for(lock, over, look_again, [] { return false; });
      if (!StopSignals::one_is_waiting()) continue;
      waited += look_again;
      if (waited >= longest_start_after_signal) _exit(exit_ok);
    }
  }

  std::mutex mutex_;
  std::condition_variable_any over_;
  std::jthread watcher_;  // last: it uses the others
};

/// Stops within bounds, whatever happens, and takes it down, which takes long with much in hand.
/// Further signals change nothing: what runs is being ended already, and who leaves before that
/// leaves it behind.
void stop(std::unique_ptr<Autoscaler> autoscaler, StopSignals& signals, Clock& clock) {
  std::atomic<bool> stopped{false};
  const std::jthread stopper = thread_or_at_once([&] {
    contained("Stopping", [&] {
      autoscaler->stop();
      autoscaler.reset();
      stopped = true;
    });
  });
  constexpr std::chrono::milliseconds slice{10};
  const TimePoint latest = clock.now() + longest_stop;
  while (!stopped) {
    signals.wait_for(slice);
    if (clock.now() < latest) continue;
    log_warning("Stopping took too long; leaving at once");
    _exit(exit_ok);
  }
}

int run(const LoadedConfig& loaded, const CredentialsRequest& request,
        const Environment& environment, StopSignals& signals, StartGuard& guard) {
  const Credentials credentials = find_credentials(request, environment);
  announce(loaded, credentials);
  SystemClock clock;
  auto autoscaler = std::make_unique<Autoscaler>(loaded.config, credentials, clock);
  autoscaler->start();
  guard.end();
  signals.wait();
  log_info("Shutting down...");
  stop(std::move(autoscaler), signals, clock);
  return exit_ok;
}

}  // namespace

int run_command(const CredentialsRequest& request) {
  keep_memory_small();
  close_inherited_descriptors_on_exec();
  StopSignals signals;
  StartGuard guard;
  const Environment environment = process_environment();
  bool https = false;
  try {
    const LoadedConfig loaded = load_config(config_path(environment), environment);
    https = loaded.config.api.use_https;
    set_up_logging({.json = loaded.config.log_format == LogFormat::json,
                    .verbosity = loaded.config.log_verbosity,
                    .redaction = redaction_of(loaded.config)});
    return run(loaded, request, environment, signals, guard);
  } catch (const ConfigError& error) {
    return refuse(error.what());
  } catch (const CredentialsError& error) {
    return refuse(credentials_text(error));
  } catch (const HttpServerError& error) {
    return refuse((https ? "HTTPS API Error: " : "HTTP API Error: ") + std::string(error.what()));
  } catch (const std::exception& error) {
    return refuse("Fail to start: " + std::string(error.what()));
  }
}

}  // namespace cpab
