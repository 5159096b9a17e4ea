#include "cpab/io/contained.h"

#include <unistd.h>

#include <chrono>
#include <cstring>
#include <exception>
#include <string>
#include <thread>

#include "cpab/io/logging.h"

namespace cpab {
namespace {

void write_error(const char* text) noexcept {
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, text, std::strlen(text));
}

void log_failure(const char* what, const char* why) noexcept {
  try {
    log_error(std::string(what) + " failed: " + why);
  } catch (...) {  // there is no memory for a line either
    write_error(what);
    write_error(" failed: there is no memory left\n");
  }
}

}  // namespace

void log_escaped(const char* what) noexcept {
  try {
    throw;
  } catch (const std::exception& error) {
    log_failure(what, error.what());
  } catch (...) {
    log_failure(what, "unknown exception");
  }
}

void pause_for_memory() noexcept { std::this_thread::sleep_for(std::chrono::milliseconds(50)); }

}  // namespace cpab
