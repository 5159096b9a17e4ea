#include "cpab/backtest/load_csv.h"

#include <cmath>
#include <optional>
#include <sstream>
#include <stdexcept>

#include "cpab/model/instant.h"
#include "cpab/model/number.h"

namespace cpab {
namespace {

[[noreturn]] void fail(std::size_t line, const std::string& problem) {
  throw std::runtime_error("line " + std::to_string(line) + ": " + problem);
}

/// A time in seconds, since 1970 when it is a date, or since whatever zero the file has.
struct RowTime {
  double seconds = 0;
  bool is_date = false;
};

std::optional<RowTime> time_in(const std::string& text) {
  if (const auto number = number_in(text)) return RowTime{*number, false};
  const auto instant = text.ends_with('Z') ? parse_instant(text) : std::nullopt;
  if (!instant) return std::nullopt;
  return RowTime{static_cast<double>(instant->seconds) + instant->nanoseconds * 1e-9, true};
}

Duration milliseconds(double seconds) { return Duration(std::llround(seconds * 1000)); }

/// Collects the rows of one file.
class CsvReader {
 public:
  void read_line(std::string line) {
    ++line_;
    if (line.ends_with('\r')) line.pop_back();
    if (line.empty()) return;
    const std::size_t comma = line.find(',');
    if (comma == std::string::npos) fail(line_, "there is no comma; write timestamp,value");
    const auto time = time_in(line.substr(0, comma));
    const auto value = number_in(line.substr(comma + 1));
    if (!time && !value && !first_) return;  // the header
    if (!time) fail(line_, "the time is neither RFC 3339 in UTC nor a number of seconds");
    if (!value || *value < 0 || *value > 1e15) fail(line_, "the value is no number from 0 to 1e15");
    add(*time, *value);
  }

  RecordedLoad load() {
    if (!first_) throw std::runtime_error("there is no row timestamp,value");
    RecordedLoad load = recorded_load(samples_);
    if (!first_->is_date) load.start.reset();
    return load;
  }

 private:
  void add(const RowTime& time, double value) {
    if (!first_) first_ = time;
    if (time.is_date != first_->is_date) fail(line_, "dates and seconds are mixed");
    const double since = time.seconds - first_->seconds;
    if (since > 1e9) fail(line_, "the time is decades after the first");
    if (!samples_.empty() && since <= last_) fail(line_, "times do not rise");
    last_ = since;
    const double zero = time.is_date ? first_->seconds : 0;
    samples_.insert_or_assign(WallTime(milliseconds(zero) + milliseconds(since)), value);
  }

  std::size_t line_ = 0;
  std::optional<RowTime> first_;
  double last_ = 0;
  LoadSamples samples_;
};

}  // namespace

RecordedLoad parse_load_csv(const std::string& text) {
  CsvReader reader;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) reader.read_line(line);
  return reader.load();
}

}  // namespace cpab
