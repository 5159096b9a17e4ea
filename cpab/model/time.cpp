#include "cpab/model/time.h"

#include <array>
#include <cstdio>
#include <ctime>

namespace cpab {
namespace {

std::tm utc(WallTime time) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

std::string format(const char* pattern, const std::tm& parts) {
  std::array<char, 64> text{};
  return {text.data(), std::strftime(text.data(), text.size(), pattern, &parts)};
}

}  // namespace

std::string rfc3339(WallTime time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  std::array<char, 8> fraction{};
  std::snprintf(fraction.data(), fraction.size(), ".%03dZ",
                static_cast<int>((time - whole).count()));
  return format("%Y-%m-%dT%H:%M:%S", utc(time)) + fraction.data();
}

std::string rfc3339_seconds(WallTime time) { return format("%Y-%m-%dT%H:%M:%SZ", utc(time)); }

std::string time_of_day(WallTime time) { return format("%H:%M:%SZ", utc(time)); }

}  // namespace cpab
