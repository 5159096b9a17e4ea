#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cpab {

/// Names and values that tell the series of a metric apart.
using MetricLabels = std::vector<std::pair<std::string, std::string>>;

enum class MetricType { counter, gauge, histogram };

/// All series of one name. Names and help follow Prometheus' conventions: the unit is part of the
/// name, and counters end in `_total`.
struct MetricFamily {
  std::string name;
  MetricType type = MetricType::gauge;
  std::string help;
  std::vector<double> buckets = {};  ///< of a histogram: upper bounds, ascending, without +Inf
};

/// What is counted and measured, for Prometheus to read. Safe to use from any thread. Names that
/// are no family's throw std::out_of_range.
class MetricRegistry {
 public:
  /// A family does not grow beyond this many series: what would be a new one is dropped. Labels are
  /// to be chosen from few values; this is for the case that they were not.
  static constexpr std::size_t max_series = 200;

  /// `common` is put in front of the labels of each series whose name begins with `prefix`.
  MetricRegistry(std::vector<MetricFamily> families, const MetricLabels& common,
                 std::string prefix);

  /// Counts.
  void add(const std::string& name, const MetricLabels& labels = {}, double amount = 1);

  /// Replaces what a gauge, or a counter that is kept elsewhere, says.
  void set(const std::string& name, const MetricLabels& labels, double value);

  /// Makes all series of a gauge say 0.
  void set_all_to_zero(const std::string& name);

  /// Adds one reading to a histogram.
  void observe(const std::string& name, const MetricLabels& labels, double value);

  /// Everything in the text format 0.0.4, families in the order they were given in. Families
  /// without a series are left out.
  std::string text() const;

 private:
  struct Series {
    double value = 0;                    // of a histogram: the sum
    std::uint64_t count = 0;             // of a histogram
    std::vector<std::uint64_t> buckets;  // of a histogram, not cumulated; the last is +Inf
  };
  struct Entry {
    MetricFamily family;
    std::map<std::string, Series> series;  // by their labels as text
  };

  Entry& entry(const std::string& name) { return entries_.at(positions_.at(name)); }
  std::string label_text(const std::string& name, const MetricLabels& labels) const;
  Series* series(const std::string& name, const MetricLabels& labels);
  static void append_series(std::string& text, const MetricFamily& family,
                            const std::string& labels, const Series& series);

  const std::string common_;  // as text
  const std::string prefix_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;                    // guarded by mutex_
  std::map<std::string, std::size_t> positions_;  // of the names in entries_
};

}  // namespace cpab
