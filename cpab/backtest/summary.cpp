#include "cpab/backtest/summary.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "cpab/backtest/measures.h"

namespace cpab {
namespace {

std::string text_of(double value) {
  std::array<char, 40> text{};
  const bool whole = std::abs(value) < 1e9 && std::nearbyint(value) == value;
  std::snprintf(text.data(), text.size(), whole ? "%.0f" : "%.4f", value);
  return text.data();
}

constexpr std::size_t name_width = 29;
constexpr std::size_t value_width = 12;

std::string padded(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

/// In the column of a summary.
std::string cell(const std::string& text, const NamedSummary& column) {
  return "  " + padded(text, std::max(value_width, column.name.size()));
}

/// And whether that is better, where it is clear.
std::string difference(const std::string& name, double first, double second) {
  const double change = second - first;
  const std::string text = padded((change > 0 ? "+" : "") + text_of(change), value_width + 2);
  if (change == 0 || !measure_of(name).lower_is_better) return text;
  return text + (change < 0 ? "  better" : "  worse");
}

/// Adds up what one sample after the other tells. The samples outlive it.
class Tally {
 public:
  explicit Tally(double every) : every_(every) {}

  void add(const Sample& sample) {
    seconds_ += every_;
    pod_seconds_ += every_ * sample.pods;
    needed_seconds_ += every_ * sample.needed;
    highest_ = std::max(highest_, sample.pods);
    add_service(sample);
    add_provision(sample);
    if (last_ != nullptr) add_change(*last_, sample);
    add_lag(sample);
    last_ = &sample;
  }

  Summary summary(const CycleCounts& cycles) {
    end_lag();  // of what is not ready at the end
    const double all = std::max(seconds_, 1e-9);
    const double hour = 3600;
    return {{"sloViolationShare", violated_ / all},
            {"sloViolationLongestSeconds", longest_violation_},
            {"podHours", pod_seconds_ / hour},
            {"neededPodHours", needed_seconds_ / hour},
            {"underProvisionedShare", under_time_ / all},
            {"overProvisionedShare", over_time_ / all},
            {"underProvisioningAccuracy", relative_under_ / all},
            {"overProvisioningAccuracy", relative_over_ / all},
            {"underProvisionedPodHours", under_area_ / hour},
            {"overProvisionedPodHours", over_area_ / hour},
            {"maxReplicas", static_cast<double>(highest_)},
            {"scaleUps", static_cast<double>(ups_)},
            {"scaleDowns", static_cast<double>(downs_)},
            {"reversals", static_cast<double>(reversals_)},
            {"jitterPerHour", static_cast<double>(ready_changes_ - needed_changes_) / all * hour},
            {"readyLagMeanSeconds", lags_ > 0 ? lag_sum_ / static_cast<double>(lags_) : 0},
            {"readyLagMaxSeconds", lag_max_},
            {"cycles", static_cast<double>(cycles.all)},
            {"cyclesFailed", static_cast<double>(cycles.failed)},
            {"cyclesFailedWithoutFault", static_cast<double>(cycles.failed_without_fault)},
            {"cyclesHeld", static_cast<double>(cycles.held)},
            {"cyclesScaled", static_cast<double>(cycles.scaled)}};
  }

 private:
  void add_service(const Sample& sample) {
    violation_ = sample.served ? 0 : violation_ + every_;
    if (!sample.served) violated_ += every_;
    longest_violation_ = std::max(longest_violation_, violation_);
  }

  /// Where nothing is needed, what is there counts as whole replicas too many.
  void add_provision(const Sample& sample) {
    const double missing = std::max(sample.needed - sample.ready, 0);
    const double surplus = std::max(sample.ready - sample.needed, 0);
    const double reference = std::max(sample.needed, 1);
    under_time_ += missing > 0 ? every_ : 0;
    over_time_ += surplus > 0 ? every_ : 0;
    under_area_ += missing * every_;
    over_area_ += surplus * every_;
    relative_under_ += missing / reference * every_;
    relative_over_ += surplus / reference * every_;
  }

  void add_change(const Sample& before, const Sample& sample) {
    ready_changes_ += sample.ready != before.ready ? 1 : 0;
    needed_changes_ += sample.needed != before.needed ? 1 : 0;
    if (sample.wanted == before.wanted) return;
    const int direction = sample.wanted > before.wanted ? 1 : -1;
    (direction > 0 ? ups_ : downs_) += 1;
    if (direction == -last_direction_) ++reversals_;
    last_direction_ = direction;
  }

  /// From the moment more is wanted than is ready until it is ready.
  void add_lag(const Sample& sample) {
    if (sample.ready < sample.wanted) {
      lag_ += every_;
      return;
    }
    end_lag();
  }

  void end_lag() {
    if (lag_ <= 0) return;
    lag_sum_ += lag_;
    lag_max_ = std::max(lag_max_, lag_);
    ++lags_;
    lag_ = 0;
  }

  const double every_;
  const Sample* last_ = nullptr;
  double seconds_ = 0, pod_seconds_ = 0, needed_seconds_ = 0;
  double violated_ = 0, violation_ = 0, longest_violation_ = 0;
  double under_time_ = 0, over_time_ = 0, under_area_ = 0, over_area_ = 0;
  double relative_under_ = 0, relative_over_ = 0;
  double lag_ = 0, lag_sum_ = 0, lag_max_ = 0;
  std::int32_t highest_ = 0;
  std::int64_t ups_ = 0, downs_ = 0, reversals_ = 0, lags_ = 0;
  std::int64_t ready_changes_ = 0, needed_changes_ = 0;
  int last_direction_ = 0;  // of the wanted count: 1 up, -1 down, 0 none yet
};

}  // namespace

Summary summarize(const Timeline& timeline, Duration every, const CycleCounts& cycles) {
  Tally tally(std::chrono::duration<double>(every).count());
  for (const Sample& sample : timeline) tally.add(sample);
  return tally.summary(cycles);
}

std::string to_json(const Summary& summary) {
  std::string json = "{";
  for (const auto& [name, value] : summary) {
    json += (json.size() > 1 ? ",\n \"" : "\n \"") + name + "\": " + text_of(value);
  }
  return json + "\n}\n";
}

std::string to_table(const std::vector<NamedSummary>& summaries) {
  const bool compares = summaries.size() > 1;
  std::string table;
  if (compares) {
    table = padded("", name_width);
    for (const NamedSummary& one : summaries) table += cell(one.name, one);
    table += "    difference\n";
  }
  for (std::size_t i = 0; i < summaries.front().summary.size(); ++i) {
    const std::string& name = summaries.front().summary[i].first;
    table += "  " + name + std::string(name_width - std::min(name_width, name.size() + 2), ' ');
    for (const NamedSummary& one : summaries) table += cell(text_of(one.summary[i].second), one);
    if (compares) {
      table += difference(name, summaries[0].summary[i].second, summaries[1].summary[i].second);
    }
    table += "\n";
  }
  return table;
}

}  // namespace cpab
