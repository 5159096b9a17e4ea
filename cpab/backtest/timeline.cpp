#include "cpab/backtest/timeline.h"

#include <array>
#include <cstdio>

namespace cpab {

std::string to_csv(const Timeline& timeline) {
  std::string text = "time,load,needed,wanted,pods,ready,served\n";
  std::array<char, 160> row{};
  for (const Sample& sample : timeline) {
    const int size = std::snprintf(row.data(), row.size(), "%s,%.6g,%d,%d,%d,%d,%d\n",
                                   rfc3339_seconds(sample.time).c_str(), sample.load, sample.needed,
                                   sample.wanted, sample.pods, sample.ready, sample.served ? 1 : 0);
    text.append(row.data(), static_cast<std::size_t>(size));
  }
  return text;
}

}  // namespace cpab
