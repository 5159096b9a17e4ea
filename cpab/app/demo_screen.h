#pragma once

#include <cstdint>
#include <string>

namespace cpab {

/// What the demo shows of one moment.
struct DemoMoment {
  double load = 0;          ///< requests a second
  double highest_load = 1;  ///< the right end of the bar
  std::int32_t replicas = 0;
  std::int32_t ready = 0;
  std::int32_t highest_replicas = 1;
};

/// `load  312/s ############........  replicas 5 #####...  4 ready`, with block characters.
std::string demo_bars(const DemoMoment& moment);

/// Prints decisions as lines, and on a terminal keeps one live line below them.
class DemoScreen {
 public:
  /// `live`: standard output is a terminal.
  explicit DemoScreen(bool live) : live_(live) {}
  ~DemoScreen() { clear(); }

  DemoScreen(const DemoScreen&) = delete;
  DemoScreen& operator=(const DemoScreen&) = delete;

  /// A line that stays.
  void line(const std::string& text);

  /// Replaces the live line; without a terminal nothing is shown.
  void status(const std::string& text);

 private:
  void clear();

  const bool live_;
  bool status_shown_ = false;
};

}  // namespace cpab
