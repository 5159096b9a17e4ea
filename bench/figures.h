#pragma once

#include <chrono>
#include <functional>
#include <vector>

namespace bench {

/// Wall time of `work` in milliseconds.
double milliseconds(const std::function<void()>& work);

/// CPU time of all threads of this process so far, children excluded, in milliseconds.
double own_cpu();

/// The value that `share` (0 to 1) of the samples do not exceed; 0 when there are none.
double percentile(std::vector<double> samples, double share);

inline double median(const std::vector<double>& samples) { return percentile(samples, 0.5); }

}  // namespace bench
