#include "cpab/app/demo_screen.h"

#include <cmath>
#include <cstdio>

#include "cpab/console/chart.h"
#include "cpab/console/terminal.h"

namespace cpab {

std::string demo_bars(const DemoMoment& moment) {
  constexpr std::size_t load_width = 16;
  return "load " + padded_left(std::to_string(std::lround(moment.load)), 3) + "/s " +
         bar(moment.load, moment.highest_load, load_width) + "  replicas " +
         padded_left(std::to_string(moment.replicas), 2) + " " +
         bar(moment.replicas, moment.highest_replicas,
             static_cast<std::size_t>(moment.highest_replicas)) +
         "  " + padded_left(std::to_string(moment.ready), 2) + " ready";
}

void DemoScreen::line(const std::string& text) {
  clear();
  std::printf("%s\n", text.c_str());
  std::fflush(stdout);
}

void DemoScreen::status(const std::string& text) {
  if (!live_) return;
  std::printf("\r\x1b[2K%s", text.c_str());
  std::fflush(stdout);
  status_shown_ = true;
}

void DemoScreen::clear() {
  if (!status_shown_) return;
  std::printf("\r\x1b[2K");
  std::fflush(stdout);
  status_shown_ = false;
}

}  // namespace cpab
