#include "cpab/io/logging.h"

#include <poll.h>
#include <spdlog/formatter.h>
#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>
#include <string>

#include "cpab/model/json_text.h"
#include "cpab/model/printable.h"
#include "cpab/model/time.h"

namespace cpab {
namespace {

std::string time_of(const spdlog::details::log_msg& record) {
  return rfc3339(std::chrono::time_point_cast<Duration>(record.time));
}

std::string_view view_of(const spdlog::string_view_t& text) { return {text.data(), text.size()}; }

// ---- text

std::string_view text_label(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug:
      return "DEBUG";
    case spdlog::level::warn:
      return "WARN ";
    case spdlog::level::err:
      return "ERROR";
    default:
      return "INFO ";
  }
}

std::string text_record(const spdlog::details::log_msg& record, std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  std::string line = time_of(record) + ' ';
  line += text_label(record.level);
  line += ' ';
  return line + printable(message, "    ") + '\n';
}

// ---- JSON

std::string_view json_label(spdlog::level::level_enum level) {
  switch (level) {
    case spdlog::level::debug:
      return "debug";
    case spdlog::level::warn:
      return "warn";
    case spdlog::level::err:
      return "error";
    default:
      return "info";
  }
}

std::string json_record(const spdlog::details::log_msg& record, std::string_view message) {
  std::string line = R"({"time":")" + time_of(record) + R"(","level":")";
  line += json_label(record.level);
  line += R"(","message":)" + printable_json(json_quote(message)) + "}\n";
  return line;
}

// ---- where records go

// Standard error may be a pipe that nobody empties. Waiting for room before each piece, of the size
// that a pipe said to be writable takes at once, keeps the daemon alive without making the
// descriptor non-blocking for everybody else who has it open.
class StandardError {
 public:
  void write(std::string_view record) {
    if (dropped_ > 0 && has_room(no_wait)) report_dropped();
    if (dropped_ > 0 || !write_all(record)) ++dropped_;
  }

 private:
  static constexpr int no_wait = 0;
  static constexpr int patience_ms = 500;
  static constexpr std::size_t piece_size = 4096;  // PIPE_BUF of Linux

  static bool has_room(int wait_ms) {
    pollfd fd{STDERR_FILENO, POLLOUT, 0};
    return ::poll(&fd, 1, wait_ms) > 0;
  }

  static bool write_all(std::string_view text) {
    while (!text.empty()) {
      if (!has_room(patience_ms)) return false;
      const ssize_t written =
          ::write(STDERR_FILENO, text.data(), std::min(text.size(), piece_size));
      if (written < 0 && errno != EINTR && errno != EAGAIN) return true;  // closed: nobody to tell
      if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
  }

  // Begins with a line break because the last record may have been cut short.
  void report_dropped() {
    const std::string lines = "\n(" + std::to_string(dropped_) +
                              " log records were dropped: nobody read standard error)\n";
    if (write_all(lines)) dropped_ = 0;
  }

  std::size_t dropped_ = 0;
};

class RecordSink : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit RecordSink(const LogSettings& settings)
      : json_(settings.json), redaction_(settings.redaction), output_(settings.output) {}

 protected:
  void sink_it_(const spdlog::details::log_msg& record) override {
    const std::string message = redaction_(std::string(view_of(record.payload)));
    const std::string line = json_ ? json_record(record, message) : text_record(record, message);
    if (output_) {
      output_(line);
    } else {
      standard_error_.write(line);
    }
  }

  void flush_() override {}

 private:
  const bool json_;
  const Redaction redaction_;
  const LogOutput output_;
  StandardError standard_error_;
};

std::shared_ptr<spdlog::logger> make_logger(const LogSettings& settings) {
  auto logger = std::make_shared<spdlog::logger>("cpab", std::make_shared<RecordSink>(settings));
  logger->set_level(spdlog::level::trace);
  return logger;
}

// Never destroyed: threads may log until the very end of the process.
struct Logging {
  std::mutex mutex;
  std::shared_ptr<spdlog::logger> logger = make_logger({});  // guarded by mutex
  std::atomic<std::int32_t> verbosity{0};
};

Logging& logging() {
  static Logging& the_one = *new Logging;
  return the_one;
}

void log(spdlog::level::level_enum level, std::string_view message) {
  std::shared_ptr<spdlog::logger> logger;
  {
    const std::scoped_lock lock(logging().mutex);
    logger = logging().logger;
  }
  logger->log(level, spdlog::string_view_t(message.data(), message.size()));
}

}  // namespace

void set_up_logging(const LogSettings& settings) {
  auto logger = make_logger(settings);
  const std::scoped_lock lock(logging().mutex);
  logging().logger = std::move(logger);
  logging().verbosity = settings.verbosity;
}

bool verbose(int verbosity) { return logging().verbosity >= verbosity; }

void log_verbose(int verbosity, std::string_view message) {
  if (verbose(verbosity)) log(verbosity > 0 ? spdlog::level::debug : spdlog::level::info, message);
}

void log_info(std::string_view message) { log_verbose(0, message); }

void log_warning(std::string_view message) { log(spdlog::level::warn, message); }

void log_error(std::string_view message) { log(spdlog::level::err, message); }

}  // namespace cpab
