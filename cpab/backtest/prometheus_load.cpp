#include "cpab/backtest/prometheus_load.h"

#include <cmath>
#include <stdexcept>

#include "cpab/model/json_text.h"
#include "cpab/model/number.h"

namespace cpab {
namespace {

[[noreturn]] void fail(const std::string& problem) { throw std::runtime_error(problem); }

std::string string_member(std::string_view object, std::string_view key) {
  const auto value = json_member(object, key);
  return value ? json_string(*value).value_or("") : "";
}

/// The time series of a matrix.
std::vector<std::string_view> series_in(std::string_view answer) {
  if (const std::string error = string_member(answer, "error"); !error.empty()) {
    fail("Prometheus answered: " + error);
  }
  const auto data = json_member(answer, "data");
  if (!data) fail("this is no answer of /api/v1/query_range");
  const std::string type = string_member(*data, "resultType");
  if (type != "matrix") {
    fail("the result is a " + (type.empty() ? "thing without type" : type) +
         ", not a matrix; ask /api/v1/query_range with start, end and step");
  }
  return json_elements(json_member(*data, "result").value_or("[]"));
}

/// Adds what the series have measured, time by time.
class SeriesSum {
 public:
  void add(std::string_view series) {
    for (const std::string_view pair :
         json_elements(json_member(series, "values").value_or("[]"))) {
      const auto parts = json_elements(pair);
      if (parts.size() != 2) fail("a value is no pair of time and number");
      add(number_in(parts[0]), number_in(json_string(parts[1]).value_or("")));
    }
    ++series_;
  }

  RecordedLoad load() const {
    if (samples_.empty()) fail("there are no values in it; is the query right, and the time?");
    RecordedLoad load = recorded_load(samples_);
    if (unusable_ > 0) {
      load.remarks.push_back(std::to_string(unusable_) + " of " + std::to_string(values_) +
                             " values are no numbers and left out");
    }
    if (partial() > 0) {
      load.remarks.push_back("at " + std::to_string(partial()) + " of " +
                             std::to_string(samples_.size()) +
                             " times not every series has a value; the sum is of those that have");
    }
    return load;
  }

 private:
  void add(std::optional<double> seconds, std::optional<double> value) {
    constexpr double latest = 4e9;  // in 2096
    if (!seconds || *seconds < 0 || *seconds > latest) fail("a time is no number of seconds");
    ++values_;
    if (!value) {
      ++unusable_;
      return;
    }
    if (*value < 0 || *value > 1e15) fail("a value is not from 0 to 1e15");
    const WallTime time(Duration(std::llround(*seconds * 1000)));
    samples_[time] += *value;
    ++terms_[time];
  }

  std::size_t partial() const {
    std::size_t count = 0;
    for (const auto& [time, terms] : terms_) count += terms < series_ ? 1 : 0;
    return count;
  }

  LoadSamples samples_;
  std::map<WallTime, std::size_t> terms_;  // how many series each sample is the sum of
  std::size_t series_ = 0;
  std::size_t values_ = 0;
  std::size_t unusable_ = 0;
};

}  // namespace

RecordedLoad parse_prometheus_load(const std::string& text, SeveralSeries several) {
  const auto series = series_in(json_value(text));
  if (series.size() > 1 && several == SeveralSeries::refused) {
    fail("there are " + std::to_string(series.size()) +
         " series; put sum() around the query, or add sum: true");
  }
  SeriesSum sum;
  for (const std::string_view each : series) sum.add(each);
  return sum.load();
}

}  // namespace cpab
