#include "cpab/console/watch_view.h"

#include <algorithm>
#include <array>
#include <cstdio>

#include "cpab/console/chart.h"
#include "cpab/model/number.h"
#include "cpab/model/printable.h"

namespace cpab {
namespace {

using Series = std::vector<std::optional<double>>;

constexpr std::size_t label_width = 10;
constexpr std::size_t number_width = 8;

/// `03:19:29Z` of `2026-11-22T03:19:29.250Z`.
std::string time_of_day(const std::string& time) {
  return time.size() < 19 ? time : time.substr(11, 8) + "Z";
}

std::string one_line(const std::string& text) {
  std::string line = text;
  std::replace(line.begin(), line.end(), '\n', ' ');
  return printable(line, "");
}

/// Gathers lines, cut to the width before they are coloured.
class Frame {
 public:
  explicit Frame(const Terminal& terminal) : terminal_(terminal) {}

  Style style() const { return Style(terminal_.colours); }
  std::size_t columns() const { return terminal_.columns; }
  std::size_t room() const { return terminal_.rows > lines_ + 1 ? terminal_.rows - lines_ - 1 : 0; }

  template <typename Paint>
  void add(const std::string& line, Paint paint) {
    if (room() == 0) return;
    ++lines_;
    text_ += paint(clipped(line, terminal_.columns)) + "\n";
  }

  void add(const std::string& line) {
    add(line, [](const std::string& text) { return text; });
  }

  const std::string& text() const { return text_; }

 private:
  const Terminal& terminal_;
  std::size_t lines_ = 0;
  std::string text_;
};

std::string heading(const StatusView& status) {
  char interval[32];
  std::snprintf(interval, sizeof interval, "%g s", static_cast<double>(status.interval_ms) / 1'000);
  return status.target + "   " + std::to_string(status.minimum) + " to " +
         std::to_string(status.maximum) + " replicas, every " + interval + "   cpab " +
         status.version;
}

void add_state(Frame& frame, const WatchMoment& moment) {
  const Style style = frame.style();
  const auto strong = [&](const std::string& text) { return style.strong(text); };
  const auto notable = [&](const std::string& text) { return style.notable(text); };
  const auto bad = [&](const std::string& text) { return style.bad(text); };
  if (moment.status) {
    const StatusView& status = *moment.status;
    frame.add(one_line(heading(status)), strong);
    if (!status.mode.empty() && status.mode != "active") {
      frame.add(one_line("mode " + status.mode + ": nothing is written"), notable);
    }
    if (!status.override_text.empty()) {
      frame.add(one_line("override: " + status.override_text), notable);
    }
    if (!status.healthy) frame.add("not healthy: the loop has not been heard of for too long", bad);
    if (!status.ready) frame.add("not ready: the target has not been read yet", notable);
  }
  if (!moment.trouble.empty()) frame.add(one_line(moment.trouble), bad);
}

template <typename Value>
Series series_of(const std::deque<DecisionView>& decisions, Value value) {
  Series series;
  for (const DecisionView& decision : decisions) series.push_back(value(decision));
  return series;
}

std::optional<double> as_double(std::optional<std::int64_t> count) {
  return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
}

double highest_of(const Series& series, double at_least) {
  double highest = at_least;
  for (const auto& value : series) highest = std::max(highest, value.value_or(0));
  return highest;
}

std::string number_text(std::optional<double> value) {
  if (!value) return "-";
  char text[32];
  std::snprintf(text, sizeof text, "%.6g", *value);
  return text;
}

void add_series(Frame& frame, const std::string& label, const Series& series, double highest) {
  const std::size_t left = label_width + number_width + 2;
  const std::size_t width = frame.columns() > left ? frame.columns() - left : 0;
  frame.add(padded_right(label, label_width) +
            padded_left(number_text(series.back()), number_width) + "  " +
            sparkline(series, highest, width));
}

/// The numeric value of the only metric.
std::optional<double> measured(const DecisionView& decision) {
  if (decision.metrics.size() != 1) return std::nullopt;
  return number_in(decision.metrics[0].second);
}

void add_charts(Frame& frame, const WatchMoment& moment) {
  const auto& decisions = moment.decisions;
  const Series current = series_of(decisions, [](const auto& d) { return as_double(d.current); });
  const Series desired = series_of(decisions, [](const auto& d) { return as_double(d.desired); });
  const Series wanted = series_of(decisions, [](const auto& d) { return as_double(d.wanted); });
  const Series metric = series_of(decisions, measured);
  // Up to maxReplicas, unless that is so high that nothing could be told apart.
  const double maximum = moment.status ? static_cast<double>(moment.status->maximum) : 1;
  const double highest = highest_of(current, highest_of(wanted, std::min(maximum, 10.0)));
  frame.add("");
  add_series(frame, "replicas", current, highest);
  add_series(frame, "desired", desired, highest);
  add_series(frame, "wanted", wanted, highest);
  const bool plotted = highest_of(metric, 0) > 0;
  if (plotted) add_series(frame, "metric", metric, highest_of(metric, 0));
}

void add_decisions(Frame& frame, const std::deque<DecisionView>& decisions) {
  const Style style = frame.style();
  frame.add("");
  std::for_each(decisions.rbegin(), decisions.rend(), [&](const DecisionView& decision) {
    frame.add(watch_line(decision),
              [&](const std::string& text) { return style.by_action(text, decision.action); });
  });
}

}  // namespace

std::string watch_frame(const WatchMoment& moment, const Terminal& terminal) {
  Frame frame(terminal);
  add_state(frame, moment);
  if (moment.decisions.empty()) {
    if (moment.status) frame.add("No decision has been made yet.");
    return frame.text();
  }
  add_charts(frame, moment);
  add_decisions(frame, moment.decisions);
  return frame.text();
}

std::string watch_line(const DecisionView& decision) {
  return one_line(time_of_day(decision.time) + "  " + decision.message);
}

}  // namespace cpab
