#include "cpab/console/chart.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace cpab {
namespace {

std::string repeated(std::string_view piece, std::size_t count) {
  std::string text;
  for (std::size_t i = 0; i < count; ++i) text += piece;
  return text;
}

double share(double value, double highest) {
  return highest > 0 ? std::clamp(value / highest, 0.0, 1.0) : 0.0;
}

}  // namespace

std::string bar(double value, double highest, std::size_t width) {
  const auto filled =
      static_cast<std::size_t>(std::lround(share(value, highest) * static_cast<double>(width)));
  return repeated("█", filled) + repeated("░", width - filled);
}

std::string sparkline(const std::vector<std::optional<double>>& values, double highest,
                      std::size_t width) {
  static constexpr std::array<std::string_view, 9> levels = {"▁", "▁", "▂", "▃", "▄",
                                                             "▅", "▆", "▇", "█"};
  std::string text;
  const std::size_t shown = std::min(width, values.size());
  for (auto value = values.end() - static_cast<std::ptrdiff_t>(shown); value != values.end();
       ++value) {
    const double level = std::round(share(value->value_or(0), highest) * (levels.size() - 1));
    text += *value ? levels[static_cast<std::size_t>(level)] : " ";
  }
  return text;
}

}  // namespace cpab
